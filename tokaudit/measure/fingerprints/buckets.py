"""Compiled code over band keys and signatures: who shares a bucket, and how much two signatures agree.

An entry is a band key in the upper half of 64 bits and the number of a text in the lower. Texts that were not compared
yet have the lowest numbers, below ``new``.

Separate from the kernels over text, so that a change here compiles only these anew. ``text_sums`` may never change:
fragments keep what it returns.
"""

from typing import Final

import numpy as np

from tokaudit.core.types import Int64, UInt16, UInt32, UInt64
from tokaudit.measure.fingerprints.buffers import UInt8
from tokaudit.measure.fingerprints.compiled import kernel

DIGIT: Final = np.uint64(11)
DIGITS: Final = 1 << 11
DIGIT_MASK: Final = np.uint64(DIGITS - 1)
HALF: Final = np.uint64(32)
LOWER: Final = np.uint64(0xFFFFFFFF)
SIX: Final = np.uint64(6)
SIX_BITS: Final = np.uint64(63)
ONE: Final = np.uint64(1)
NONE: Final = np.int64(0)
START: Final = np.uint64(0x9AE16A3B2F90404F)
STEP: Final = np.uint64(0x9FB21C651E98DF25)
FOLD: Final = np.uint64(29)


@kernel
def text_sums(keys: UInt64, signatures: UInt64, sums: UInt32) -> None:
    """Fills in a check sum of each text's key and signature, which is given as 64-bit words."""
    for text in range(keys.shape[0]):
        total = (START ^ keys[text, 0]) * STEP ^ keys[text, 1]
        for word in range(signatures.shape[1]):
            total = (total ^ signatures[text, word]) * STEP
            total ^= total >> FOLD
        sums[text] = np.uint32(total >> HALF)


@kernel
def entries_of(values: UInt32, shift: np.uint64, prefix: np.uint64, entries: UInt64) -> np.int64:
    """Fills ``entries`` with the texts whose band key begins with ``prefix``: how many there are."""
    filled = NONE
    for text in range(values.size):
        value = np.uint64(values[text])
        if value >> shift == prefix:
            entries[filled] = value << HALF | np.uint64(text)
            filled += 1
    return filled


@kernel
def mark(values: UInt32, seen: UInt64) -> None:
    """Adds band keys to a set of bits, which is a power of two long."""
    mask = np.uint64(seen.size) * np.uint64(64) - ONE
    for text in range(values.size):
        bit = np.uint64(values[text]) & mask
        seen[bit >> SIX] |= ONE << (bit & SIX_BITS)


@kernel
def entries_seen(values: UInt32, first: np.uint64, seen: UInt64, entries: UInt64) -> np.int64:
    """Fills ``entries`` with the texts, from number ``first`` on, whose key may be in the set: how many there are."""
    filled = NONE
    mask = np.uint64(seen.size) * np.uint64(64) - ONE
    for text in range(values.size):
        value = np.uint64(values[text])
        bit = value & mask
        if seen[bit >> SIX] >> (bit & SIX_BITS) & ONE:
            entries[filled] = value << HALF | (first + np.uint64(text))
            filled += 1
    return filled


@kernel
def sort_by_key(entries: UInt64, spare: UInt64) -> None:
    """Sorts entries by band key, equal ones left in their order; ``spare`` is as long, and lost."""
    counts = np.empty(DIGITS, np.int64)
    source, target = entries, spare
    for step in range(3):
        shift = HALF + DIGIT * np.uint64(step)
        for digit in range(DIGITS):
            counts[digit] = 0
        for i in range(source.size):
            counts[source[i] >> shift & DIGIT_MASK] += 1
        place = 0
        for digit in range(DIGITS):
            place, counts[digit] = place + counts[digit], place
        for i in range(source.size):
            digit_of = source[i] >> shift & DIGIT_MASK
            target[counts[digit_of]] = source[i]
            counts[digit_of] += 1
        source, target = target, source
    for i in range(entries.size):
        entries[i] = spare[i]


@kernel
def keep_shared(entries: UInt64, new: np.int64) -> np.int64:
    """Moves the sorted entries of buckets of at least two texts, one of them new, to the front: how many there are."""
    filled, begin = NONE, NONE
    while begin < entries.size:
        end = begin + 1
        while end < entries.size and entries[end] >> HALF == entries[begin] >> HALF:
            end += 1
        if end - begin > 1 and np.int64(entries[begin] & LOWER) < new:
            for i in range(begin, end):
                entries[filled] = entries[i]
                filled += 1
        begin = end
    return filled


@kernel
def next_pairs(
    entries: UInt64, first: np.int64, second: np.int64, new: np.int64, bands: UInt32, band: np.int64, pairs: UInt32
) -> tuple[np.int64, np.int64, np.int64]:
    """Fills ``pairs`` with texts that share a key of ``band`` and none of a band before, the first of them new.

    Goes on where ``first`` and ``second``, places in the sorted entries, say: how many pairs, and the places after.
    """
    filled = NONE
    while first < entries.size:
        key, a = entries[first] >> HALF, np.int64(entries[first] & LOWER)
        while a < new and second < entries.size and entries[second] >> HALF == key:
            b = np.int64(entries[second] & LOWER)
            second += 1
            known = False
            for before in range(band):
                if bands[a, before] == bands[b, before]:
                    known = True
                    break
            if not known:
                pairs[filled, 0] = np.uint32(a)
                pairs[filled, 1] = np.uint32(b)
                filled += 1
                if filled == pairs.shape[0]:
                    return filled, first, second
        first += 1
        second = first + 1
    return filled, first, second


@kernel
def agreements(signatures: UInt16, pairs: Int64, equal: UInt8) -> None:
    """Fills ``equal`` with the number of values in which the two signatures of each pair agree."""
    for pair in range(pairs.shape[0]):
        a, b = pairs[pair, 0], pairs[pair, 1]
        count = np.uint8(0)
        for i in range(signatures.shape[1]):
            count += np.uint8(signatures[a, i] == signatures[b, i])
        equal[pair] = count
