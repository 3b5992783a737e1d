"""OLMo stores: documents as the CSV says, ids of the width that fits, and indexes that do not fit."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.stores import VOCABULARY, damaged, in_memory, olmo

from tokaudit.readers.formats import READERS
from tokaudit.readers.formats import olmo as module

Seen = Callable[..., Any]

READER = READERS.get("olmo")
DOCUMENTS = [[1, 2, 3], [], [4, 50_000], [5]]
LARGE = replace(VOCABULARY, bytes=np.full(70_001, 2, np.int32))


def read(seen: Seen, data: bytes, index: bytes, **options: Any) -> Any:
    """Everything that is read from a store in memory."""
    file = in_memory("part-0", npy=data, csv_gz=index)
    return seen(file, "olmo", **{"token_ids": VOCABULARY, **options})


def csv(text: str) -> bytes:
    """The index with this text."""
    return gzip.compress(text.encode(), mtime=0)


@given(documents=st.lists(st.lists(st.integers(0, 50_000), max_size=6), max_size=40), most=st.integers(1, 40))
def test_documents_come_back_whatever_is_read_at_once(seen: Seen, documents: list[list[int]], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 300)
        found = read(seen, *olmo(documents), batch_bytes=most, batch_documents=5)

    assert found.ids == documents
    assert found.offsets == list(accumulate([2 * len(ids) for ids in documents], initial=0))[:-1]
    assert found.bad == []


@pytest.mark.parametrize("dtype", ["<u2", "<u4", "<u8"])
def test_the_width_of_an_id_is_size_by_number(seen: Seen, dtype: str) -> None:
    assert read(seen, *olmo(DOCUMENTS, dtype)).ids == DOCUMENTS


def test_starts_and_ends_are_enough(seen: Seen) -> None:
    data, _ = olmo(DOCUMENTS)

    assert read(seen, data, csv("0,3\n3,3\n3,5\n5,6\n")).ids == DOCUMENTS


def test_ids_too_narrow_for_the_vocabulary_are_refused(seen: Seen) -> None:
    found = read(seen, *olmo(DOCUMENTS), token_ids=LARGE)

    assert found.refused == "bad_id"
    assert "70,000" in found.bad[0].why
    assert read(seen, *olmo(DOCUMENTS, "<u4"), token_ids=LARGE).ids == DOCUMENTS


def test_a_store_without_an_index_is_refused(seen: Seen) -> None:
    found = seen(in_memory("part-0", npy=b"\1\0"), "olmo", token_ids=VOCABULARY)

    assert found.refused == "no_index"
    assert "part-0.csv.gz" in found.bad[0].why
    assert seen(in_memory("a", ids=b"\1\0"), "olmo", token_ids=VOCABULARY).refused == "no_index"


@pytest.mark.parametrize(
    "index",
    [
        csv("0,3\n3,3\n3,5\n"),
        csv("0,3\n3,3\n3,5\n5,60\n"),
        csv("0,3\n3,3\n4,5\n5,6\n"),
        csv("0,3\n2,3\n3,5\n5,6\n"),
        csv("1,3\n3,3\n3,5\n5,6\n"),
        csv("0,3\n3,2\n2,5\n5,6\n"),
        csv("0,3\n3,\n3,5\n5,6\n"),
        csv("0,3\n3,x\n3,5\n5,6\n"),
        csv("0\n6\n"),
        csv("0,3\n3,6,7\n"),
        csv(""),
        csv("0,3\n3,3\n3,5\n5,6\n")[:-3],
        b"",
        csv("x" * 3_000_000),
    ],
)
def test_an_index_that_does_not_fit_is_refused(seen: Seen, index: bytes) -> None:
    data, _ = olmo(DOCUMENTS)
    found = read(seen, data, index)

    assert (found.ids, found.refused) == ([], "no_index")
    assert "part-0.csv.gz" in found.bad[0].why or "another store" in found.bad[0].why


def test_an_empty_store_has_no_documents(seen: Seen) -> None:
    assert read(seen, b"", csv("")).bad == []
    assert read(seen, b"", csv("0,0\n")).ids == [[]]


def test_an_array_with_a_numpy_header_is_not_an_olmo_store(seen: Seen) -> None:
    assert read(seen, b"\x93NUMPY" + bytes(6), csv("0,6\n")).refused == "wrong_format"
    assert not READER.may_begin(b"\x93NUMPY\1\0")
    assert READER.may_begin(b"\1\0")
    assert not READER.may_begin(b"a text")


def test_a_damaged_store_never_loses_ids_in_silence(seen: Seen) -> None:
    random = Random(8)
    documents = [[random.randrange(200) for _ in range(random.randrange(9))] for _ in range(20)]
    data, index = olmo(documents)
    refused = 0
    for number in range(120):
        files = [damaged(data, number, random), index] if number % 2 else [data, damaged(index, number, random)]
        found = read(seen, files[0], files[1], batch_bytes=32)
        refused += found.refused is not None
        assert found.refused or sum(map(len, found.ids)) * 2 == len(files[0])
        assert number % 2 or found.refused or found.ids == documents

    assert refused >= 80
