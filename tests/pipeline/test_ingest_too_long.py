"""A document that is too long for a tokenizer and can't be cut is a bad record; the others count."""

from pathlib import Path
from typing import Any

import pytest
import tokenizers
from made.samples import Run, write_jsonl
from tokenizers import models

from tokaudit.measure.tokenizers.protocol import LONGEST

WORDS = "a b " * (LONGEST // 4 + 1)  # can be cut at every blank
WORD = "x" * (LONGEST + 1)


@pytest.fixture
def sees_all(tmp_path: Path) -> Path:
    """A vocabulary that sees the whole text, so that it can't be cut."""
    tokenizer = tokenizers.Tokenizer(models.BPE({"a": 0, "b": 1, " ": 2, "x": 3}, []))
    tokenizer.save(str(tmp_path / "sees_all.json"))
    return tmp_path / "sees_all.json"


def ingest(run: Run, folder: Path, *options: object, code: int = 0) -> Any:
    return run("ingest", folder, "--domain", "web", "--format", "json", "-q", *options, code=code)


@pytest.mark.slow
def test_a_text_too_long_to_count_ends_the_ingest(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", ["a b", WORD, "b a"])

    refused = ingest(run, tmp_path / "c", code=3)

    assert "4,000,001 bytes of text are too long for tokenizer cl100k_base, and there is no place" in refused.err
    assert "to cut them into pieces of 4,000,000 bytes; split the document" in refused.err
    assert "(record 1, byte 16)" in refused.err
    assert "--on-bad-record skip" in refused.err
    assert run("supply", "--format", "json").json["rows"] == []


@pytest.mark.slow
def test_a_skipped_text_too_long_is_a_row_and_the_rest_counts(run: Run, tmp_path: Path) -> None:
    texts = ["a b", WORD, "b a", WORDS, ""]
    write_jsonl(tmp_path / "c" / "a.jsonl", texts, kind=["one", "long", "two", "words", None])

    result = ingest(run, tmp_path / "c", "--on-bad-record", "skip", "--label", "kind=kind", code=1).json
    (row,) = run("errors", "--format", "json").json["rows"]
    labels = run("query", "select ordinal, value from labels order by all", "--format", "json").json["rows"]

    assert (result["documents"], result["bad_records"], result["complete"]) == (4, 1, False)
    assert result["bytes"] == sum(len(text) for text in texts if text != WORD)
    assert result["tokens"] == {"cl100k_base": 2 + 2 + len(WORDS) // 2 + 1}
    assert (row["ordinal"], row["offset"], row["code"]) == (1, 31, "too_long_for_tokenizer")
    assert [(label["ordinal"], label["value"]) for label in labels] == [(0, "one"), (2, "two"), (3, "words")]


@pytest.mark.slow
def test_a_second_tokenizer_that_can_not_count_every_text_is_refused(run: Run, tmp_path: Path, sees_all: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", ["a b", WORDS])
    ingest(run, tmp_path / "c")

    refused = ingest(run, tmp_path / "c", "--tokenizer", sees_all, "--on-bad-record", "skip", code=3)

    assert "a.jsonl: record 1 is too long for tokenizer sees_all" in refused.err
    assert "forget" in refused.err


@pytest.mark.slow
def test_a_second_tokenizer_omits_what_the_first_omitted(run: Run, tmp_path: Path, sees_all: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", ["a b", WORDS, "b a b"])
    first = ingest(run, tmp_path / "c", "--tokenizer", sees_all, "--on-bad-record", "skip", code=1).json

    second = ingest(run, tmp_path / "c", "--on-bad-record", "skip", code=1).json

    assert first["tokens"] == {"sees_all": 3 + 5}
    assert second["tokens"] == {"cl100k_base": 2 + 3}
    assert (second["documents"], second["bad_records"]) == (2, 1)
