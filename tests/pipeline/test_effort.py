"""The work that files are."""

import pytest

from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.effort import grouping_work, work_of, work_per_byte
from tokaudit.readers.files import InputFile


def task(name: str, size: int, reader: str = "jsonl") -> FileTask:
    return FileTask(InputFile(f"/c/{name}", name, size, "1"), reader, None, {})


@pytest.mark.parametrize(
    ("name", "reader", "work"),
    [
        ("a.jsonl", "jsonl", 1),
        ("a.jsonl.ZST", "jsonl", 3.3),
        ("a.txt.gz", "text", 3.3),
        ("a.parquet", "parquet", 2.3),
        ("a.csv", "csv", 1.2),
        ("a.tar", "tar", 1.5),
        ("a.tar.gz", "tar", pytest.approx(4.95)),
        ("A.TGZ", "tar", pytest.approx(4.95)),
        ("a.zip", "zip", 4.5),
    ],
)
def test_a_compressed_byte_is_more_work(name: str, reader: str, work: float) -> None:
    assert work_per_byte(task(name, 10, reader)) == work


def test_an_empty_file_is_work_too() -> None:
    assert 0 < work_of(task("a.jsonl", 0)) < work_of(task("a.jsonl", 1))
    assert sum(work_of(task("a.jsonl", 1_000)) for _ in range(1_000)) > 2 * work_of(task("a.jsonl", 1_000_000))


def test_similar_texts_and_compressed_files_add_to_the_grouping() -> None:
    plain, packed = task("a.jsonl", 10), task("a.jsonl.zst", 10)

    assert grouping_work(plain, 1e6, 0, 0) == 0
    assert grouping_work(plain, 1e6, 10, 500) == grouping_work(plain, 2e6, 10, 500) == 1_500
    assert grouping_work(packed, 1e6, 0, 0) == 0.15e6
    assert grouping_work(task("a.zip", 10, "zip"), 1e6, 0, 0) == 0.15e6
    assert grouping_work(task("a.tar", 10, "tar"), 1e6, 0, 0) == 0
