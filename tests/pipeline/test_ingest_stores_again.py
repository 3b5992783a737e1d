"""Stores of token ids are read again: by verify, retry, show and the comparison of duplicates."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import tokenizers
from made.samples import Run, ask, ingested, text
from made.stores import write_megatron, write_olmo

from tokaudit.measure.tokenizers.resolve import resolve

pytestmark = pytest.mark.slow

CATALOG = Path("tokaudit.duckdb")
NAME = "cl100k_base"
STOP = 100_257
TEXTS = [text(0), "a wörd €", text(0), "", text(2)]


@cache
def ids() -> list[list[int]]:
    """The token ids of the texts, as `tokenizers` finds them."""
    tokenizer = tokenizers.Tokenizer.from_str(resolve(NAME).load().decode())
    return [tokenizer.encode(one, add_special_tokens=False).ids for one in TEXTS]


def stores(folder: Path) -> dict[str, Path]:
    """The texts in stores of each kind, with the source of each."""
    stopped = [[*one, STOP] for one in ids()]
    flat = folder / "flat.bin"
    np.concatenate([np.array(one, "<u4") for one in stopped]).tofile(flat)
    return {
        "megatron": write_megatron(folder / "a.bin", [[one] for one in ids()], "<i4"),
        "olmo": write_olmo(folder / "part-0.npy", stopped, "<u4"),
        "token-ids": flat,
    }


def count_all(run: Run, folder: Path) -> dict[str, Path]:
    """Count all stores, each as its own source."""
    found = stores(folder)
    for reader, path in found.items():
        arguments = ("--domain", "web", "--source", reader, "--reader", reader, "--tokenizer", NAME)
        ingested(run, path, *arguments)
    return found


def test_an_unchanged_store_has_no_difference(run: Run, tmp_path: Path) -> None:
    count_all(run, tmp_path)
    found = run("verify", "--format", "json").json

    assert (found["rows"], found["complete"]) == ([], True)
    assert found["documents_verified"] == sum(n for (n,) in ask(CATALOG, "select count(*) from documents"))


def test_changed_ids_are_a_difference_of_their_document(run: Run, tmp_path: Path) -> None:
    path = count_all(run, tmp_path)["megatron"]
    data = np.fromfile(path, "<i4")
    data[len(ids()[0]) + 3] += 1
    data.tofile(path)
    found = run("verify", "megatron", "--format", "json", code=1).json

    assert [(row["ordinal"], row["kind"], row["why"]) for row in found["rows"]][1:] == [
        (1, "different", "has other token ids")
    ]
    assert found["rows"][0]["kind"] == "changed"
    assert "record 1 has changed" in run("show", path, "1", code=3).err
    assert run("show", path, "0").out == TEXTS[0]


def test_a_bad_document_of_a_store_is_no_difference(run: Run, tmp_path: Path) -> None:
    path = write_megatron(tmp_path / "a.bin", [[ids()[0]], [[7, 150_000]], [ids()[1]]], "<i4")
    arguments = ("--domain", "web", "--source", "s", "--tokenizer", NAME, "--on-bad-record", "skip")
    counted = ingested(run, path, *arguments, code=1)

    assert (counted["documents"], counted["bad_records"]) == (2, 1)
    assert run("verify", "--format", "json").json["rows"] == []
    assert "bad_id" in run("show", path, "1", code=3).err


def test_a_document_of_a_store_is_shown_decoded(run: Run, tmp_path: Path) -> None:
    for path in count_all(run, tmp_path).values():
        places = ask(CATALOG, f"select ordinal, bytes from documents where path = '{path}' order by 1")  # noqa: S608
        texts = [one for one in TEXTS if one] if path.name == "flat.bin" else TEXTS
        shown = [run("show", path, str(ordinal), "--format", "json").json for ordinal, _ in places]
        assert [row["text"] for row in shown] == texts
        assert [row["bytes"] for row in shown] == [len(one.encode()) for one in texts]
        assert {row["decoded_with"] for row in shown} == {NAME}
    assert f"decoded from token ids with tokenizer {NAME}" in run("show", path, "0").err


def test_exact_duplicates_of_a_store_say_that_ids_are_compared(run: Run, tmp_path: Path) -> None:
    count_all(run, tmp_path)
    rows = run("duplicates", "--diff", "--format", "json").json["rows"]

    assert {row["diff_note"] for row in rows} == {"exact duplicates: the token ids were compared, and none differs"}
    assert {row["diff"] for row in rows} == {""}


def test_a_store_that_was_refused_is_read_again_with_its_tokenizer(run: Run, tmp_path: Path) -> None:
    path = write_megatron(tmp_path / "a.bin", [[one] for one in ids()], "<i4")
    index = path.with_suffix(".idx")
    whole = index.read_bytes()
    index.write_bytes(whole[:-8])
    arguments = ("--domain", "web", "--source", "s", "--tokenizer", NAME, "--on-bad-record", "skip")
    (tmp_path / "t.txt").write_text(text(3))
    ingested(run, tmp_path / "t.txt", "--domain", "web", "--source", "s", "--tokenizer", "o200k_base")
    refused = ingested(run, path, *arguments, code=1)
    index.write_bytes(whole)
    again = run("retry", "--format", "json").json

    assert refused["documents"] == 0
    assert [(row["documents"], row["bad_records"]) for row in again["rows"]] == [(5, 0)]
    names = "select distinct tokenizer from token_counts where path like '%.bin'"
    assert ask(CATALOG, names) == [(NAME,)]
    assert run("verify", "s", "--format", "json").json["rows"] == []
