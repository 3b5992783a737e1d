"""Which parts of a tokenizer.json decide its identity."""

import copy
import json
from typing import Any

import pytest

from tokaudit.core.errors import InputError
from tokaudit.measure.tokenizers.canonical import read_tokenizer_json, vocabulary_size

Parsed = dict[str, Any]


def canonical(parsed: Parsed, **how: Any) -> bytes:
    return read_tokenizer_json(json.dumps(parsed, **how).encode(), "test")


def test_formatting_and_order_of_keys_do_not_matter(byte_level: Parsed) -> None:
    turned = {key: byte_level[key] for key in reversed(byte_level)}
    turned["model"] = {key: byte_level["model"][key] for key in reversed(byte_level["model"])}
    turned["model"]["vocab"] = dict(reversed(byte_level["model"]["vocab"].items()))

    assert canonical(turned, indent=3, ensure_ascii=False) == canonical(byte_level)


def test_merges_as_text_and_as_pairs_are_the_same(byte_level: Parsed) -> None:
    old = copy.deepcopy(byte_level)
    old["model"]["merges"] = [" ".join(pair) for pair in byte_level["model"]["merges"]]

    assert isinstance(byte_level["model"]["merges"][0], list)
    assert canonical(old) == canonical(byte_level)


def test_defaults_may_be_written_or_left_out(byte_level: Parsed) -> None:
    short = copy.deepcopy(byte_level)
    del short["model"]["ignore_merges"]
    del short["model"]["dropout"]

    assert canonical(short) == canonical(byte_level)


@pytest.mark.parametrize("part", ["truncation", "padding", "post_processor", "decoder"])
def test_parts_that_do_not_affect_counts_are_left_out(byte_level: Parsed, part: str) -> None:
    assert canonical(byte_level | {part: {"type": "Whatever"}}) == canonical(byte_level)


@pytest.mark.parametrize(
    ("part", "value"),
    [("normalizer", {"type": "NFC"}), ("pre_tokenizer", {"type": "Whitespace"}), ("added_tokens", [])],
)
def test_parts_that_affect_counts_are_kept(byte_level: Parsed, part: str, value: Any) -> None:
    assert canonical(byte_level | {part: value}) != canonical(byte_level)


def test_another_merge_is_another_identity(byte_level: Parsed) -> None:
    fewer = copy.deepcopy(byte_level)
    fewer["model"]["merges"].pop()

    assert canonical(fewer) != canonical(byte_level)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b'{"model": []}', b'{"a": 1}', b"\xff\xfe{}", b"\x00" * 100]
)
def test_a_file_that_is_not_a_tokenizer_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(
        InputError, match=r"^some/file\.json: is not a tokenizer\.json: .*; pass a file that `tokenizers` saved$"
    ):
        read_tokenizer_json(data, "some/file.json")


def test_the_size_counts_added_tokens_once(byte_level: Parsed) -> None:
    more = copy.deepcopy(byte_level)
    more["added_tokens"].append({"content": "<new>"})
    listed = {"model": {"type": "Unigram", "vocab": [["a", 0.0], ["b", -1.0]]}, "added_tokens": [{"content": "b"}]}

    assert vocabulary_size(canonical(byte_level)) == len(byte_level["model"]["vocab"])
    assert vocabulary_size(canonical(more)) == len(byte_level["model"]["vocab"]) + 1
    assert vocabulary_size(canonical(listed)) == 2
