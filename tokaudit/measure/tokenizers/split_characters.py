"""Finds the characters before which texts may be cut, once for each vocabulary and version of the reference."""

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from tokaudit.core import cache
from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.foreign_errors import ForeignError
from tokaudit.measure.tokenizers.sample import FRAGMENTS, sample
from tokaudit.measure.tokenizers.split_points import SPLIT_CHARACTERS, split_documents

_CHECK: Final = "1"  # increase it when the check becomes stricter
_KNOWN: Final = b"split characters:"
# Normalizers that change a character only together with its marks. Others strip blanks, prepend one, or replace
# patterns that may reach over a cut.
_LOCAL: Final = frozenset({"NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "BertNormalizer", "Sequence"})
_MIXED: Final = 600
_ADDED: Final = 50  # some vocabularies have thousands of similar added tokens
_LENGTHS: Final = (3, 8, 30)  # fragments of a mixed text


def recall_split_characters(sha256: str, version: str) -> str | None:
    """The characters found before; None if they were never looked for.

    Args:
        sha256: hash of the vocabulary.
        version: name and version of the reference.
    """
    kept = cache.read_cache(_key(sha256, version))
    return None if kept is None else kept.removeprefix(_KNOWN).decode()


def keep_split_characters(sha256: str, version: str, split_at: str) -> None:
    """Store the characters in the cache."""
    cache.write_cache(_key(sha256, version), _KNOWN + split_at.encode())


def find_split_characters(tokenizer: bytes, count: Callable[[Sequence[str]], Int64]) -> str:
    """The ``SPLIT_CHARACTERS`` before which samples can be cut without changing their token counts.

    Args:
        tokenizer: canonical tokenizer.json.
        count: returns the reference's token count of each text.
    """
    parsed = orjson.loads(tokenizer)
    if parsed["pre_tokenizer"] is None or not _kinds_of(parsed["normalizer"]) <= _LOCAL:
        return ""
    added = [token["content"] for token in parsed["added_tokens"]]
    candidates = [
        character
        for character in SPLIT_CHARACTERS
        if not any(_reaches_over(token, character) for token in parsed["added_tokens"])
    ]
    try:
        if _are_stable(candidates, added, count):
            return "".join(candidates)
        return "".join(character for character in candidates if _are_stable([character], added, count))
    except ForeignError:  # the reference fails on a text of the sample
        return ""


def _kinds_of(normalizer: dict[str, Any] | None) -> set[str]:
    """The types of a normalizer and of its parts."""
    if normalizer is None:
        return set()
    return {normalizer["type"]}.union(*(_kinds_of(part) for part in normalizer.get("normalizers", ())))


def _reaches_over(token: dict[str, Any], character: str) -> bool:
    """Whether a cut before the character may split an added token, or take away blanks that belong to it."""
    spellings = (token["content"], unicodedata.normalize("NFKC", token["content"]))
    if character.isspace():
        return bool(token.get("rstrip")) or any(re.search(r"\S\s", spelling) for spelling in spellings)
    return any(character in spelling[1:] for spelling in spellings)


def _are_stable(split_at: Sequence[str], added: Sequence[str], count: Callable[[Sequence[str]], Int64]) -> bool:
    """Whether texts full of the characters have as many tokens as their smallest pieces together."""
    if not split_at:
        return True
    chance = random.Random(0)  # noqa: S311 - must be the same each time
    texts = [text for text in sample(added) if any(character in text for character in split_at)]
    fragments = (*FRAGMENTS, *added[:_ADDED])
    for _ in range(_MIXED):
        parts = chance.choices(fragments, k=chance.choice(_LENGTHS))
        at = chance.choice(split_at)
        joints = (at, at, at, "", " ", at * 2, f" {at}", f"{at} ")
        texts.append("".join(part + chance.choice(joints) for part in parts))
    pieces = split_documents(pa.array(texts, pa.large_string()), "".join(split_at), 1, isolate_new_unicode=False)
    return np.array_equal(pieces.sums(count(pieces.text.to_pylist())), count(texts))


def _key(sha256: str, version: str) -> str:
    return f"split characters {_CHECK} {sha256} {version}"
