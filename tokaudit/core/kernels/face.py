"""Python functions for the compiled kernels, with shapes and types. ``kernels.c`` has the code, ``build`` compiles it.

Kernels release the GIL. They check shapes and indexes, and write nothing outside their arrays. The results of kernels
over text, markup and signatures decide on what is stored in catalogs, so they must never change for a given input.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tokaudit.core.kernels.library import run
from tokaudit.core.types import Float64, Int64, UInt8, UInt16, UInt32, UInt64


class Alphabet(NamedTuple):
    """The kind and lower case of each code point, in pages of 256 code points. Equal pages are stored once.

    Attributes:
        page: the page number of each 256 code points.
        entries: the pages, one after the other. An entry is 0 if the code point separates words. Otherwise it is four
            times what to add for the lower case, plus 1 (part of a word) or 2 (a word of its own).
    """

    page: UInt8
    entries: npt.NDArray[np.int32]


# Kernels over text: n texts are in `data`, between n + 1 `offsets`.


def murmur(data: UInt8, offsets: Int64, keys: UInt64) -> None:
    """Fill ``keys``, (n, 2), with the halves of MurmurHash3 x64 128, seed 0, of each text's bytes."""
    run("murmur", "uint8[] int64[] =uint64[,]", data, offsets, keys)


def minhash(
    data: UInt8, offsets: Int64, alphabet: Alphabet, factors: UInt32, terms: UInt32, signatures: UInt16, words: Int64
) -> None:
    """Fill ``words``, (n,), and ``signatures``, (n, 128); the signature of a text without words is not written."""
    takes = "uint8[] int64[] uint8[] int32[] uint32[] uint32[] =uint16[,] =int64[]"
    run("minhash", takes, data, offsets, *alphabet, factors, terms, signatures, words)


def shingle_sets(data: UInt8, offsets: Int64, alphabet: Alphabet, slots: UInt64, ends: Int64, values: UInt64) -> int:
    """Fill ``values`` with the distinct shingles of each text, in order; returns how many there are.

    ``ends``, (n,), is filled with the end of each text's shingles. ``values`` must have room for all words of the
    texts. ``slots`` is memory for a hash table; its length is a power of two.
    """
    return run(
        "shingle_sets",
        "uint8[] int64[] uint8[] int32[] =uint64[] =int64[] =uint64[]",
        data,
        offsets,
        *alphabet,
        slots,
        ends,
        values,
    )


def split_all(
    data: UInt8,
    offsets: Int64,
    kinds: UInt8,
    lowest: int,
    target: int,
    starts: Int64,
    new_unicode: npt.NDArray[np.bool_],
    first: Int64,
) -> int:
    """Cut documents around new Unicode characters, and where they are longer than ``target`` bytes.

    Args:
        data: bytes of UTF-8.
        offsets: n + 1 offsets of the documents.
        kinds: the kind of each of 2**21 code points: 1 an old letter or number, 2 a character before which a text may
            be cut if it follows an old letter or number, 3 a new Unicode character, 0 any other.
        lowest: the lowest first byte of a new Unicode character; 255 to not cut around any.
        target: most bytes of a piece, if there are places to cut.
        starts: filled with the start of each piece, and the end of the last.
        new_unicode: filled with whether each piece has new Unicode characters.
        first: filled with the first piece of each document; every document has at least one.

    Returns:
        The number of pieces. If it is more than there is room for, the filled values are meaningless.
    """
    takes = "uint8[] int64[] uint8[] uint64 int64 =int64[] =bool[] =int64[]"
    return run("split_all", takes, data, offsets, kinds, lowest, target, starts, new_unicode, first)


def repeats(data: UInt8, offsets: Int64, by_line: int, length: int, slots: UInt64, repeated: Int64) -> None:
    """Fill ``repeated``, (n,), with the bytes of each text's lines or paragraphs that occurred in it before.

    `tokaudit.measure.repeats` defines them. Equal 64-bit hashes are taken for equal lines or paragraphs.

    Args:
        data: bytes of UTF-8.
        offsets: n + 1 offsets of the texts.
        by_line: 1 for lines, 0 for paragraphs.
        length: characters of the shortest line or paragraph that counts, at least 1.
        slots: memory for a hash table; its length is a power of two. If it may be too small for a text, the text is
            read several times.
        repeated: filled with the bytes.
    """
    run("repeats", "uint8[] int64[] int64 int64 =uint64[] =int64[]", data, offsets, by_line, length, slots, repeated)


# A kernel over markup.

UNDECIDED: Final = -2
"""Result of `repair_markup` if it has to know which characters are part of words."""


def repair_markup(data: UInt8, whole: int, names: UInt8, is_word: UInt8, repaired: UInt8, changes: Int64) -> int:
    """Fill ``repaired`` with a page as `tokaudit.readers.pages.repairs` describes it; returns its length in bytes.

    Args:
        data: bytes of UTF-8.
        whole: 1 for all repairs, 0 for figures only.
        names: names of references to mark, with their semicolons, in order, each filled up to 32 bytes with zeros.
        is_word: whether each of 0x110000 code points is part of words; empty to get `UNDECIDED` if that is needed.
        repaired: has room for as much as ``data`` and three bytes more for each four.
        changes: filled with the number of marks, and that of figures and outermost lists that were renamed, (2,).
    """
    takes = "uint8[] int64 uint8[,] uint8[] =uint8[] =int64[]"
    return run("repair_markup", takes, data, whole, names, is_word, repaired, changes)


# Kernels over signatures and sets.


def band_keys(signatures: UInt16, keys: UInt32) -> None:
    """Fill ``keys``, (n, bands), with a hash of each band's index and values (a multiple of four values)."""
    run("band_keys", "uint16[,] =uint32[,]", signatures, keys)


def text_sums(keys: UInt64, signatures: UInt64, sums: UInt32) -> None:
    """Fill ``sums`` with a check sum of each text's key and signature; signatures are given as 64-bit words."""
    run("text_sums", "uint64[,] uint64[,] =uint32[]", keys, signatures, sums)


def agreements(signatures: UInt16, pairs: Int64, equal: UInt8) -> None:
    """Fill ``equal`` with the number of equal values in the two signatures of each pair, (m, 2)."""
    run("agreements", "uint16[,] int64[,] =uint8[]", signatures, pairs, equal)


def jaccard(offsets: Int64, values: UInt64, pairs: Int64, slots: UInt64, similarity: Float64) -> None:
    """Fill ``similarity`` with the Jaccard similarity of each pair of sets, (m, 2); 0 for two empty sets.

    ``slots`` is memory for a hash table; its length is a power of two. It is fastest if pairs with the same first set
    follow each other.
    """
    run("jaccard", "int64[] uint64[] int64[,] =uint64[] =float64[]", offsets, values, pairs, slots, similarity)


# Kernels over buckets: an entry has a band key in its upper 32 bits and the number of a text in its lower 32 bits.
# Texts not compared yet have the lowest numbers, below `new`.


def entries_of(band: UInt32, shift: int, prefix: int, entries: UInt64) -> int:
    """Fill ``entries`` with the texts whose band key, shifted right, is ``prefix``; returns how many there are."""
    return run("entries_of", "uint32[] int64 uint64 =uint64[]", band, shift, prefix, entries)


def mark(band: UInt32, seen: UInt64) -> None:
    """Add band keys to a set of bits, whose length is a power of two."""
    run("mark", "uint32[] =uint64[]", band, seen)


def entries_seen(band: UInt32, first: int, seen: UInt64, entries: UInt64) -> int:
    """Fill ``entries`` with the texts (numbers from ``first`` on) whose key may be in the set; returns how many."""
    return run("entries_seen", "uint32[] uint64 uint64[] =uint64[]", band, first, seen, entries)


def count_met(bands: UInt32, met: UInt64, counts: UInt8) -> None:
    """Fill ``counts`` with how many of each text's band keys, (n, bands), are in a set of bits; then add them to it.

    The length of the set is a power of two. Texts are taken in order, so that a text meets those before it.
    """
    run("count_met", "uint32[,] =uint64[] =uint8[]", bands, met, counts)


def sort_by_key(entries: UInt64, spare: UInt64) -> None:
    """Sort entries by band key; equal keys keep their order. ``spare`` is as long and is overwritten."""
    run("sort_by_key", "=uint64[] =uint64[]", entries, spare)


def keep_shared(entries: UInt64, new: int) -> int:
    """Move sorted entries of buckets with at least two texts, one of them new, to the front; returns how many."""
    return run("keep_shared", "=uint64[] int64", entries, new)


def next_pairs(entries: UInt64, places: Int64, new: int, bands: UInt32, band: int, pairs: UInt32) -> int:
    """Fill ``pairs``, (m, 2), with texts that share a key in ``band`` and in no band before; returns how many.

    The first text of a pair is new. ``places``, (2,), are the positions of the next pair in the sorted entries. They
    start as 0 and 1 and are moved on. All pairs are done when the first place is at the end.
    """
    return run(
        "next_pairs", "uint64[] =int64[] int64 uint32[,] int64 =uint32[,]", entries, places, new, bands, band, pairs
    )


# Kernels over groups: `label` is equal for all members of a group, `ring` leads from each member to the next and back
# to the first, and `size` is the size of the group with a label.


def merge_links(parent: Int64, links: Int64, begin: Int64, row: Int64, first: Int64) -> None:
    """Merge linked texts in every row that contains both; then ``parent`` is the least document of each tree.

    The rows of text t are ``row[begin[t]:begin[t + 1]]``, in order. ``first`` is a document with the text in each row.
    """
    run("merge_links", "=int64[] int64[,] int64[] int64[] int64[]", parent, links, begin, row, first)


def join(pairs: Int64, label: Int64, ring: Int64, size: Int64) -> None:
    """Join the groups of the two texts of each pair, (m, 2)."""
    run("join", "int64[,] =int64[] =int64[] =int64[]", pairs, label, ring, size)


def fill_pairs(
    members: Int64,
    new: int,
    signatures: UInt16,
    sketches: UInt8,
    least: int,
    tries: int,
    failed: Int64,
    apart: int,
    label: Int64,
    ring: Int64,
    size: Int64,
    room: Int64,
    pairs: Int64,
) -> int:
    """Fill ``pairs``, (m, 2), with members of two groups that agree in at least ``least`` values; returns how many.

    One of the two texts is below ``new``. Two groups are joined once the smaller has had ``tries`` pairs, so ``pairs``
    needs room for ``tries`` pairs per group.

    Args:
        members: texts of the bucket, in order.
        new: number of texts not compared yet.
        signatures: signatures of all texts.
        sketches: the lowest bytes of the members' signatures.
        least: values that must agree.
        tries: pairs before two groups are joined.
        failed: pairs to leave out, as ``a << 32 | b``, in order.
        apart: number of groups among the members.
        label: changed with each join, like ``ring`` and ``size``.
        ring: as above.
        size: as above.
        room: working memory, (3, texts).
        pairs: filled with the pairs.
    """
    takes = "int64[] int64 uint16[,] uint8[,] int64 int64 int64[] int64 =int64[] =int64[] =int64[] =int64[,] =int64[,]"
    given = (members, new, signatures, sketches, least, tries, failed, apart, label, ring, size, room, pairs)
    return run("fill_pairs", takes, *given)
