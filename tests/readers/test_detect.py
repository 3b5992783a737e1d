"""Detecting the reader of a file: its name decides, then its content."""

from collections.abc import Callable

import pytest

from tokaudit.readers.detect import detect, reader_by_name
from tokaudit.readers.files import InputFile

Stored = Callable[[str, bytes], InputFile]


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a.jsonl", "jsonl"),
        ("a.JSONL", "jsonl"),
        ("a.ndjson.zst", "jsonl"),
        ("a.jsonl.gz", "jsonl"),
        ("a.parquet", "parquet"),
        ("a.md", "text"),
        ("a.txt.xz", "text"),
        ("a.unheard", None),
        ("jsonl", None),
    ],
)
def test_a_suffix_decides_on_the_reader_compressed_or_not(name: str, reader: str | None) -> None:
    assert reader_by_name(name) == reader


def test_a_known_suffix_decides_whatever_the_content(stored: Stored) -> None:
    assert detect(stored("a.parquet", b'{"text":"a"}')) == "parquet"


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (b"PAR1\x15\0\0\0", "parquet"),
        (b'{"text":"a"}\n{"text":"b"}\n', "jsonl"),
        (b'\xef\xbb\xbf \n {"text":"a"}', "jsonl"),
        (b'{"text":"' + b"a" * 100_000, "jsonl"),
        (b"{\n  margin: 0;\n}", "text"),
        (b"{" + b"a" * 100_000, "text"),
        (b"import os\n", "text"),
        (b"", "text"),
        (b"\0\0", "text"),
        (b"\x1f\x8b\x08\0", "text"),
    ],
)
def test_the_first_bytes_decide_if_the_name_is_unknown(stored: Stored, data: bytes, reader: str) -> None:
    assert detect(stored("a.unheard", data)) == reader


def test_a_split_of_a_dataset_is_read_by_hub() -> None:
    assert detect(InputFile("hub://org/name:default:train@0", "x", 0, "")) == "hub"


def test_detecting_a_missing_file_does_not_raise() -> None:
    assert detect(InputFile("/no/such/file", "x", 0, "")) == "text"
