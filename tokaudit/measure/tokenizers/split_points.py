"""Documents in pieces that have the same tokens as the whole, over the same bytes; nothing is copied.

A text may be cut before a *mark* that follows a letter or number: a blank, a line break, a comma or a full stop
of Chinese and Japanese. Pre-tokenizers read from left to right; for the families in use a run of letters or
numbers ends there whatever comes after, and what begins there knows nothing of what was before. Normalizers in use
change no character by one on the other side of such a place. ``_marks`` says which marks hold for a vocabulary.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.arrow import column
from tokaudit.core.types import Int64
from tokaudit.measure.fingerprints.buffers import UInt8, fixed, text_buffers
from tokaudit.measure.tokenizers.kernels import MARK, WORD, YOUNG, cut_all
from tokaudit.measure.tokenizers.new_unicode import LOWEST
from tokaudit.measure.tokenizers.new_unicode import YOUNG as YOUNG_RANGES
from tokaudit.measure.tokenizers.protocol import LONGEST, UNCOUNTED

MARKS: Final = " \t\n\r,。"

_CODES: Final = 1 << 21  # what four bytes of UTF-8 can spell
_LETTERS_END: Final = 0x10000  # letters beyond are rare, and every one looked up takes time
_NO_BYTE: Final = 255


@dataclass(frozen=True, slots=True)
class Pieces:
    """Documents in pieces.

    Attributes:
        text: the pieces, in order; together they are the documents.
        first: place of the first piece of each document; each has at least one.
        young: whether a piece has young characters.
    """

    text: pa.LargeStringArray
    first: Int64
    young: npt.NDArray[np.bool_]

    def sums(self, counts: Int64) -> Int64:
        """What the pieces of each document count together."""
        summed: Int64 = np.add.reduceat(counts, self.first)
        return summed

    @property
    def longest(self) -> int:
        """Bytes of the longest piece."""
        _, offsets = text_buffers(self.text)
        return int(np.diff(offsets).max())

    @property
    def too_long(self) -> npt.NDArray[np.bool_]:
        """For each document whether it has a piece longer than ``LONGEST``."""
        _, offsets = text_buffers(self.text)
        found: npt.NDArray[np.bool_] = np.logical_or.reduceat(np.diff(offsets) > LONGEST, self.first)
        return found


def count_in_pieces(
    text: pa.LargeStringArray,
    marks: Callable[[], str],
    target: int,
    count: Callable[[Pieces], Int64],
    *,
    around_young: bool,
) -> Int64:
    """Tokens of each document, ``UNCOUNTED`` where no place to cut leaves a piece longer than ``LONGEST``.

    Args:
        text: the documents; no nulls.
        marks: gives those of ``MARKS`` that hold for the vocabulary; asked only if there is something to cut.
        target: bytes a piece should have at most.
        count: tokens of each piece.
        around_young: whether young characters, with what stands beside them, are pieces of their own.
    """
    if len(text) == 0:
        return np.zeros(0, np.int64)
    pieces = cut(text, "", target, around_young=around_young)
    if pieces.young.any() or pieces.longest > target:
        pieces = cut(text, marks(), target, around_young=around_young)
    if pieces.longest <= LONGEST:
        return pieces.sums(count(pieces))
    counts = np.full(len(text), UNCOUNTED, np.int64)
    fit = np.flatnonzero(~pieces.too_long)
    counts[fit] = count_in_pieces(taken(text, fit), marks, target, count, around_young=around_young)
    return counts


def taken(text: pa.LargeStringArray, places: Int64) -> pa.LargeStringArray:
    """A copy of the texts at some places."""
    return text.take(column(places))


def cut(text: pa.LargeStringArray, marks: str, target: int, *, around_young: bool) -> Pieces:
    """The documents, cut where they may be: pieces of at most ``target`` bytes, if there are enough places to cut.

    Args:
        text: at least one document; no nulls.
        marks: those of ``MARKS`` that hold for the vocabulary.
        target: bytes.
        around_young: whether young characters, with what stands beside them, are pieces of their own.
    """
    data, offsets = text_buffers(text)
    lowest = np.uint8(LOWEST if around_young else _NO_BYTE)
    starts, young, first = cut_all(data, offsets, _kinds(marks), lowest, target)
    if len(young) > len(text):
        text = pa.LargeStringArray.from_buffers(len(young), pa.py_buffer(starts), text.buffers()[2])
    return Pieces(text, first, young)


@cache
def _kinds(marks: str) -> UInt8:
    """What each code point is to a cut."""
    kinds = np.zeros(_CODES, np.uint8)
    if marks:
        kinds[:_LETTERS_END] = [unicodedata.category(chr(code))[0] in "LN" for code in range(_LETTERS_END)]
        kinds[:_LETTERS_END] *= WORD
    kinds[[ord(mark) for mark in marks]] = MARK
    for begin, last in YOUNG_RANGES:
        kinds[begin : last + 1] = YOUNG
    return fixed(kinds)


def groups(text: pa.LargeStringArray, limit: int) -> Iterator[tuple[int, int]]:
    """First piece and the one after the last of runs of pieces, in order.

    Args:
        text: the pieces.
        limit: bytes of text a run holds at most; a longer piece is a run of its own.
    """
    _, offsets = text_buffers(text)
    start = 0
    while start < len(text):
        fitting = int(np.searchsorted(offsets, offsets[start] + limit, side="right")) - 1
        stop = max(start + 1, fitting)
        yield start, stop
        start = stop
