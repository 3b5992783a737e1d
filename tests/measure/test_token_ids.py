"""Documents of token ids: their tokens, bytes and keys, against a plain count."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.batches import IdBatch
from tokaudit.core.token_ids import TokenIds
from tokaudit.measure import token_ids
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.measure import measure_documents, meet_nobody, split_uncounted
from tokaudit.measure.token_ids import measure_ids
from tokaudit.readers.stores.stores import as_ids

STOP = 7
SIZES = [1, 2, 3, 1, 5, -1, 4, 0]
VOCABULARY = TokenIds("made", "a" * 64, np.array([*SIZES, -1], np.int32), STOP)
DOCUMENTS = st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, STOP]), max_size=9), max_size=9)


def batch(
    documents: list[list[int]], dtype: type[np.uint16 | np.uint32] = np.uint16, vocabulary: TokenIds = VOCABULARY
) -> IdBatch:
    """A batch of these documents, with ordinals from 0 and no offsets."""
    return IdBatch(
        ids=as_ids(np.array([one for ids in documents for one in ids], dtype)),
        ends=np.cumsum([len(ids) for ids in documents], dtype=np.int64),
        ordinal=np.arange(len(documents)),
        offset=pa.nulls(len(documents), pa.int64()),
        vocabulary=vocabulary,
    )


@given(groups=st.lists(DOCUMENTS, min_size=1, max_size=3).filter(any), group=st.integers(1, 9))
def test_counts_are_those_of_the_ids_without_end_of_text(groups: list[list[list[int]]], group: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_ids, "_GROUP_IDS", group)
        found = measure_ids([batch(documents) for documents in groups], ["made"])
    plain = [[one for one in ids if one != STOP] for documents in groups for ids in documents]

    assert found.tokens["made"].tolist() == [len(ids) for ids in plain]
    assert found.bytes.tolist() == [sum(SIZES[one] for one in ids) for ids in plain]
    assert found.words.tolist() == [0] * len(plain)
    assert len(found.signatures) == len(found.bands) == len(plain)
    keys = list(map(tuple, found.keys.tolist()))
    assert all(
        (one == other) == (a == b)
        for one, a in zip(keys, plain, strict=True)
        for other, b in zip(keys, plain, strict=True)
    )


def test_ids_of_two_and_of_four_bytes_have_equal_keys() -> None:
    documents = [[0, 1], [], [2]]
    narrow, wide = (measure_ids([batch(documents, dtype)], ["x"]).keys for dtype in (np.uint16, np.uint32))

    assert (narrow == wide).all()


def test_no_text_and_no_other_vocabulary_has_the_key_of_ids() -> None:
    documents = [[0, 1], []]
    ids = measure_ids([batch(documents)], ["x"]).keys
    other = measure_ids([batch(documents, vocabulary=replace(VOCABULARY, sha256="b" * 64))], ["x"]).keys
    text = text_keys(pa.array([np.array(one, "<u4").tobytes().decode() for one in documents], pa.large_string()))

    assert not (ids == other).any()
    assert not (ids == text).any()


def test_an_added_blank_before_a_document_is_no_text() -> None:
    blanks = np.array([True, False, *[False] * 7])
    found = measure_ids([batch([[0, 0], [1, 0], []], vocabulary=replace(VOCABULARY, added_blank=blanks))], ["x"])

    assert found.bytes.tolist() == [1, 3, 0]


def test_without_an_end_of_text_id_all_ids_count() -> None:
    found = measure_ids([batch([[STOP, 0]], vocabulary=replace(VOCABULARY, end_of_text=None))], ["x"])

    assert found.tokens["x"].tolist() == [2]


@pytest.mark.parametrize(("foreign", "shown"), [(5, "5"), (8, "8"), (60_000, "60,000")])
def test_a_document_with_a_foreign_id_is_a_bad_record(foreign: int, shown: str) -> None:
    batches = [batch([[0], [1, foreign, 0, foreign]]), batch([[STOP, 2]])]
    measured = measure_documents(batches, {"made": None}, [], meet_nobody)  # type: ignore[dict-item] # is not called
    counted, documents, bad = split_uncounted(measured, [2, 1])

    assert counted.tokens["made"].tolist() == [1, 1]
    assert documents.tolist() == [1, 1]
    ((place, record),) = bad
    assert (place, record.ordinal, record.code) == (0, 1, "bad_id")
    assert f"token id {shown} " in record.why
