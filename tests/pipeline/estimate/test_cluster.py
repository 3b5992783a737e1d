"""The model of what an ingest takes on a cluster."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.samples import Run, text, write_jsonl

from tokaudit.catalog.most_texts import MOST_TEXTS
from tokaudit.pipeline.estimate.cluster import Cluster, ClusterNeed, Corpus, cluster_need

ONE = Cluster(1, 2, 2**30)


def need(documents: float, core_seconds: float = 100.0, cluster: Cluster = ONE, distinct: float = 0.9) -> ClusterNeed:
    """What a corpus of so many documents takes."""
    return cluster_need(Corpus(documents, distinct, core_seconds), cluster)


def test_an_ingest_of_a_million_documents_took_what_is_said() -> None:
    # 1,000,000 documents of 275 bytes, 9.6 seconds of a core to measure them, Ray on two cores: 17.1 s in all.
    assert need(1e6, 9.6, distinct=1.0).elapsed == pytest.approx(17.1, rel=0.15)


@given(st.floats(1e3, 1e11), st.integers(1, 500), st.integers(1, 256))
def test_more_nodes_take_no_longer_and_what_one_process_does_stays(documents: float, nodes: int, cores: int) -> None:
    few, many = (need(documents, documents / 1e4, Cluster(nodes * by, cores, 1)) for by in (1, 2))

    assert many.elapsed <= few.elapsed
    assert (many.seconds["counting"], many.seconds["grouping"]) == (few.seconds["counting"], few.seconds["grouping"])
    assert many.seconds["measuring"] == pytest.approx(few.seconds["measuring"] / 2)


@given(st.floats(1e3, 1e12))
def test_there_are_as_many_catalogs_as_the_texts_need(documents: float) -> None:
    found = need(documents)

    assert (found.catalogs - 1) * MOST_TEXTS < documents <= found.catalogs * MOST_TEXTS * (1 + 1e-12)


def test_what_is_looked_through_grows_with_the_square_of_the_texts() -> None:
    few, many = need(64e6).shuffle_bytes, need(1024e6).shuffle_bytes

    assert 150 < many / few < 256


def test_the_driver_is_the_bottleneck_once_there_are_many_cores() -> None:
    assert need(1e7, 1e4).bottleneck == "measuring"
    assert need(1e7, 1e4, Cluster(64, 64, 1)).bottleneck == "counting"


def test_estimate_adds_rows_of_a_cluster(run: Run) -> None:
    path = write_jsonl(Path("a.jsonl"), [text(0)])
    plain = run("estimate", path, "--domain", "web", "--json").json["rows"]
    rows = run("estimate", path, "--domain", "web", "--engine", "ray", "--nodes", 3, "--cores", 4, "--json").json[
        "rows"
    ]
    added = {row["quantity"]: row for row in rows[len(plain) :]}

    assert [row["quantity"] for row in rows[: len(plain)]] == [row["quantity"] for row in plain]
    assert list(added) == [
        *("cluster_seconds", "machine_hours", "bottleneck_seconds", "work_bytes", "shuffle_bytes"),
        *("node_memory_bytes", "driver_memory_bytes", "catalogs"),
    ]
    assert added["cluster_seconds"]["basis"] == "3 nodes of 4 cores"
    assert added["node_memory_bytes"]["value"] == 4 * 2**30


def test_nodes_without_an_engine_for_them_are_refused(run: Run) -> None:
    path = write_jsonl(Path("a.jsonl"), [text(0)])
    refused = run("estimate", path, "--domain", "web", "--nodes", 3, code=2)

    assert "--nodes and --cores describe a cluster; pass --engine ray, too" in refused.err
