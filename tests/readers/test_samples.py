"""Samples of a file estimate the content of the whole file."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.samples import text, write_jsonl

from tokaudit.core.batches import TextBatch
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.paths.listing import expand
from tokaudit.readers.samples import WINDOW_BYTES, FileSample

BUDGET = 4 * WINDOW_BYTES


def taken(path: Path, reader: str, budget: int = BUDGET) -> list[FileSample]:
    ((file,), _) = expand([str(path)])
    return list(READERS.get(reader).sample(file, budget, ReadOptions(batch_bytes=100_000)))


def texts(number: int) -> list[str]:
    """Texts that are short in the first half and long in the second, so that the start differs from the end."""
    return [f"{place} " + "word " * (20 if place < number // 2 else 200) for place in range(number)]


def test_a_small_file_is_one_whole_sample(tmp_path: Path) -> None:
    (sample,) = taken(write_jsonl(tmp_path / "a.jsonl", ["ab", "", "é"]), "jsonl")

    assert (sample.documents, sample.text_bytes, sample.longest, sample.whole, sample.bad) == (3, 4, 2, True, 0)
    assert sample.stored == (tmp_path / "a.jsonl").stat().st_size


def test_windows_are_spread_over_a_large_file(tmp_path: Path) -> None:
    given = texts(10_000)
    path = write_jsonl(tmp_path / "a.jsonl", given)
    found = taken(path, "jsonl", 10 * WINDOW_BYTES)
    share = sum(sample.stored for sample in found) / path.stat().st_size

    assert len(found) == 10
    assert not any(sample.whole for sample in found)
    assert share < 0.6
    assert sum(sample.documents for sample in found) / share == pytest.approx(len(given), rel=0.4)
    assert sum(sample.text_bytes for sample in found) / share == pytest.approx(sum(map(len, given)), rel=0.05)
    read = {
        one.as_py()
        for sample in found
        for batch in sample.batches
        if isinstance(batch, TextBatch)
        for one in batch.text
    }
    assert read < set(given)
    assert {len(one) < 200 for one in read} == {True, False}


@pytest.mark.slow
def test_a_compressed_file_is_sampled_at_its_start(tmp_path: Path) -> None:
    given = [text(seed) for seed in range(6_000)]
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps({"text": one}) + "\n" for one in given).encode()))
    (sample,) = taken(path, "jsonl")
    share = sample.stored / path.stat().st_size

    assert share < 0.6
    assert sample.documents / share == pytest.approx(len(given), rel=0.2)
    assert sample.text_bytes / share == pytest.approx(sum(map(len, given)), rel=0.2)


@pytest.mark.parametrize("reader", ["text", "jsonl"])
def test_a_large_file_that_unpacks_to_nothing_is_empty(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"") * (WINDOW_BYTES // 10))
    (sample,) = taken(path, reader)

    assert (sample.documents, sample.text_bytes, sample.whole, sample.bad) == (0, 0, True, 0)
    assert sample.stored == path.stat().st_size


@pytest.mark.slow
def test_the_parquet_footer_counts_rows_that_are_not_read(tmp_path: Path) -> None:
    given = [text(seed, 20 if seed < 2_000 else 200) for seed in range(4_000)]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": range(len(given)), "text": given}), path)
    (sample,) = taken(path, "parquet")

    assert sample.documents == len(given)
    assert sample.text_bytes == pytest.approx(sum(map(len, given)), rel=0.02)
    assert sample.stored == path.stat().st_size
    assert sample.read_bytes < sample.text_bytes


@pytest.mark.parametrize("end", ["", "\n"])
def test_the_size_of_a_very_long_line_is_estimated(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "word " * 400_000}) + end)
    found = taken(path, "jsonl")

    assert sum(sample.text_bytes for sample in found) / sum(sample.stored for sample in found) == 1
    share = sum(sample.stored for sample in found) / path.stat().st_size
    assert sum(sample.documents for sample in found) / share == pytest.approx(1)
    assert max(sample.longest for sample in found) == pytest.approx(2_000_000, rel=0.5)


def test_a_large_text_is_one_document_of_its_size(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("wörd " * 400_000)
    found = taken(tmp_path / "a.txt", "text")
    share = sum(sample.stored for sample in found) / (tmp_path / "a.txt").stat().st_size

    assert sum(sample.documents for sample in found) / share == pytest.approx(1)
    assert {sample.longest for sample in found} == {(tmp_path / "a.txt").stat().st_size}


@pytest.mark.slow
def test_bad_records_are_counted(tmp_path: Path) -> None:
    (sample,) = taken(write_jsonl(tmp_path / "a.jsonl", ["a", 1, "b"]), "jsonl")  # type: ignore[list-item]
    assert (sample.documents, sample.bad) == (2, 1)

    large = write_jsonl(tmp_path / "b.jsonl", texts(2_000))
    large.write_bytes(large.read_bytes() + b"nothing\n" * 100_000)
    assert sum(sample.bad for sample in taken(large, "jsonl")) > 1

    cut = tmp_path / "c.jsonl.gz"
    cut.write_bytes(gzip.compress("".join(text(seed) for seed in range(1_000)).encode(), 1)[: WINDOW_BYTES + 50])
    assert [sample.bad for sample in taken(cut, "jsonl", 100_000_000)] == [1]
