"""Samples of files that contain several documents, against what an ingest counts."""

from pathlib import Path

import pytest
from made.containers import CONTAINERS, tar, write_container
from made.samples import count_into, text

from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.estimate.sampling import Stratum, documents_of, take_sample, text_of
from tokaudit.pipeline.select import Selection, select
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.options import ReadOptions


def sampled(folder: Path, domain: str) -> list[Stratum]:
    """A sample of what an ingest of the folder would count."""
    ingester = ingester_of(domain)
    selected, _ = select(Selection((str(folder),)), ingester)
    return take_sample(selected, TextFields(), ReadOptions(members=ingester))


def numbers(strata: list[Stratum]) -> tuple[int, int]:
    """Documents and bytes of text."""
    return round(documents_of(strata).value), round(text_of(strata).value)


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_small_container_is_known_exactly(tmp_path: Path, name: str) -> None:
    texts = [text(seed) for seed in range(6)]
    write_container(tmp_path / "s", name, texts)

    assert numbers(sampled(tmp_path / "s", "web")) == (6, sum(len(one.encode()) for one in texts))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.zip", "a.csv", "a.json", "notebooks.zip"])
def test_a_part_of_a_large_container_tells_of_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("tokaudit.pipeline.estimate.sampling.SAMPLE_BYTES", 1 << 20)
    texts = [text(seed, 400 + seed % 7 * 200) for seed in range(900)]
    write_container(tmp_path / "s", name, texts)
    strata = sampled(tmp_path / "s", "web")
    documents, size = numbers(strata)

    assert sum(stratum.read_bytes for stratum in strata) < 0.8 * sum(map(len, texts))
    assert documents == pytest.approx(900, rel=0.25)
    assert size == pytest.approx(sum(map(len, texts)), rel=0.25)


@pytest.mark.slow
def test_members_of_a_source_tree_are_chosen_as_for_an_ingest(tmp_path: Path) -> None:
    members = {
        "r/a.py": text(0),
        "r/b.csv": "a,b\n1,2\n",
        "r/c.json": '{"name": "x"}',
        "r/d.png": "\0",
        "r/LICENSE": text(1),
    }
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.tar").write_bytes(tar({name: data.encode() for name, data in members.items()}))
    counted = count_into(tmp_path / "x.duckdb", tmp_path / "s", "code")

    assert numbers(sampled(tmp_path / "s", "code")) == (counted.documents, counted.bytes)
