"""Cuts documents into pieces that together have the same tokens. Pieces share the documents' bytes.

A text may be cut before a *split character* that follows a letter or number: a blank, a line break, a comma, or a
Chinese or Japanese full stop. Pre-tokenizers read from left to right. In the families in use, a run of letters or
numbers ends there whatever follows, and what begins there does not depend on what came before. Normalizers in use do
not change a character because of one beyond such a place. `split_characters` finds which characters are valid for a
vocabulary.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.kernels.face import split_all
from tokaudit.core.types import Int64, UInt8
from tokaudit.measure.fingerprints.buffers import text_buffers
from tokaudit.measure.tokenizers.new_unicode import LOWEST, RANGES
from tokaudit.measure.tokenizers.protocol import LONGEST, UNCOUNTED

SPLIT_CHARACTERS: Final = " \t\n\r,。"

_CODES: Final = 1 << 21  # code points that four bytes of UTF-8 can encode
_LETTERS_END: Final = 0x10000  # letters beyond are rare, and looking up each takes time
_NO_BYTE: Final = 255
_WORD, _SPLIT, _NEW_UNICODE = 1, 2, 3  # kinds of characters, as `split_all` takes them


@dataclass(frozen=True, slots=True)
class Pieces:
    """Documents in pieces.

    Attributes:
        text: the pieces, in order; joined they are the documents.
        first: index of the first piece of each document; each document has at least one.
        new_unicode: whether a piece has new Unicode characters.
    """

    text: pa.LargeStringArray
    first: Int64
    new_unicode: npt.NDArray[np.bool_]

    def sums(self, counts: Int64) -> Int64:
        """The sum of the pieces' counts for each document."""
        summed: Int64 = np.add.reduceat(counts, self.first)
        return summed

    @property
    def longest(self) -> int:
        """Bytes of the longest piece."""
        _, offsets = text_buffers(self.text)
        return int(np.diff(offsets).max())

    @property
    def too_long(self) -> npt.NDArray[np.bool_]:
        """Whether each document has a piece longer than ``LONGEST``."""
        _, offsets = text_buffers(self.text)
        found: npt.NDArray[np.bool_] = np.logical_or.reduceat(np.diff(offsets) > LONGEST, self.first)
        return found


def count_in_pieces(
    text: pa.LargeStringArray,
    split_at: Callable[[], str],
    target: int,
    count: Callable[[Pieces], Int64],
    *,
    isolate_new_unicode: bool,
) -> Int64:
    """Tokens of each document; ``UNCOUNTED`` where a piece stays longer than ``LONGEST``.

    Args:
        text: the documents; no nulls.
        split_at: returns the ``SPLIT_CHARACTERS`` that are valid for the vocabulary; called only if a text is cut.
        target: most bytes that a piece should have.
        count: returns the tokens of each piece.
        isolate_new_unicode: whether new Unicode characters, with the text next to them, become pieces of their own.
    """
    if len(text) == 0:
        return np.zeros(0, np.int64)
    pieces = split_documents(text, "", target, isolate_new_unicode=isolate_new_unicode)
    if pieces.new_unicode.any() or pieces.longest > target:
        pieces = split_documents(text, split_at(), target, isolate_new_unicode=isolate_new_unicode)
    if pieces.longest <= LONGEST:
        return pieces.sums(count(pieces))
    counts = np.full(len(text), UNCOUNTED, np.int64)
    fit = np.flatnonzero(~pieces.too_long)
    counts[fit] = count_in_pieces(
        take_texts(text, fit), split_at, target, count, isolate_new_unicode=isolate_new_unicode
    )
    return counts


def take_texts(text: pa.LargeStringArray, places: Int64) -> pa.LargeStringArray:
    """A copy of the texts at the given places."""
    return text.take(to_arrow(places))


def split_documents(text: pa.LargeStringArray, split_at: str, target: int, *, isolate_new_unicode: bool) -> Pieces:
    """The documents, cut into pieces of at most ``target`` bytes where there are places to cut.

    Args:
        text: at least one document; no nulls.
        split_at: the ``SPLIT_CHARACTERS`` that are valid for the vocabulary.
        target: bytes.
        isolate_new_unicode: whether new Unicode characters, with the text next to them, become pieces of their own.
    """
    data, offsets = text_buffers(text)
    lowest = LOWEST if isolate_new_unicode else _NO_BYTE
    first = np.empty(len(text), np.int64)
    pieces, room = 0, len(text) + 8
    while True:  # a second time if there are more pieces than room
        starts, new_unicode = np.empty(room + 1, np.int64), np.empty(room, np.bool_)
        pieces = split_all(data, offsets, _kinds(split_at), lowest, target, starts, new_unicode, first)
        if pieces <= room:
            break
        room = pieces
    starts, new_unicode = starts[: pieces + 1], new_unicode[:pieces]
    if len(new_unicode) > len(text):
        text = pa.LargeStringArray.from_buffers(len(new_unicode), pa.py_buffer(starts), text.buffers()[2])
    return Pieces(text, first, new_unicode)


@cache
def _kinds(split_at: str) -> UInt8:
    """The kind of each code point, for `split_all`."""
    kinds = np.zeros(_CODES, np.uint8)
    if split_at:
        kinds[:_LETTERS_END] = [unicodedata.category(chr(code))[0] in "LN" for code in range(_LETTERS_END)]
        kinds[:_LETTERS_END] *= _WORD
    kinds[[ord(character) for character in split_at]] = _SPLIT
    for begin, last in RANGES:
        kinds[begin : last + 1] = _NEW_UNICODE
    return kinds


def groups(text: pa.LargeStringArray, limit: int) -> Iterator[tuple[int, int]]:
    """Ranges (start, stop) of consecutive pieces, in order.

    Args:
        text: the pieces.
        limit: most bytes of text in a range; a longer piece is a range of its own.
    """
    _, offsets = text_buffers(text)
    start = 0
    while start < len(text):
        fitting = int(np.searchsorted(offsets, offsets[start] + limit, side="right")) - 1
        stop = max(start + 1, fitting)
        yield start, stop
        start = stop
