"""Web pages: crawls and texts, without cleaning."""

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
def test_a_file_that_no_reader_claims_is_left_out_as_unknown(tmp_path: Path, name: str) -> None:
    assert choose(tmp_path, name) == (None, "unknown_format")


def test_json_is_counted_if_it_contains_objects(tmp_path: Path) -> None:
    assert choose(tmp_path, "lines.json", b'{"text": "a"}\n{"text": "b"}\n') == ("jsonl", None)
    assert choose(tmp_path, "list.json", b'[\n{"text": "a"}\n]') == ("json", None)
    assert choose(tmp_path, "object.json", b'{\n"text": "a"\n}') == ("json", None)
    assert choose(tmp_path, "numbers.json", b"[1, 2]") == (None, "unknown_format")


def test_pages_are_not_cleaned_and_have_no_labels(tmp_path: Path) -> None:
    assert INGESTER.cleaning == ()
    assert INGESTER.labels(InputFile(str(tmp_path / "x.md"), "x.md", 0, "")) == {}
