"""What the compiled kernels take and fill, with shapes and types. ``kernels.c`` has the code, ``build`` compiles it.

Kernels release the GIL. They get the shape of each array from the array, check what they use as an index, and write
nothing where that does not fit. Those over text and signatures may never change what they return for a given input:
catalogs keep it.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Float64, Int64, UInt8, UInt16, UInt32, UInt64

LIBRARY: Final = Path(__file__).with_name("kernels.so")
"""Beside this file in a wheel, and in the source tree of an editable install."""

_OUTSIDE: Final = -1


class Alphabet(NamedTuple):
    """From code point to kind and lower case, in pages of 256 code points, equal pages kept once.

    Attributes:
        page: for each 256 code points, which page is theirs.
        entries: the pages, one after the other; for each code point 0 where it separates words, else four
            times what to add for the lower case, plus 1 (part of a word) or 2 (a word of its own).
    """

    page: UInt8
    entries: npt.NDArray[np.int32]


class _Argument(NamedTuple):
    """An argument of a kernel: an array, or a number if it has no dimension."""

    kind: np.dtype[Any]
    dimensions: int
    filled: bool


def _argument(said: str) -> _Argument:
    """As kernels below say it: ``int64`` is a number, ``int64[]`` an array, ``int64[,]`` a matrix; ``=`` is filled."""
    kind, _, shape = said.removeprefix("=").partition("[")
    return _Argument(np.dtype(kind), shape.count(",") + 1 if shape else 0, said.startswith("="))


@cache
def _library() -> ctypes.CDLL:
    try:
        return ctypes.CDLL(str(LIBRARY))
    except OSError as error:
        raise ImportError(
            f"{LIBRARY}: the compiled kernels can't be loaded ({error}); install tokaudit with pip, which builds them"
        ) from error


@cache
def _kernel(name: str, takes: str) -> tuple[Callable[..., int], list[_Argument]]:
    """A function of the library, and its arguments."""
    arguments = [_argument(said) for said in takes.split()]
    function = getattr(_library(), name)
    function.restype = ctypes.c_int64
    function.argtypes = [
        kind
        for argument in arguments
        for kind in (
            [ctypes.c_void_p, *[ctypes.c_int64] * argument.dimensions]
            if argument.dimensions
            else [ctypes.c_uint64 if argument.kind.kind == "u" else ctypes.c_int64]
        )
    ]
    return function, arguments


def _run(name: str, takes: str, *given: Any) -> int:
    """Call a kernel with numbers, and with arrays and their shapes; what it returns.

    Raises:
        TypeError: an array is of another type, has other dimensions, or can't be filled where it lies.
        IndexError: arrays don't fit each other, or one points beyond another.
    """
    function, arguments = _kernel(name, takes)
    passed: list[int] = []
    kept = []  # copies live until the kernel has returned
    for argument, value in zip(arguments, given, strict=True):
        if not argument.dimensions:
            passed.append(int(value))
            continue
        array = value if argument.filled else np.require(value, requirements=["C", "A"])
        if array.dtype != argument.kind or array.ndim != argument.dimensions:
            raise TypeError(f"{name}: {array.dtype} of shape {array.shape} given, {takes!r} taken")
        if argument.filled and not array.flags.carray:
            raise TypeError(f"{name}: an array to be filled is read-only, not in one piece or not aligned")
        kept.append(array)
        passed += [array.__array_interface__["data"][0], *array.shape]
    returned = function(*passed)
    if returned == _OUTSIDE:
        raise IndexError(f"{name}: arrays do not fit each other, or an index in one lies outside another")
    return returned


# Text: n texts lie in `data` between n + 1 `offsets`.


def murmur(data: UInt8, offsets: Int64, keys: UInt64) -> None:
    """Fills ``keys``, (n, 2), with the halves of MurmurHash3 x64 128, seed 0, of each text's bytes."""
    _run("murmur", "uint8[] int64[] =uint64[,]", data, offsets, keys)


def minhash(
    data: UInt8, offsets: Int64, alphabet: Alphabet, factors: UInt32, terms: UInt32, signatures: UInt16, words: Int64
) -> None:
    """Fills ``words``, (n,), and ``signatures``, (n, 128), where a text has words."""
    takes = "uint8[] int64[] uint8[] int32[] uint32[] uint32[] =uint16[,] =int64[]"
    _run("minhash", takes, data, offsets, *alphabet, factors, terms, signatures, words)


def shingle_sets(data: UInt8, offsets: Int64, alphabet: Alphabet, slots: UInt64, ends: Int64, values: UInt64) -> int:
    """Fills ``values`` with the distinct shingles of each text, one text after the other, in order: how many there are.

    ``ends``, (n,), says where those of each text end. There must be room for all words of the texts; ``slots`` is
    room for a hash table, a power of two long.
    """
    return _run(
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
    """Cuts documents around new Unicode characters, and where they are longer than ``target`` bytes and can be cut.

    Args:
        data: bytes of UTF-8.
        offsets: as above.
        kinds: for each of 2**21 code points what it is to a cut: 1 an old letter or number, 2 a character before which
            a text may be cut if it follows such a one, 3 new Unicode, 0 none of these.
        lowest: the least first byte of a new Unicode character; 255 to cut around none.
        target: bytes a piece has at most, if there are places to cut.
        starts: filled with where each piece begins, and where the last ends.
        new_unicode: filled with whether each has new Unicode characters.
        first: filled with the first piece of each document; every document has at least one.

    Returns:
        How many pieces there are. If there is no room for them, what is filled in means nothing.
    """
    takes = "uint8[] int64[] uint8[] uint64 int64 =int64[] =bool[] =int64[]"
    return _run("split_all", takes, data, offsets, kinds, lowest, target, starts, new_unicode, first)


# Signatures and sets.


def band_keys(signatures: UInt16, keys: UInt32) -> None:
    """Fills ``keys``, (n, bands), with a hash of each band's index and values, a multiple of four of them."""
    _run("band_keys", "uint16[,] =uint32[,]", signatures, keys)


def text_sums(keys: UInt64, signatures: UInt64, sums: UInt32) -> None:
    """Fills ``sums`` with a check sum of each text's key and signature, which is given as 64-bit words."""
    _run("text_sums", "uint64[,] uint64[,] =uint32[]", keys, signatures, sums)


def agreements(signatures: UInt16, pairs: Int64, equal: UInt8) -> None:
    """Fills ``equal`` with the number of values in which the two signatures of each pair, (m, 2), agree."""
    _run("agreements", "uint16[,] int64[,] =uint8[]", signatures, pairs, equal)


def jaccard(offsets: Int64, values: UInt64, pairs: Int64, slots: UInt64, similarity: Float64) -> None:
    """Fills ``similarity`` with the Jaccard similarity of each pair, (m, 2), of sets; 0 for two empty ones.

    ``slots`` is room for a hash table, a power of two long. Pairs whose first set is the same one after another share
    the work on it.
    """
    _run("jaccard", "int64[] uint64[] int64[,] =uint64[] =float64[]", offsets, values, pairs, slots, similarity)


# Buckets: an entry is a band key in the upper half of 64 bits and the number of a text in the lower. Texts that were
# not compared yet have the lowest numbers, below `new`.


def entries_of(band: UInt32, shift: int, prefix: int, entries: UInt64) -> int:
    """Fills ``entries`` with the texts whose band key, shifted, is ``prefix``: how many there are."""
    return _run("entries_of", "uint32[] int64 uint64 =uint64[]", band, shift, prefix, entries)


def mark(band: UInt32, seen: UInt64) -> None:
    """Adds band keys to a set of bits, which is a power of two long."""
    _run("mark", "uint32[] =uint64[]", band, seen)


def entries_seen(band: UInt32, first: int, seen: UInt64, entries: UInt64) -> int:
    """Fills ``entries`` with the texts, from number ``first`` on, whose key may be in the set: how many there are."""
    return _run("entries_seen", "uint32[] uint64 uint64[] =uint64[]", band, first, seen, entries)


def count_met(bands: UInt32, met: UInt64, counts: UInt8) -> None:
    """Fills ``counts`` with how many of each text's band keys, (n, bands), are in a set of bits, and adds them to it.

    The set is a power of two long. Texts are taken in order: a text meets those before it.
    """
    _run("count_met", "uint32[,] =uint64[] =uint8[]", bands, met, counts)


def sort_by_key(entries: UInt64, spare: UInt64) -> None:
    """Sorts entries by band key, equal ones left in their order; ``spare`` is as long, and lost."""
    _run("sort_by_key", "=uint64[] =uint64[]", entries, spare)


def keep_shared(entries: UInt64, new: int) -> int:
    """Moves the sorted entries of buckets of at least two texts, one of them new, to the front: how many there are."""
    return _run("keep_shared", "=uint64[] int64", entries, new)


def next_pairs(entries: UInt64, places: Int64, new: int, bands: UInt32, band: int, pairs: UInt32) -> int:
    """Fills ``pairs``, (m, 2), with texts that share a key of ``band`` and none of a band before; the first one is new.

    Goes on at ``places``, (2,), those of the next two in the sorted entries, which begin with 0 and 1, and brings them
    on: how many pairs there are. All are through when the first of the places is at the end.
    """
    return _run(
        "next_pairs", "uint64[] =int64[] int64 uint32[,] int64 =uint32[,]", entries, places, new, bands, band, pairs
    )


# Groups: a label, equal in all members of a group; `ring` leads from each to the next and at last back, and `size` is
# that of the group with a label.


def merge_links(parent: Int64, links: Int64, begin: Int64, row: Int64, first: Int64) -> None:
    """Merges linked texts in every row that holds both; then ``parent`` is the least document of each one's tree.

    The rows of text t are ``row[begin[t]:begin[t + 1]]``, in order, and ``first`` is a document with the text in each.
    """
    _run("merge_links", "=int64[] int64[,] int64[] int64[] int64[]", parent, links, begin, row, first)


def join(pairs: Int64, label: Int64, ring: Int64, size: Int64) -> None:
    """Makes one group of the groups of the two texts of each pair, (m, 2)."""
    _run("join", "int64[,] =int64[] =int64[] =int64[]", pairs, label, ring, size)


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
    """Fills ``pairs``, (m, 2), with members that agree in ``least`` values or more and are of two groups: how many.

    One of the two is below ``new``. Two groups are joined once the smaller has had ``tries`` pairs, so that ``pairs``
    needs no more room than tries for each group there is. ``failed`` are pairs not to be taken, as ``a << 32 | b``, in
    order; ``apart`` is the number of groups of members; ``sketches`` are the lowest bytes of the members' signatures;
    ``room``, (3, texts), is lost.
    """
    takes = "int64[] int64 uint16[,] uint8[,] int64 int64 int64[] int64 =int64[] =int64[] =int64[] =int64[,] =int64[,]"
    given = (members, new, signatures, sketches, least, tries, failed, apart, label, ring, size, room, pairs)
    return _run("fill_pairs", takes, *given)
