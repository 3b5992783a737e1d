"""Kernels over signatures and sets, against plain twins."""

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from made.walls import run_walled

from tokaudit.core.kernels import face
from tokaudit.core.types import UInt16, UInt64

MASK = (1 << 64) - 1
START, STEP = 0x9AE16A3B2F90404F, 0x9FB21C651E98DF25
SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=7)
# Values equal in the lower bits, which the hash table uses; and 0, which it treats separately.
VALUES = st.sampled_from([0, 1, 2, 15, MASK]) | st.integers(0, 40).map(lambda value: 16 * value)
SETS = st.lists(st.lists(VALUES, unique=True, max_size=45), min_size=1, max_size=5)


def mix(value: int) -> int:
    """MurmurHash3's fmix64."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = (value ^ value >> 33) * factor & MASK
    return value ^ value >> 33


@given(arrays.arrays(np.uint16, SHAPES), st.integers(1, 7))
def test_a_band_key_is_a_hash_of_the_bands_index_and_values(signatures: UInt16, bands: int) -> None:
    signatures = np.tile(signatures, 4 * bands)
    keys = np.empty((len(signatures), bands), np.uint32)
    run_walled(face.band_keys, signatures, keys)

    for text, signature in enumerate(signatures):
        for band, values in enumerate(np.split(signature, bands)):
            key = START + band
            for word in np.frombuffer(values.tobytes(), "<u8").tolist():
                key = (key ^ word) * STEP & MASK
                key ^= key >> 32
            assert keys[text, band] == mix(key) >> 32


@given(arrays.arrays(np.uint64, SHAPES), st.data())
def test_a_check_sum_covers_the_key_and_the_whole_signature(signatures: UInt64, data: st.DataObject) -> None:
    keys = data.draw(arrays.arrays(np.uint64, (len(signatures), 2)))
    sums = np.empty(len(keys), np.uint32)
    run_walled(face.text_sums, keys, signatures, sums)

    for (first, second), signature, found in zip(keys.tolist(), signatures.tolist(), sums.tolist(), strict=True):
        total = (START ^ first) * STEP & MASK ^ second
        for word in signature:
            total = (total ^ word) * STEP & MASK
            total ^= total >> 29
        assert found == total >> 32


@given(
    arrays.arrays(
        np.uint16, st.tuples(st.integers(1, 5), st.integers(0, 255)), elements=st.integers(0, 2), fill=st.just(0)
    ),
    st.data(),
)
def test_agreements_are_numbers_of_equal_values(signatures: UInt16, data: st.DataObject) -> None:
    place = st.integers(0, len(signatures) - 1)
    pairs = np.array(data.draw(st.lists(st.tuples(place, place), max_size=9)), np.int64).reshape(-1, 2)
    equal = np.empty(len(pairs), np.uint8)
    run_walled(face.agreements, signatures, pairs, equal)

    assert equal.tolist() == [int((signatures[a] == signatures[b]).sum()) for a, b in pairs]


@given(SETS, st.sampled_from([16, 31, 64, 256]), st.booleans())
def test_similarity_is_that_of_python_sets_for_any_size_of_hash_table(
    sets: list[list[int]], slots: int, by_first: bool
) -> None:
    places = range(len(sets))
    pairs = [(a, b) if by_first else (b, a) for a in places for b in places]
    offsets = np.array([*accumulate(map(len, sets), initial=0)])
    values = np.array([value for one in sets for value in one], np.uint64)
    similarity = np.empty(len(pairs))
    run_walled(face.jaccard, offsets, values, np.array(pairs), np.ones(slots, np.uint64), similarity)

    expected = []
    for a, b in pairs:
        left, right = set(sets[a]), set(sets[b])
        expected.append(len(left & right) / len(left | right) if left | right else 0.0)
    assert similarity.tolist() == expected
