"""Pieces of Arrow text: all documents, in order, none too large."""

from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.tokenizers._pieces import offsets, pieces, utf8

TEXTS = st.lists(st.text(max_size=12), max_size=20)


@given(TEXTS, st.integers(0, 5), st.integers(1, 30))
def test_pieces_cover_all_documents_in_order_and_only_a_lone_document_is_too_large(
    texts: list[str], skipped: int, limit: int
) -> None:
    array = pa.array(texts, pa.large_string())[skipped:]
    spans = list(pieces(array, limit))

    assert [place for start, stop in spans for place in range(start, stop)] == list(range(len(array)))
    for start, stop in spans:
        assert stop == start + 1 or sum(len(text.encode()) for text in array[start:stop].to_pylist()) <= limit


@given(TEXTS, st.integers(0, 5))
def test_buffers_of_a_slice_hold_its_texts(texts: list[str], skipped: int) -> None:
    array = pa.array(texts, pa.large_string())[skipped:]
    places, used = offsets(array), utf8(array)

    found = [used[first:last].tobytes().decode() for first, last in pairwise(places)]
    assert found == array.to_pylist()


def test_few_pieces_are_made_of_many_small_documents(arrow: Any) -> None:
    assert list(pieces(arrow(["abcd"] * 100), 200)) == [(0, 50), (50, 100)]
