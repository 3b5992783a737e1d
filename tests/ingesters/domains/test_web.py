"""Web pages: crawls and texts, without cleaning."""

import gzip
from pathlib import Path

import pytest

from tokaudit.ingesters.domains.web import INGESTER
from tokaudit.readers.files import InputFile


def choose(folder: Path, name: str, content: bytes = b"text") -> tuple[str | None, str | None]:
    (folder / name).write_bytes(content)
    chosen = INGESTER.choose(InputFile(str(folder / name), name, len(content), ""))
    return chosen.reader, chosen.left_out


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("x.jsonl", "jsonl"),
        ("x.JSONL.GZ", "jsonl"),
        ("x.ndjson.zst", "jsonl"),
        ("x.parquet", "parquet"),
        ("x.md", "text"),
        ("x.txt.xz", "text"),
    ],
)
def test_crawls_and_texts_are_recognised_by_their_names(tmp_path: Path, name: str, reader: str) -> None:
    assert choose(tmp_path, name) == (reader, None)


@pytest.mark.parametrize("name", ["x.unheard", "x", "x.unheard.gz", "x.gz", "README"])
def test_text_of_unknown_suffix_is_left_out_as_unclaimed(tmp_path: Path, name: str) -> None:
    assert choose(tmp_path, name) == (None, "unclaimed")


@pytest.mark.parametrize(
    ("content", "chosen"),
    [
        (b'{"text": "a"}\n{"text": "b"}\n', ("jsonl", None)),
        (b'[\n{"text": "a"}\n]', ("json", None)),
        (b'{\n"text": "a"\n}', ("json", None)),
        (b"[1, 2]", (None, "unclaimed")),
        (b"\0\1\2", (None, "binary")),
        (b"", ("text", None)),
    ],
)
@pytest.mark.parametrize("name", ["x.json", "x.json.gz", "wiki_00", "x.unheard"])
def test_the_first_bytes_decide_under_a_name_that_is_not_claimed(
    tmp_path: Path, name: str, content: bytes, chosen: tuple[str | None, str | None]
) -> None:
    assert choose(tmp_path, name, gzip.compress(content) if name.endswith(".gz") else content) == chosen


def test_pages_are_not_cleaned_and_have_no_labels(tmp_path: Path) -> None:
    assert INGESTER.cleaning == ()
    assert INGESTER.labels(InputFile(str(tmp_path / "x.md"), "x.md", 0, "")) == {}
