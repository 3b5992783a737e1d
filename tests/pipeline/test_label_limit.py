"""Labels that are too long."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from made.samples import Run, Words, arrow, ask, count_into, text, write_jsonl

from tokaudit.audit.explain import explain
from tokaudit.cli.progress import ProgressReport
from tokaudit.core.batches import BadRecord, PageBatch, TextBatch
from tokaudit.core.extraction import Extraction
from tokaudit.pipeline.label_limit import within_limit
from tokaudit.pipeline.verify import verify

LABELS = {"name": "name"}
NAMES = ["a", "x" * 101, None, "é" * 50, "é" * 51]


def test_a_document_with_a_label_over_the_limit_is_a_bad_record() -> None:
    labels = {"a": pa.array(["", *NAMES], pa.string()).slice(1), "b": pa.array(["b"] * 5, pa.string())}
    batch = TextBatch(arrow(list("vwxyz")), np.arange(5), pa.array([0, 9, None, 30, 40]), labels)
    *bad, kept = within_limit([batch], 100)

    assert isinstance(kept, TextBatch)
    assert kept.text.to_pylist() == ["v", "x", "y"]
    assert kept.ordinal.tolist() == [0, 2, 3]
    assert kept.offset.to_pylist() == [0, None, 30]
    assert kept.labels["a"].to_pylist() == ["a", None, "é" * 50]
    assert [(each.ordinal, each.offset, each.code) for each in bad if isinstance(each, BadRecord)] == [
        (1, 9, "label_too_long"),
        (4, 40, "label_too_long"),
    ]


def test_a_batch_without_long_labels_stays_as_it_is() -> None:
    batch = TextBatch(arrow(["a"]), np.arange(1), pa.array([0]), {"a": pa.array(["x"], pa.string())})
    bad = BadRecord(1, None, "malformed", "is bad")

    assert [each is wanted for each, wanted in zip(within_limit([batch, bad], 1), [batch, bad], strict=True)] == [
        True,
        True,
    ]


def test_pages_with_a_long_label_are_bad_records_too() -> None:
    pages = PageBatch(
        pa.array([b"<p>a", b"<p>b"], pa.large_binary()),
        np.zeros(2, np.uint8),
        pa.array([None, "utf-8"], pa.string()),
        Extraction(),
        np.arange(2),
        pa.array([0, 5]),
        {"url": pa.array(["u" * 9, "u"], pa.string())},
    )
    bad, kept = within_limit([pages], 8)

    assert isinstance(bad, BadRecord)
    assert isinstance(kept, PageBatch)
    assert (bad.ordinal, kept.pages.to_pylist(), kept.charset.to_pylist()) == (0, [b"<p>b"], ["utf-8"])


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog of documents of which two have a label that is too long."""
    file = write_jsonl(tmp_path / "s" / "a.jsonl", [text(seed) for seed in range(5)], name=NAMES)
    assert file.read_bytes().count(b"\n") == 5
    count_into(tmp_path / "x.duckdb", tmp_path / "s", "web", labels=LABELS, limits=("label=100B",))
    return tmp_path / "x.duckdb"


def test_long_labels_are_listed_with_place_and_reason(catalog: Path) -> None:
    found = ask(catalog, "select ordinal, code, why from bad_records order by 1")

    assert [(ordinal, code) for ordinal, code, _ in found] == [(1, "label_too_long"), (4, "label_too_long")]
    assert found[0][2] == (
        "its label 'name' has 101 bytes, more than 100: name another field with --label, or pass --limit label=SIZE"
    )
    assert ask(catalog, "select ordinal from documents order by 1") == [(0,), (2,), (3,)]


def test_a_catalog_with_long_labels_is_verified_without_difference(catalog: Path) -> None:
    with ProgressReport(quiet=True) as report:
        assert verify(catalog, None, 1.0, 1, report).differences == []


def test_a_raised_limit_counts_documents_with_long_labels(catalog: Path) -> None:
    again = count_into(catalog, catalog.parent / "s", "web", labels=LABELS, limits=("label=1kB",))

    assert (again.documents, again.bad_records) == (5, 0)
    assert max(len(value) for (value,) in ask(catalog, "select value from labels")) == 101


def test_further_tokens_are_added_where_labels_were_too_long(catalog: Path) -> None:
    added = count_into(
        catalog, catalog.parent / "s", "web", labels=LABELS, limits=("label=100B",), counters=[Words("letters", "1")]
    )

    assert (added.documents, added.bad_records) == (3, 2)


def test_a_label_of_more_than_eight_kibibytes_is_too_long_by_default(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "s" / "a.jsonl", [text(0), text(1)], name=["x" * 8192, "x" * 8193])
    done = count_into(tmp_path / "x.duckdb", tmp_path / "s", "web", labels=LABELS)

    assert (done.documents, done.bad_records, done.complete) == (1, 1, False)


def test_a_long_label_stops_an_ingest_that_is_to_stop(run: Run, tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "a.jsonl", [text(0)], name=["x" * 8193])
    done = run("ingest", file, "--domain", "web", "--label", "name=name", code=3)

    assert "its label 'name' has 8,193 bytes, more than 8,192: name another field" in done.err
    assert run("ingest", file, "--domain", "web", "--label", "name=name", "--limit", "label=9kB").code == 0


def test_the_code_of_a_long_label_is_explained() -> None:
    assert "--limit label=SIZE" in str(explain("label_too_long"))
