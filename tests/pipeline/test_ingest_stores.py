"""Stores of token ids, counted: the same numbers as for the text, and one tokenizer for good."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
from made.samples import Run, ask, ingested, text, write_jsonl
from made.stores import write_megatron, write_olmo

from tokaudit.measure.tokenizers.resolve import resolve

pytestmark = pytest.mark.slow

NAME = "cl100k_base"
STOP = 100_257
TEXTS = [text(0), text(1), text(0), "", text(2)]
ONLY_IDS = "near-duplicates were not looked for in 5 documents of token ids"


@cache
def ids() -> list[list[int]]:
    """The token ids of the texts, as `tokenizers` finds them."""
    tokenizer = tokenizers.Tokenizer.from_str(resolve(NAME).load().decode())
    return [tokenizer.encode(one, add_special_tokens=False).ids for one in TEXTS]


def with_stop() -> list[list[int]]:
    """The ids of each text and end-of-text."""
    return [[*one, STOP] for one in ids()]


def count(run: Run, path: Path, *more: str, source: str = "s", code: int = 0) -> Any:
    """The JSON answer of an ingest of a store."""
    return ingested(run, path, "--domain", "web", "--source", source, "--tokenizer", NAME, *more, code=code)


def supply(run: Run, source: str) -> dict[str, Any]:
    """The row of a source."""
    rows = run("supply", "--by", "source", "--format", "json").json["rows"]
    return next({**row} for row in rows if row["source"] == source)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_store_has_the_numbers_of_its_text(run: Run, tmp_path: Path, workers: str) -> None:
    write_jsonl(tmp_path / "text.jsonl", TEXTS)
    halves = [[one[:2], one[2:]] for one in ids()]
    stores = {
        "megatron": write_megatron(tmp_path / "a.bin", halves, "<i4"),
        "olmo": write_olmo(tmp_path / "part-0.npy", with_stop(), "<u4"),
    }
    expected = count(run, tmp_path / "text.jsonl", "--clean", "none", source="text")
    numbers = ("documents", "bytes", "tokens", "bad_records")
    for source, path in stores.items():
        found = count(run, path, "--workers", workers, source=source)
        assert {name: found[name] for name in numbers} == {name: expected[name] for name in numbers}
        assert ONLY_IDS in found["warnings"][-1]
        assert count(run, path, source=source)["files_unchanged"] == 1
        for name in ("documents_unique_exact", "tokens_seen", "tokens_unique_exact", "tokens_unique", "bytes_seen"):
            assert supply(run, source)[name] == supply(run, "text")[name]
    (overlap,) = [
        row
        for row in run("overlap", "--by", "source", "--format", "json").json["rows"]
        if (row["a"], row["b"]) == ("megatron", "olmo")
    ]

    assert overlap["documents_shared_exact"] == 5
    assert "10 documents of token ids" in run("supply").err
    assert ask(Path("tokaudit.duckdb"), "select bool_or(checked) from files where source <> 'text'") == [(False,)]


def test_ids_without_an_index_are_cut_if_their_reader_is_named(run: Run, tmp_path: Path) -> None:
    np.concatenate([np.array(one, "<u4") for one in with_stop()]).tofile(tmp_path / "train.bin")
    refused = run("ingest", tmp_path / "train.bin", "--domain", "web", "--tokenizer", NAME, code=3)
    found = count(run, tmp_path / "train.bin", "--reader", "token-ids")

    assert "train.idx" in refused.err
    assert (found["documents"], found["tokens"]) == (4, {NAME: sum(map(len, ids()))})


def test_one_tokenizer_must_be_named(run: Run, tmp_path: Path) -> None:
    write_megatron(tmp_path / "a.bin", [[one] for one in ids()], "<i4")
    none = run("ingest", tmp_path / "a.bin", "--domain", "web", code=2)
    two = run("ingest", tmp_path / "a.bin", "--domain", "web", "--tokenizer", NAME, "--tokenizer", "o200k_base", code=2)

    assert "contains token ids; pass --tokenizer" in none.err
    assert "contains token ids; pass --tokenizer" in two.err


def test_a_store_is_not_counted_with_a_second_tokenizer(run: Run, tmp_path: Path) -> None:
    path = write_megatron(tmp_path / "a.bin", [[one] for one in ids()], "<i4")
    count(run, path)
    said = run("ingest", path, "--domain", "web", "--source", "s", "--tokenizer", "o200k_base", code=2).err

    assert "pass --tokenizer cl100k_base" in said
    assert "tokaudit forget s" in said


def test_an_index_that_comes_later_is_read(run: Run, tmp_path: Path) -> None:
    path = write_olmo(tmp_path / "a.npy", with_stop(), "<u4")
    index = tmp_path / "a.csv.gz"
    index.rename(tmp_path / "kept")
    before = count(run, path, "--on-bad-record", "skip", code=1)
    (tmp_path / "kept").rename(index)
    after = count(run, path)

    assert (before["documents"], before["bad_records"]) == (0, 1)
    assert (after["documents"], after["bad_records"]) == (5, 0)


@pytest.mark.parametrize(("kind", "index"), [("bin", "b.idx"), ("npy", "b.csv.gz")])
def test_a_store_without_index_among_others_is_refused(run: Run, tmp_path: Path, kind: str, index: str) -> None:
    folder = tmp_path / "stores"
    for name in "ab":
        if kind == "bin":
            write_megatron(folder / f"{name}.bin", [[one] for one in ids()], "<i4")
        else:
            write_olmo(folder / f"{name}.npy", with_stop(), "<u4")
    (folder / index).unlink()
    np.save(folder / "mask.npy", np.arange(9))
    (folder / "weights.bin.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    options = ("--domain", "web", "--tokenizer", NAME)

    assert f"b.{kind}: has no index {index} next to it" in run("ingest", folder, *options, code=3).err
    found = ingested(run, folder, *options, "--on-bad-record", "skip", code=1)
    assert (found["documents"], found["bad_records"], found["complete"]) == (len(TEXTS), 1, False)
    assert [row["code"] for row in run("errors", "--json").json["rows"]] == ["no_index"]
    rules = {item["suffix"]: item["rule"] for item in found["left_out"]}
    assert rules.pop(".png") == rules.pop(".npy") == "binary"
    assert set(rules.values()) == {"about_data"}


def test_a_store_that_another_tokenizer_made_can_be_counted_anew(run: Run, tmp_path: Path) -> None:
    path = write_megatron(tmp_path / "a.bin", [[[199_000]], [[150_000, 1]]], "<i4")
    before = count(run, path, "--on-bad-record", "skip", code=1)
    bad = run("errors", "--format", "json").json["rows"]
    after = ingested(run, path, "--domain", "web", "--source", "s", "--tokenizer", "o200k_base")

    assert (before["documents"], before["bad_records"]) == (0, 2)
    assert [(row["ordinal"], row["code"]) for row in bad] == [(0, "bad_id"), (1, "bad_id")]
    assert (after["documents"], after["tokens"]) == (2, {"o200k_base": 3})


def test_texts_and_stores_are_counted_in_one_ingest(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    write_jsonl(folder / "a.jsonl", TEXTS[:2])
    store = write_megatron(folder / "b.bin", [[one] for one in ids()], "<i4")
    write_jsonl(folder / "c.jsonl", TEXTS[2:])
    found = ingested(
        run, folder / "a.jsonl", store, folder / "c.jsonl", "--domain", "web", "--source", "s", "--tokenizer", NAME
    )

    assert found["documents"] == 10
    assert found["tokens"] == {NAME: 2 * sum(map(len, ids()))}


def test_a_label_asked_for_later_leaves_the_numbers(run: Run, tmp_path: Path) -> None:
    path = write_megatron(tmp_path / "a.bin", [[one] for one in ids()], "<i4")
    before = count(run, path)
    after = count(run, path, "--label", "licence=licence")

    assert {**before, "seconds": 0, "files_unchanged": 0} == {**after, "seconds": 0}


def test_an_estimate_of_a_store_is_what_is_counted(run: Run, tmp_path: Path) -> None:
    path = write_megatron(tmp_path / "a.bin", [[one] for one in ids()], "<i4")
    rows = run("estimate", path, "--domain", "web", "--tokenizer", NAME, "--format", "json").json["rows"]
    values = {row["quantity"]: row["value"] for row in rows}

    assert values["documents"] == 5
    assert values["bytes"] == sum(len(one.encode()) for one in TEXTS)
    assert values[f"tokens {NAME}"] == sum(map(len, ids()))


def test_a_vocabulary_without_bytes_is_refused(run: Run, tmp_path: Path) -> None:
    path = write_megatron(tmp_path / "a.bin", [[[1]]], "<i4")
    words: dict[str, Any] = {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "a": 1}}
    words |= {"continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
    (tmp_path / "words.json").write_text(
        json.dumps(
            {"version": "1.0", "added_tokens": [], "model": words, "pre_tokenizer": {"type": "BertPreTokenizer"}}
        )
    )
    said = run("ingest", path, "--domain", "web", "--tokenizer", tmp_path / "words.json", code=2).err

    assert "does not say which text a token id stands for" in said
