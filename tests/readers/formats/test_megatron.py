"""Megatron stores: documents as the index says, and indexes that do not fit."""

import struct
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.stores import VOCABULARY, damaged, in_memory, megatron, write_megatron

from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.paths.listing import expand
from tokaudit.readers.stores import megatron_index
from tokaudit.readers.unpack.limits import Limits

Seen = Callable[..., Any]

READER = READERS.get("megatron")
IDS = st.lists(st.integers(0, 120), max_size=6)
DOCUMENTS = [[[1, 2], [3]], [[4, 5, 6]], [], [[], [7]]]
"""Documents of two, one, no and two sequences."""


def joined(documents: list[list[list[int]]]) -> list[list[int]]:
    """The ids of each document."""
    return [[one for sequence in document for one in sequence] for document in documents]


def read(seen: Seen, data: bytes, index: bytes, **options: Any) -> Any:
    """Everything that is read from a store in memory."""
    return seen(in_memory("a", bin=data, idx=index), "megatron", token_ids=VOCABULARY, **options)


@given(documents=st.lists(st.lists(IDS, max_size=4), max_size=12), most=st.integers(1, 40), few=st.integers(1, 5))
def test_documents_come_back_whatever_is_read_at_once(
    seen: Seen, documents: list[list[list[int]]], most: int, few: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(megatron_index, "_BOUNDS", few)
        patch.setattr(megatron_index, "_SEQUENCES", few)
        found = read(seen, *megatron(documents), batch_bytes=most, batch_documents=few)

    assert found.ids == joined(documents)
    assert found.offsets == list(accumulate([2 * len(ids) for ids in joined(documents)], initial=0))[:-1]
    assert found.bad == []


@pytest.mark.parametrize("dtype", ["u1", "i1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8"])
def test_every_type_of_integers_is_read(seen: Seen, dtype: str) -> None:
    found = read(seen, *megatron(DOCUMENTS, dtype))

    assert found.ids == [[1, 2, 3], [4, 5, 6], [], [7]]
    assert found.positions[-1] == 7 * np.dtype(dtype).itemsize


def test_negative_and_huge_ids_become_the_largest_number(seen: Seen) -> None:
    found = [
        read(seen, *megatron([[ids]], dtype)).ids
        for ids, dtype in (([-1, 5], "<i4"), ([-1, 5], "<i2"), ([-3, 2**40], "<i8"), ([2**63], "<u8"))
    ]

    assert found == [[[2**32 - 1, 5]], [[2**32 - 1, 5]], [[2**32 - 1] * 2], [[2**32 - 1]]]


def test_local_stores_are_read_and_their_names_may_be_in_capitals(seen: Seen, tmp_path: Path) -> None:
    write_megatron(tmp_path / "x.bin", DOCUMENTS)
    (tmp_path / "x.bin").rename(tmp_path / "X.BIN")
    (tmp_path / "x.idx").rename(tmp_path / "X.idx")
    (file,), _ = expand([str(tmp_path / "X.BIN")])

    assert READER.partners("X.BIN") == ("X.idx",)
    assert seen(file, "megatron", token_ids=VOCABULARY).ids == joined(DOCUMENTS)
    assert not READER.is_checked(file)


def test_a_store_without_an_index_is_refused(seen: Seen) -> None:
    found = seen(in_memory("a", bin=b"\1\0"), "megatron", token_ids=VOCABULARY)

    assert found.refused == "no_index"
    assert "a.idx" in found.bad[0].why
    assert seen(in_memory("a", ids=b"\1\0"), "megatron", token_ids=VOCABULARY).refused == "no_index"


def test_a_store_is_refused_without_a_tokenizer_or_if_compressed(seen: Seen) -> None:
    data, index = megatron(DOCUMENTS)

    assert seen(in_memory("a", bin=data, idx=index), "megatron").refused == "bad_id"
    assert seen(in_memory("a", bin_gz=data, idx=index), "megatron", token_ids=VOCABULARY).refused == "wrong_format"


def changed(index: bytes, place: int, layout: str, value: int) -> bytes:
    """An index with another number at a place."""
    return index[:place] + struct.pack(layout, value) + index[place + struct.calcsize(layout) :]


SEQUENCES = sum(map(len, DOCUMENTS))
LENGTHS = 34
PLACES = LENGTHS + 4 * SEQUENCES
BOUNDS = PLACES + 8 * SEQUENCES


@pytest.mark.parametrize(
    ("place", "layout", "value", "says"),
    [
        (0, "<B", 0, "not an index"),
        (9, "<Q", 2, "version 2"),
        (17, "<B", 6, "type 6"),
        (18, "<Q", 2**63, "instead of"),
        (26, "<Q", 4, "instead of"),
        (LENGTHS + 4 * (SEQUENCES - 1), "<i", 2, "another store"),
        (LENGTHS, "<i", -1, "one behind the other"),
        (PLACES + 8, "<q", 2, "one behind the other"),
        (BOUNDS, "<q", 1, "which document"),
        (BOUNDS + 8 * len(DOCUMENTS), "<q", SEQUENCES - 1, "which document"),
        (BOUNDS + 8, "<q", SEQUENCES + 1, "in the order"),
        (BOUNDS + 8, "<q", -1, "in the order"),
        (BOUNDS + 16, "<q", 1, "in the order"),
    ],
)
def test_an_index_that_contradicts_itself_or_its_store_is_refused(
    seen: Seen, place: int, layout: str, value: int, says: str
) -> None:
    data, index = megatron(DOCUMENTS)
    found = read(seen, data, changed(index, place, layout, value))

    assert found.refused == "no_index"
    assert says in found.bad[-1].why


def test_the_index_of_another_store_is_refused(seen: Seen) -> None:
    data, _ = megatron(DOCUMENTS)
    _, index = megatron(DOCUMENTS[:-1])

    assert read(seen, data, index).refused == "no_index"
    assert read(seen, b"", index).refused == "no_index"
    assert read(seen, data, b"TNTIDX\0\0" + bytes(40)).refused == "no_index"
    assert read(seen, data, b"").refused == "no_index"


def test_modes_of_text_are_read_and_others_are_refused(seen: Seen) -> None:
    assert read(seen, *megatron(DOCUMENTS, modes=bytes(SEQUENCES))).ids == joined(DOCUMENTS)
    assert read(seen, *megatron(DOCUMENTS, modes=bytes(SEQUENCES - 1) + b"\1")).refused == "wrong_format"


def test_an_empty_store_has_no_documents(seen: Seen) -> None:
    found = read(seen, *megatron([]))

    assert (found.ids, found.bad) == ([], [])


def test_a_store_that_shrinks_while_it_is_read_is_cut(seen: Seen) -> None:
    data, index = megatron(DOCUMENTS)
    file = in_memory("a", bin=data[:-2], idx=index)
    longer = InputFile(file.path, file.below, len(data), "")

    assert seen(longer, "megatron", token_ids=VOCABULARY).refused == "cut"


def test_a_document_over_the_limit_is_a_bad_record_and_the_rest_is_read(seen: Seen) -> None:
    documents = [[[1] * 5], [[2] * 40], [[3] * 5]]
    found = read(seen, *megatron(documents), batch_bytes=8, limits=Limits(record=40))

    assert found.ids == [[1] * 5, [3] * 5]
    assert found.codes == [(1, "too_large")]


def test_a_damaged_store_never_loses_ids_in_silence(seen: Seen) -> None:
    random = Random(7)
    documents = [[[random.randrange(200) for _ in range(random.randrange(9))] for _ in range(2)] for _ in range(9)]
    data, index = megatron(documents)
    refused = 0
    for number in range(120):
        files = [damaged(data, number, random), index] if number % 2 else [data, damaged(index, number, random)]
        found = read(seen, files[0], files[1], batch_bytes=32)
        refused += found.refused is not None
        assert found.refused or sum(map(len, found.ids)) * 2 == len(files[0])

    assert refused >= 80


def test_text_named_like_a_store_is_not_one() -> None:
    assert READER.may_begin(b"\1\0\2\0")
    assert READER.may_begin(b"\xff\xfe")
    assert not READER.may_begin(b"a text")
