"""Kernels over text, against plain twins. Invalid UTF-8 may give any result that depends on no other text."""

from itertools import accumulate, pairwise

import mmh3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.shingles import plain_hash
from made.walls import run_walled
from made.words import plain_words

from tokaudit.core.kernels import face
from tokaudit.core.types import Int64, UInt8, UInt16, UInt64
from tokaudit.measure.fingerprints.alphabet import alphabet
from tokaudit.measure.fingerprints.minhash import BINS, FACTORS, TERMS

ANY_BYTES = st.lists(st.binary(max_size=40) | st.text(max_size=20).map(str.encode), max_size=5)
POOR_TEXTS = st.lists(st.lists(st.sampled_from(["a", "B", "é", "語", ","]), max_size=40).map(" ".join), max_size=4)
WORD, SPLIT, NEW_UNICODE = 1, 2, 3
KINDS = dict.fromkeys("aé中", WORD) | dict.fromkeys(" 。", SPLIT) | {"\ua7ce": NEW_UNICODE, "\U000323b0": NEW_UNICODE}


def buffers(texts: list[bytes], before: bytes = b"x") -> tuple[UInt8, Int64]:
    """Texts and their offsets, after some bytes that belong to no text."""
    data = np.frombuffer(before + b"".join(texts), np.uint8)
    return data, np.array([*accumulate(map(len, texts), initial=len(before))])


def signed(texts: list[bytes]) -> tuple[UInt16, Int64]:
    signatures, words = np.full((len(texts), BINS), 7, np.uint16), np.empty(len(texts), np.int64)
    run_walled(face.minhash, *buffers(texts), alphabet(), FACTORS, TERMS, signatures, words)
    return signatures, words


def sets(texts: list[bytes], slots: int = 16) -> list[list[int]]:
    """The shingles of each text. The hash table contains at most half as many shingles as it has slots."""
    ends, values = np.empty(len(texts), np.int64), np.empty(sum(map(len, texts)), np.uint64)
    filled = run_walled(face.shingle_sets, *buffers(texts), alphabet(), np.empty(slots, np.uint64), ends, values)
    edges = [0, *ends.tolist()]
    assert edges[-1] == filled
    return [values[begin:end].tolist() for begin, end in pairwise(edges)]


@given(ANY_BYTES)
def test_keys_are_those_of_the_mmh3_package(texts: list[bytes]) -> None:
    keys: UInt64 = np.empty((len(texts), 2), np.uint64)
    run_walled(face.murmur, *buffers(texts), keys)

    assert [tuple(key) for key in keys.tolist()] == [mmh3.hash64(text, signed=False) for text in texts]


@given(ANY_BYTES)
def test_results_of_a_text_depend_on_no_other_text(texts: list[bytes]) -> None:
    signatures, words = signed(texts)

    for place, text in enumerate(texts):
        alone, count = signed([text])
        assert (signatures[place].tolist(), words[place]) == (alone[0].tolist(), count[0])
    assert sets(texts) == [sets([text])[0] for text in texts]


@pytest.mark.parametrize("byte", [b"a", b"\x80", b"\xbf", b"\xc3", b"\xe8", b"\xf0", b"\xff", b"\xe8\xaa", b"\xf4\x90"])
def test_invalid_utf_8_is_read_to_its_end(byte: bytes) -> None:
    for size in (1, 3, 4095, 4096, 4097, 9000):
        text = (byte * size)[:size]
        _, words = signed([text])
        assert words[0] <= size
        assert len(sets([text])[0]) <= max(words[0], 0)


@given(POOR_TEXTS)
def test_a_text_without_words_gets_no_signature(texts: list[str]) -> None:
    signatures, words = signed([text.encode() for text in texts])

    assert (signatures == 7).all(axis=1).tolist() == (words == 0).tolist()


@given(texts=POOR_TEXTS, slots=st.sampled_from([16, 17, 40, 1024]))
def test_shingle_sets_are_distinct_and_in_order_for_any_hash_table(texts: list[str], slots: int) -> None:
    expected = []
    for words in map(plain_words, texts):
        shingles = [tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))] if words else []
        expected.append(list(dict.fromkeys(map(plain_hash, shingles))))

    assert sets([text.encode() for text in texts], slots) == expected


def test_large_sets_are_processed_in_many_parts() -> None:
    text = " ".join(str(number % 5000) for number in range(12_000)).encode()

    assert sets([text]) == sets([text], 1 << 15)


def test_more_shingles_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(IndexError):
        run_walled(
            face.shingle_sets,
            *buffers([b"a", b"b c d e f g"]),
            alphabet(),
            np.empty(16, np.uint64),
            np.empty(2, np.int64),
            np.empty(2, np.uint64),
        )


def kinds() -> UInt8:
    made = np.zeros(1 << 21, np.uint8)
    for character, kind in KINDS.items():
        made[ord(character)] = kind
    return made


def plain_pieces(text: str, target: int, *, isolate: bool) -> list[tuple[str, bool]]:
    """The pieces of a text, and whether each has new Unicode characters."""
    kind = [KINDS.get(character, 0) for character in text]
    bytes_to = [*accumulate((len(character.encode()) for character in text), initial=0)]
    cuts = [i for i in range(1, len(text)) if kind[i] == SPLIT and kind[i - 1] == WORD]
    new = [i for i in range(len(text)) if kind[i] == NEW_UNICODE and isolate]
    spans: list[tuple[int, int, bool]] = [(0, len(text), False)]
    while new:  # isolate the first one, from the last cut before it to the first cut after it
        begin, end, _ = spans.pop()
        stop = min([i for i in cuts if i > new[0]], default=end)
        start = max([i for i in cuts if begin < i <= new[0]], default=begin)
        spans += [(begin, start, False), (start, stop, True), (stop, end, False)]
        new = [i for i in new if i >= stop]
    pieces = []
    for begin, end, is_new in spans:
        while not is_new and bytes_to[end] - bytes_to[begin] > target:
            inside = [i for i in cuts if begin < i < end]
            near = [i for i in inside if bytes_to[i] <= bytes_to[begin] + target]
            if not inside:
                break
            cut = near[-1] if near else inside[0]
            pieces.append((text[begin:cut], False))
            begin = cut  # noqa: PLW2901 - the rest of the span
        if begin < end:
            pieces.append((text[begin:end], is_new))
    return pieces or [("", False)]


ALL_KINDS = kinds()
MANY_KINDS = st.lists(st.text(st.sampled_from([*KINDS, "!", "é", "\U0001f642"]), max_size=60), max_size=4)


@given(MANY_KINDS, st.integers(1, 30), st.booleans(), st.integers(0, 40), st.integers(0, 40))
def test_pieces_follow_the_definition_or_are_too_many_for_the_room(
    texts: list[str], target: int, isolate: bool, room: int, other: int
) -> None:
    data, offsets = buffers([text.encode() for text in texts])
    starts, new_unicode, first = np.empty(room + 1, np.int64), np.empty(other, np.bool_), np.empty(len(texts), np.int64)
    lowest = 0xEA if isolate else 255
    count = run_walled(face.split_all, data, offsets, ALL_KINDS, lowest, target, starts, new_unicode, first)

    expected = [plain_pieces(text, target, isolate=isolate) for text in texts]
    assert count == sum(map(len, expected))
    if count <= min(room, other):
        found = [data[begin:end].tobytes().decode() for begin, end in pairwise(starts[: count + 1])]
        flagged = list(zip(found, new_unicode[:count].tolist(), strict=True))
        assert flagged == [piece for pieces in expected for piece in pieces]
        assert first.tolist() == [*accumulate(map(len, expected), initial=0)][:-1]


@given(ANY_BYTES, st.integers(1, 30), st.integers(0, 255))
def test_invalid_utf_8_is_cut_into_pieces_too(texts: list[bytes], target: int, lowest: int) -> None:
    data, offsets = buffers(texts)
    room = data.size + len(texts)
    starts, new_unicode, first = np.empty(room + 1, np.int64), np.empty(room, np.bool_), np.empty(len(texts), np.int64)
    count = run_walled(face.split_all, data, offsets, ALL_KINDS, lowest, target, starts, new_unicode, first)

    assert (np.diff(starts[: count + 1]) >= 0).all()
    assert np.isin(offsets, starts[: count + 1]).all()
    assert (starts[first] == offsets[:-1]).all()
