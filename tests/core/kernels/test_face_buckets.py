"""Kernels over buckets, against plain twins."""

from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from made.walls import run_walled

from tokaudit.core.kernels import face
from tokaudit.core.types import UInt32, UInt64

LEAST_KEYS = st.integers(0, 4)
KEYS = LEAST_KEYS | st.integers(2**32 - 3, 2**32 - 1) | st.integers(0, 31).map(lambda bit: 1 << bit)
BAND = st.lists(KEYS, max_size=40).map(lambda keys: np.array(keys, np.uint32))


def packed(keys: list[int], texts: list[int]) -> UInt64:
    return np.array([key << 32 | text for key, text in zip(keys, texts, strict=True)], np.uint64)


@given(BAND, st.integers(0, 32), KEYS)
def test_entries_are_the_texts_whose_key_has_the_prefix(band: UInt32, shift: int, key: int) -> None:
    entries = np.empty(len(band), np.uint64)
    filled = run_walled(face.entries_of, band, shift, key >> shift, entries)

    texts = [text for text, value in enumerate(band.tolist()) if value >> shift == key >> shift]
    assert entries[:filled].tolist() == packed(band[texts].tolist(), texts).tolist()


@given(BAND, BAND, st.integers(0, 6).map(lambda power: 1 << power), st.integers(0, 2**31))
def test_keys_are_seen_if_their_lowest_bits_were_marked(band: UInt32, others: UInt32, words: int, first: int) -> None:
    seen = np.zeros(words, np.uint64)
    run_walled(face.mark, band, seen)
    bits = {key % (64 * words) for key in band.tolist()}
    assert {bit for bit in range(64 * words) if int(seen[bit // 64]) >> bit % 64 & 1} == bits

    entries = np.empty(len(others), np.uint64)
    filled = run_walled(face.entries_seen, others, first, seen, entries)
    texts = [text for text, key in enumerate(others.tolist()) if key % (64 * words) in bits]
    assert entries[:filled].tolist() == packed(others[texts].tolist(), [first + text for text in texts]).tolist()


@given(arrays.arrays(np.uint32, st.tuples(st.integers(0, 9), st.integers(0, 5))), st.integers(0, 3))
def test_a_text_meets_the_keys_of_all_texts_before_it(bands: UInt32, power: int) -> None:
    met, counts = np.zeros(1 << power, np.uint64), np.empty(len(bands), np.uint8)
    met[0] = 1 << 7
    run_walled(face.count_met, bands, met, counts)

    seen, expected = {7}, []
    for keys in bands.tolist():
        bits = [key % (64 << power) for key in keys]
        expected.append(sum(bit in seen | set(bits[:place]) for place, bit in enumerate(bits)))
        seen |= set(bits)
    assert counts.tolist() == expected
    assert {bit for bit in range(64 << power) if int(met[bit // 64]) >> bit % 64 & 1} == seen


@given(arrays.arrays(np.uint64, st.integers(0, 300)) | BAND.map(lambda band: band.astype(np.uint64) << np.uint64(32)))
def test_entries_are_sorted_by_key_and_stay_in_order_if_equal(entries: UInt64) -> None:
    expected = sorted(entries.tolist(), key=lambda entry: entry >> 32)
    run_walled(face.sort_by_key, entries, np.empty_like(entries))

    assert entries.tolist() == expected


@given(st.lists(st.tuples(LEAST_KEYS, st.integers(0, 8)), unique=True, max_size=30), st.integers(0, 9))
def test_buckets_with_two_texts_and_a_new_one_are_kept(found: list[tuple[int, int]], new: int) -> None:
    expected = []
    for _, group in groupby(sorted(found), key=lambda entry: entry[0]):
        bucket = list(group)
        if len(bucket) > 1 and any(text < new for _, text in bucket):
            expected += bucket
    entries = packed(*map(list, zip(*sorted(found), strict=True))) if found else np.empty(0, np.uint64)
    filled = run_walled(face.keep_shared, entries, new)

    assert entries[:filled].tolist() == [key << 32 | text for key, text in expected]


@given(
    arrays.arrays(np.uint32, st.tuples(st.integers(0, 12), st.integers(1, 4)), elements=st.integers(0, 2)),
    st.integers(0, 13),
    st.integers(1, 4),
)
def test_pairs_share_a_key_in_a_band_and_in_no_band_before(bands: UInt32, new: int, room: int) -> None:
    for band in range(bands.shape[1]):
        entries = packed(bands[:, band].tolist(), list(range(len(bands))))
        entries.sort()
        expected = [
            [a, b]
            for key in range(3)
            for a in range(min(new, len(bands)))
            for b in range(a + 1, len(bands))
            if bands[a, band] == bands[b, band] == key and not (bands[a, :band] == bands[b, :band]).any()
        ]
        places, found = np.array([0, 1]), []
        while places[0] < len(entries):
            pairs = np.empty((room, 2), np.uint32)
            filled = run_walled(face.next_pairs, entries, places, new, bands, band, pairs)
            assert filled == room or places[0] == len(entries)
            found += pairs[:filled].tolist()
        assert found == expected
