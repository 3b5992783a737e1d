"""Token ids without an index: cut at end-of-text, of two or four bytes, with the headers of NumPy and llm.c."""

import io
import struct
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.stores import VOCABULARY, damaged, in_memory

from tokaudit.readers.unpack.limits import Limits

Seen = Callable[..., Any]

STOP = 50_000
LARGE = replace(VOCABULARY, bytes=np.full(70_001, 2, np.int32))
IDS = st.lists(st.integers(0, STOP - 1) | st.just(STOP), max_size=60)


def read(seen: Seen, data: bytes, **options: Any) -> Any:
    """Everything that is read from a file in memory."""
    return seen(in_memory("train", bin=data), "token-ids", **{"token_ids": VOCABULARY, **options})


def cut(ids: list[int]) -> dict[int, list[int]]:
    """The documents by the place of their first id: what lies between stops, unless nothing does."""
    found: dict[int, list[int]] = {}
    begin = 0
    for place, one in enumerate([*ids, STOP]):
        if one == STOP:
            if place > begin:
                found[begin] = ids[begin:place]
            begin = place + 1
    return found


@given(ids=IDS, most=st.integers(1, 50))
def test_documents_are_what_lies_between_end_of_text_ids(seen: Seen, ids: list[int], most: int) -> None:
    found = read(seen, np.array(ids, "<u2").tobytes(), batch_bytes=most)

    assert found.ids == list(cut(ids).values())
    assert found.offsets == [2 * place for place in cut(ids)]
    assert found.bad == []


@given(ids=IDS, most=st.integers(1, 50), limit=st.integers(1, 30))
def test_a_document_over_the_limit_is_a_bad_record(seen: Seen, ids: list[int], most: int, limit: int) -> None:
    found = read(seen, np.array(ids, "<u2").tobytes(), batch_bytes=most, limits=Limits(record=limit))
    documents = list(cut(ids).values())
    for ordinal, code in found.codes:
        assert code == "too_large"
        assert 2 * len(documents[ordinal]) > max(limit, most)
    assert found.ids == [documents[ordinal] for ordinal in found.ordinals]


def test_a_large_vocabulary_has_ids_of_four_bytes(seen: Seen) -> None:
    ids = [1, 69_000, STOP, 2]

    assert read(seen, np.array(ids, "<u4").tobytes(), token_ids=LARGE).ids == [[1, 69_000], [2]]


def test_ids_of_four_bytes_of_a_small_vocabulary_are_recognised(seen: Seen) -> None:
    ids = [1, 2, STOP] * 100

    assert read(seen, np.array(ids, "<u4").tobytes()).ids == [[1, 2]] * 100


@pytest.mark.parametrize("dtype", ["<u2", ">u2", "<u4", "<i4", "<i8", ">i8"])
@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_arrays_that_numpy_saved_are_read(seen: Seen, dtype: str, version: tuple[int, int]) -> None:
    target = io.BytesIO()
    np.lib.format.write_array(target, np.array([1, 2, STOP, 3], dtype), version)

    assert read(seen, target.getvalue()).ids == [[1, 2], [3]]


@pytest.mark.parametrize("array", [np.zeros((2, 2), np.int32), np.zeros(3), np.zeros(3, "S4"), np.zeros(2, "u2,u2")])
def test_arrays_of_something_else_are_refused(seen: Seen, array: Any) -> None:
    target = io.BytesIO()
    np.save(target, array)

    assert read(seen, target.getvalue()).refused == "wrong_format"


def test_arrays_of_objects_and_damaged_headers_are_refused(seen: Seen) -> None:
    target = io.BytesIO()
    np.save(target, np.array([{}], object), allow_pickle=True)

    assert read(seen, target.getvalue()).refused == "wrong_format"
    assert read(seen, b"\x93NUMPY\1\0\x76\0{'descr'").refused == "wrong_format"
    assert read(seen, b"\x93NUMPY").refused == "wrong_format"


def test_an_array_that_is_cut_is_cut(seen: Seen) -> None:
    target = io.BytesIO()
    np.save(target, np.array([1, 2, STOP, 3], "<u2"))

    assert read(seen, target.getvalue()[:-2]).refused == "cut"


@pytest.mark.parametrize("dtype", ["<u2", "<u4"])
def test_the_header_of_llm_c_is_left_out(seen: Seen, dtype: str) -> None:
    ids = np.array([STOP, 1, 2, STOP, 3], dtype)
    header = struct.pack("<iii", 20240520, 1, len(ids)).ljust(1024, b"\0")

    assert read(seen, header + ids.tobytes()).ids == [[1, 2], [3]]


def test_half_an_id_at_the_end_is_cut(seen: Seen) -> None:
    assert read(seen, b"\1\0\2").refused == "cut"


def test_a_file_of_no_bytes_has_no_documents(seen: Seen) -> None:
    found = read(seen, b"")

    assert (found.ids, found.bad) == ([], [])


def test_a_tokenizer_without_end_of_text_is_refused(seen: Seen) -> None:
    assert read(seen, b"\1\0", token_ids=replace(VOCABULARY, end_of_text=None)).refused == "no_index"


def test_any_damage_gives_documents_or_a_fault(seen: Seen) -> None:
    random = Random(9)
    target = io.BytesIO()
    np.save(target, np.array([random.choice([1, 2, 300, STOP]) for _ in range(200)], "<u2"))
    refused = 0
    for number in range(120):
        refused += read(seen, damaged(target.getvalue(), number, random)).refused is not None

    assert refused > 0
