"""Pieces join to the documents, cuts are only at allowed places, and new Unicode characters are isolated."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.samples import arrow

from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.new_unicode import RANGES
from tokaudit.measure.tokenizers.protocol import LONGEST, UNCOUNTED
from tokaudit.measure.tokenizers.split_points import SPLIT_CHARACTERS, Pieces, count_in_pieces, groups, split_documents

NEW_CHARACTERS = {chr(code) for first, last in RANGES for code in range(first, last + 1)}
LETTERS = ["a", "é", "я", "中", "9", "\u0300", "🙂", ".", "-"]
TEXTS = st.lists(
    st.text(st.sampled_from([*LETTERS, *SPLIT_CHARACTERS, "\u0897", "\ua7ce", "\U000323b0"]), max_size=200), max_size=6
)
SOME = TEXTS.filter(bool)


def by_document(pieces: Pieces) -> list[list[str]]:
    ends = [*pieces.first[1:].tolist(), len(pieces.text)]
    found = pieces.text.to_pylist()
    return [found[first:end] for first, end in zip(pieces.first.tolist(), ends, strict=True)]


@given(SOME, st.integers(0, 1), st.integers(1, 40), st.booleans())
def test_documents_are_cut_only_before_split_characters_after_letters(
    texts: list[str], skipped: int, target: int, isolate_new_unicode: bool
) -> None:
    texts = [*texts, "end"]
    pieces = by_document(
        split_documents(arrow(texts)[skipped:], SPLIT_CHARACTERS, target, isolate_new_unicode=isolate_new_unicode)
    )

    assert ["".join(parts) for parts in pieces] == texts[skipped:]
    for left, right in (pair for parts in pieces for pair in pairwise(parts)):
        assert right[0] in SPLIT_CHARACTERS
        assert left[-1] in "aéя中9"


@given(SOME, st.integers(1, 40))
def test_only_pieces_without_a_place_to_cut_exceed_the_target(texts: list[str], target: int) -> None:
    for piece in split_documents(arrow(texts), SPLIT_CHARACTERS, target, isolate_new_unicode=False).text.to_pylist():
        head = piece.encode()[: target + 1].decode(errors="ignore")
        places = [
            place for place in range(1, len(head)) if head[place] in SPLIT_CHARACTERS and head[place - 1] in "aéя中9"
        ]
        assert len(piece.encode()) <= target or not places


@given(SOME)
def test_new_characters_are_isolated_in_the_smallest_pieces(texts: list[str]) -> None:
    pieces = split_documents(arrow(texts), SPLIT_CHARACTERS, 1000, isolate_new_unicode=True)

    for piece, new_unicode in zip(pieces.text.to_pylist(), pieces.new_unicode.tolist(), strict=True):
        assert bool(set(piece) & NEW_CHARACTERS) == new_unicode
        if new_unicode:
            smaller = split_documents(arrow([piece]), SPLIT_CHARACTERS, 1, isolate_new_unicode=False).text.to_pylist()
            assert len([part for part in smaller if set(part) & NEW_CHARACTERS]) == len(smaller)


def test_a_new_character_is_found_anywhere_in_a_long_text() -> None:
    for place in range(200):
        text = "a" * place + "\U000323b0" + "é" * (200 - place)
        assert split_documents(arrow([text]), "", 1000, isolate_new_unicode=True).new_unicode.tolist() == [True]


def test_without_split_characters_nothing_is_cut() -> None:
    pieces = split_documents(arrow(["a b, c" * 10, "\ua7ce a b"]), "", 4, isolate_new_unicode=True)

    assert pieces.text.to_pylist() == ["a b, c" * 10, "\ua7ce a b"]
    assert pieces.new_unicode.tolist() == [False, True]


def characters(pieces: Pieces) -> Int64:
    return np.array([len(piece) for piece in pieces.text.to_pylist()], np.int64)


@pytest.mark.parametrize("texts", [[], [""], ["", "a b", ""]])
def test_short_texts_need_no_split_characters(texts: list[str]) -> None:
    def never() -> str:
        raise AssertionError

    counts = count_in_pieces(arrow(texts), never, 10, characters, isolate_new_unicode=True)

    assert counts.tolist() == [len(text) for text in texts]


def test_a_long_document_without_a_place_to_cut_is_not_counted() -> None:
    word = "x" * (LONGEST - 1)
    texts = ["a b", f"{word} {word}", "", f"{word}xy", "c"]
    seen: list[str] = []

    def count(pieces: Pieces) -> Int64:
        seen.extend(pieces.text.to_pylist())
        return characters(pieces)

    counts = count_in_pieces(arrow(texts), lambda: " ", LONGEST, count, isolate_new_unicode=False)

    assert counts.tolist() == [3, len(texts[1]), 0, UNCOUNTED, 1]
    assert texts[3] not in seen


def test_without_split_characters_documents_are_counted_whole() -> None:
    texts = ["a " * (LONGEST // 2), "a " * (LONGEST // 2) + "b"]

    counts = count_in_pieces(arrow(texts), str, 1000, characters, isolate_new_unicode=False)

    assert counts.tolist() == [LONGEST, UNCOUNTED]


@given(TEXTS, st.integers(0, 5), st.integers(1, 30))
def test_groups_cover_all_pieces_in_order_within_the_limit(texts: list[str], skipped: int, limit: int) -> None:
    array = arrow(texts)[skipped:]
    spans = list(groups(array, limit))

    assert [place for start, stop in spans for place in range(start, stop)] == list(range(len(array)))
    for start, stop in spans:
        assert stop == start + 1 or sum(len(text.encode()) for text in array[start:stop].to_pylist()) <= limit


def test_many_small_pieces_make_few_groups() -> None:
    assert list(groups(arrow(["abcd"] * 100), 200)) == [(0, 50), (50, 100)]
