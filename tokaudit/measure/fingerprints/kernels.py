"""All compiled code over text and signatures; callers see it through exact, minhash and shingles.

One file on purpose: numba compiles a kept kernel anew when the kernel's own file changes, not when that of a
function it calls does. Nothing here may change what it returns for a given input: catalogs keep the results.

numba makes a float of ``uint64 + int64``, so hashes meet hashes only, and every constant has its type.
An index that is unsigned saves the question whether it counts from the end.
"""

from typing import Final

import numpy as np

from tokaudit.core.types import Int64, UInt32, UInt64
from tokaudit.measure.fingerprints.alphabet import Alphabet
from tokaudit.measure.fingerprints.buffers import UInt8
from tokaudit.measure.fingerprints.compiled import kernel

SHINGLE_WORDS: Final = 5
CARRIED: Final = np.int64(SHINGLE_WORDS - 1)
# Shingles made at a time: few enough to stay in the nearest cache while 128 permutations go over them.
CHUNK: Final = 256

NONE: Final = np.int64(0)
ZERO: Final = np.uint64(0)
ASCII_END: Final = np.uint64(0x80)
THREE_BYTES: Final = np.uint64(0xE0)  # the least first byte of a code point that takes three bytes of UTF-8
FOUR_BYTES: Final = np.uint64(0xF0)
SIX_BITS: Final = np.uint64(0x3F)
SEVEN_BITS: Final = np.uint64(0x7F)
EIGHT_BITS: Final = np.uint64(0xFF)
OWN_WORD: Final = np.uint64(1 << 24)  # above every code point: marks a character that is a word of its own

START: Final = np.uint64(0x9AE16A3B2F90404F)
STEP: Final = np.uint64(0x9FB21C651E98DF25)
# One odd factor for each place in a shingle, so that the order of the words counts.
PLACE_0: Final = np.uint64(0x9E3779B97F4A7C15)
PLACE_1: Final = np.uint64(0xC2B2AE3D27D4EB4F)
PLACE_2: Final = np.uint64(0x165667B19E3779F9)
PLACE_3: Final = np.uint64(0x85EBCA77C2B2AE63)
PLACE_4: Final = np.uint64(0x27D4EB2F165667C5)

MIX_1: Final = np.uint64(0xFF51AFD7ED558CCD)
MIX_2: Final = np.uint64(0xC4CEB9FE1A85EC53)
MURMUR_1: Final = np.uint64(0x87C37B91114253D5)
MURMUR_2: Final = np.uint64(0x4CF5AD432745937F)
MURMUR_3: Final = np.uint64(0x52DCE729)
MURMUR_4: Final = np.uint64(0x38495AB5)
FIVE: Final = np.uint64(5)


@kernel
def mix(value: np.uint64) -> np.uint64:
    """``value`` with every bit spread over all; one to one (MurmurHash3's ``fmix64``)."""
    value ^= value >> np.uint64(33)
    value *= MIX_1
    value ^= value >> np.uint64(33)
    value *= MIX_2
    return value ^ (value >> np.uint64(33))


@kernel
def rotate(value: np.uint64, bits: np.uint64) -> np.uint64:
    """``value`` with its bits moved round to the left."""
    return (value << bits) | (value >> (np.uint64(64) - bits))


@kernel
def eight_bytes(data: UInt8, place: np.int64) -> np.uint64:
    """The eight bytes from ``place``, little-endian; LLVM makes one load of it, aligned or not."""
    at = np.uintp(place)
    return (
        np.uint64(data[at])
        | np.uint64(data[at + np.uintp(1)]) << np.uint64(8)
        | np.uint64(data[at + np.uintp(2)]) << np.uint64(16)
        | np.uint64(data[at + np.uintp(3)]) << np.uint64(24)
        | np.uint64(data[at + np.uintp(4)]) << np.uint64(32)
        | np.uint64(data[at + np.uintp(5)]) << np.uint64(40)
        | np.uint64(data[at + np.uintp(6)]) << np.uint64(48)
        | np.uint64(data[at + np.uintp(7)]) << np.uint64(56)
    )


@kernel
def murmur(data: UInt8, offsets: Int64, keys: UInt64) -> None:
    """Fills ``keys`` with the two halves of MurmurHash3 x64 128, seed 0, of each text's bytes."""
    for document in range(offsets.size - 1):
        start, end = offsets[document], offsets[document + 1]
        first, second = ZERO, ZERO
        place = start
        while place + 16 <= end:
            first ^= rotate(eight_bytes(data, place) * MURMUR_1, np.uint64(31)) * MURMUR_2
            first = (rotate(first, np.uint64(27)) + second) * FIVE + MURMUR_3
            second ^= rotate(eight_bytes(data, place + 8) * MURMUR_2, np.uint64(33)) * MURMUR_1
            second = (rotate(second, np.uint64(31)) + first) * FIVE + MURMUR_4
            place += 16
        rest_first, rest_second = ZERO, ZERO
        for i in range(end - place):
            shifted = np.uint64(data[place + i]) << np.uint64(8 * (i & 7))
            if i < 8:
                rest_first |= shifted
            else:
                rest_second |= shifted
        length = np.uint64(end - start)
        first ^= rotate(rest_first * MURMUR_1, np.uint64(31)) * MURMUR_2 ^ length
        second ^= rotate(rest_second * MURMUR_2, np.uint64(33)) * MURMUR_1 ^ length
        first += second
        second += first
        first, second = mix(first), mix(second)
        first += second
        keys[document, 0] = first
        keys[document, 1] = second + first


@kernel
def next_words(  # noqa: C901, PLR0912  # long: see below
    data: UInt8, place: np.int64, end: np.int64, table: Alphabet, hashes: UInt64, filled: np.int64
) -> tuple[np.int64, np.int64]:
    """Fills ``hashes`` from index ``filled`` with the words from ``place`` on; the place and the index after.

    Stops at ``end`` or when ``hashes`` is full, always between words. UTF-8 is not checked: bytes that are
    none give some word, and nothing beyond ``end`` is read.

    All stands in one loop: around a call with arrays in it, numba would count references at every byte, and
    the loop would run at a tenth of the speed.
    """
    ascii_, page, entries = table.ascii, table.page, table.entries
    word, inside = START, False
    while place < end:
        byte = np.uint64(data[np.uintp(place)])
        symbol, after = ZERO, place + 1
        if byte < ASCII_END:
            symbol = np.uint64(ascii_[byte])
        else:
            after += 1 + np.int64(byte >= THREE_BYTES) + np.int64(byte >= FOUR_BYTES)
            if after > end:
                after = end
            else:
                code = byte & (SEVEN_BITS >> np.uint64(after - place))
                for i in range(place + 1, after):
                    code = code << np.uint64(6) | np.uint64(data[np.uintp(i)]) & SIX_BITS
                entry = entries[np.uint64(page[code >> np.uint64(8)]) << np.uint64(8) | code & EIGHT_BITS]
                if entry:
                    symbol = np.uint64(np.int64(code) + (entry >> 2))
                    if entry & 2:
                        symbol |= OWN_WORD
        if symbol != ZERO and symbol < OWN_WORD:
            word = (word ^ symbol) * STEP
            inside = True
            place = after
            continue
        if inside:
            hashes[np.uintp(filled)] = mix(word)
            filled += 1
            word, inside = START, False
            if filled == hashes.size:
                break
        if symbol:
            hashes[np.uintp(filled)] = mix((START ^ symbol) * STEP)
            filled += 1
        place = after
        if filled == hashes.size:
            break
    if inside:
        hashes[np.uintp(filled)] = mix(word)
        filled += 1
    return place, filled


@kernel
def next_shingles(
    data: UInt8,
    place: np.int64,
    end: np.int64,
    table: Alphabet,
    window: UInt64,
    words: np.int64,
    shingles: UInt64,
) -> tuple[np.int64, np.int64, np.int64]:
    """Fills ``shingles`` with the document's next ones: the place after, words so far, and how many shingles.

    ``window`` keeps the last four words for the next call. Fewer than five words are filled up with zeros.
    """
    carried = min(words, CARRIED)
    place, filled = next_words(data, place, end, table, window, carried)
    words += filled - carried
    if 0 < words < SHINGLE_WORDS:
        for i in range(words, SHINGLE_WORDS):
            window[i] = ZERO
        filled = CARRIED + 1
    made = max(filled - CARRIED, NONE)
    for i in range(made):
        shingles[i] = mix(
            window[i] * PLACE_0
            + window[i + 1] * PLACE_1
            + window[i + 2] * PLACE_2
            + window[i + 3] * PLACE_3
            + window[i + 4] * PLACE_4
        )
    for i in range(CARRIED):
        window[i] = window[made + i]
    return place, words, made


@kernel
def minhash(
    data: UInt8,
    offsets: Int64,
    table: Alphabet,
    factors: UInt32,
    terms: UInt32,
    signatures: UInt32,
    words: Int64,
) -> None:
    """Fills ``words``, and ``signatures`` where a document has any.

    A permutation goes over all shingles of a chunk before the next begins, and all is 32 bits wide, so that
    LLVM takes eight or sixteen shingles at a time: five times as fast as all permutations for each shingle.
    """
    window = np.zeros(CHUNK + SHINGLE_WORDS - 1, np.uint64)
    shingles = np.empty(CHUNK, np.uint64)
    narrow = np.empty(CHUNK, np.uint32)
    least = np.empty(factors.size, np.uint32)
    for document in range(offsets.size - 1):
        place, end, count = offsets[document], offsets[document + 1], NONE
        for p in range(factors.size):
            least[p] = np.uint32(0xFFFFFFFF)
        while place < end:
            place, count, made = next_shingles(data, place, end, table, window, count, shingles)
            for i in range(made):
                narrow[i] = np.uint32(shingles[i] >> np.uint64(32))
            for p in range(factors.size):
                factor, term, low = factors[p], terms[p], least[p]
                for i in range(made):
                    low = min(low, np.uint32(factor * narrow[i] + term))
                least[p] = low
        words[document] = count
        if count:
            for p in range(factors.size):
                signatures[document, p] = least[p]


@kernel
def band_hashes(signatures: UInt32, keys: UInt64) -> None:
    """Fills ``keys`` with a hash of each band's index and values; as many bands as ``keys`` has columns."""
    rows = signatures.shape[1] // keys.shape[1]
    for document in range(keys.shape[0]):
        for band in range(keys.shape[1]):
            key = mix(START + np.uint64(band))
            for i in range(band * rows, (band + 1) * rows):
                key = mix(key ^ np.uint64(signatures[document, i])) * STEP
            keys[document, band] = key


@kernel
def count_shingles(data: UInt8, offsets: Int64, table: Alphabet, counts: Int64) -> None:
    """Fills ``counts`` with the shingles of each document, repeated ones too."""
    hashes = np.empty(CHUNK, np.uint64)
    for document in range(offsets.size - 1):
        place, end, words = offsets[document], offsets[document + 1], NONE
        while place < end:
            place, filled = next_words(data, place, end, table, hashes, NONE)
            words += filled
        counts[document] = words - CARRIED if words > CARRIED else np.int64(words > 0)


@kernel
def fill_shingles(data: UInt8, offsets: Int64, table: Alphabet, starts: Int64, values: UInt64) -> None:
    """Fills ``values`` with the shingles of each document from its start on."""
    window = np.zeros(CHUNK + SHINGLE_WORDS - 1, np.uint64)
    shingles = np.empty(CHUNK, np.uint64)
    for document in range(offsets.size - 1):
        place, end, words = offsets[document], offsets[document + 1], NONE
        to = starts[document]
        while place < end:
            place, words, made = next_shingles(data, place, end, table, window, words, shingles)
            for i in range(made):
                values[to + i] = shingles[i]
            to += made
