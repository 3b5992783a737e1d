"""Compiled code that cuts documents into pieces; callers see it through `split_points`.

One file on purpose: numba compiles a kept kernel anew when the kernel's own file changes, not when that of a
function it calls does.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int64
from tokaudit.measure.fingerprints.buffers import UInt8
from tokaudit.measure.fingerprints.compiled import kernel

# What a character is to a cut; nought: nothing of these.
WORD: Final = 1  # an old letter or number
SPLIT: Final = 2  # the text may be cut before it, if it follows a letter or number
NEW_UNICODE: Final = 3

BLOCK: Final = 64  # bytes looked at together: most have no byte that a new Unicode character could begin with


@kernel
def decode(data: UInt8, place: int) -> int:
    """The code point that begins at ``place``."""
    first = int(data[place])
    if first < 0x80:
        return first
    second = int(data[place + 1]) & 0x3F
    if first < 0xE0:
        return (first & 0x1F) << 6 | second
    third = int(data[place + 2]) & 0x3F
    if first < 0xF0:
        return (first & 0x0F) << 12 | second << 6 | third
    return (first & 0x07) << 18 | second << 12 | third << 6 | int(data[place + 3]) & 0x3F


@kernel
def can_split(data: UInt8, begin: int, place: int, kinds: UInt8) -> bool:
    """Whether a text that begins at ``begin`` may be cut at ``place``, which is after ``begin`` and in the text."""
    if data[place] & 0xC0 == 0x80 or kinds[decode(data, place)] != SPLIT:  # 0x80: inside a character
        return False
    before = place - 1
    while before > begin and data[before] & 0xC0 == 0x80:
        before -= 1
    follows_word: bool = kinds[decode(data, before)] == WORD
    return follows_word


@kernel
def last_split(data: UInt8, begin: int, place: int, kinds: UInt8) -> int:
    """The last place up to ``place`` at which a text that begins at ``begin`` may be cut; ``begin`` if none."""
    while place > begin and not can_split(data, begin, place, kinds):
        place -= 1
    return place


@kernel
def next_split(data: UInt8, begin: int, place: int, end: int, kinds: UInt8) -> int:
    """The first place from ``place`` on at which the text from ``begin`` to ``end`` may be cut; ``end`` if none."""
    while place < end and not can_split(data, begin, place, kinds):
        place += 1
    return place


@kernel
def next_new_unicode(data: UInt8, place: int, end: int, kinds: UInt8, lowest: np.uint8) -> int:
    """Where the first new Unicode character at or after ``place`` begins (byte ``lowest`` or more); ``end`` if none."""
    while place < end:
        stop = min(place + BLOCK, end)
        if stop == place + BLOCK:
            highest = data[place]
            for byte in data[place:stop]:
                if byte > highest:  # noqa: PLR1730 - `max` would widen the bytes, and LLVM not vectorise it
                    highest = byte
            if highest < lowest:
                place = stop
                continue
        while place < stop:
            if data[place] >= lowest and kinds[decode(data, place)] == NEW_UNICODE:
                return place
            place += 1
    return end


@kernel
def add(
    starts: Int64, new_unicode: npt.NDArray[np.bool_], pieces: int, start: int, is_new: bool
) -> tuple[Int64, npt.NDArray[np.bool_]]:
    """The two arrays with one piece more, in larger arrays if they are full."""
    if pieces == new_unicode.size:
        more_starts, more_new = np.empty(2 * starts.size, np.int64), np.empty(2 * starts.size - 1, np.bool_)
        for piece in range(pieces):  # to compile the copy of a slice takes a second and a half
            more_starts[piece], more_new[piece] = starts[piece], new_unicode[piece]
        starts, new_unicode = more_starts, more_new
    starts[pieces] = start
    new_unicode[pieces] = is_new
    return starts, new_unicode


@kernel
def split_all(
    data: UInt8, offsets: Int64, kinds: UInt8, lowest: np.uint8, target: int
) -> tuple[Int64, npt.NDArray[np.bool_], Int64]:
    """Cuts documents around their new Unicode characters, and what is longer than ``target`` bytes where it can be cut.

    Args:
        data: bytes of UTF-8.
        offsets: where each document begins, and where the last ends.
        kinds: for each code point what it is to a cut.
        lowest: the least first byte of a new Unicode character; 255 to cut around none.
        target: bytes a piece has at most, if there are places to cut.

    Returns:
        Where each piece begins, and where the last ends; whether it has new Unicode characters; the first piece of each
        document. Every document has at least one piece.
    """
    documents = offsets.size - 1
    starts, new_unicode = np.empty(documents + 9, np.int64), np.empty(documents + 8, np.bool_)
    first = np.empty(documents, np.int64)
    pieces = 0
    for document in range(documents):
        first[document] = pieces
        place, end = offsets[document], offsets[document + 1]
        if place == end:
            starts, new_unicode = add(starts, new_unicode, pieces, place, False)
            pieces += 1
        while place < end:
            found = next_new_unicode(data, place, end, kinds, lowest)
            plain = end if found == end else last_split(data, place, found, kinds)
            while place < plain:
                following = plain
                if plain - place > target:
                    following = last_split(data, place, place + target, kinds)
                    if following == place:
                        following = next_split(data, place, place + target, plain, kinds)
                starts, new_unicode = add(starts, new_unicode, pieces, place, False)
                pieces += 1
                place = following
            if place < end:
                starts, new_unicode = add(starts, new_unicode, pieces, place, True)
                pieces += 1
                place = next_split(data, place, found + 1, end, kinds)
    starts[pieces] = offsets[documents]
    return starts[: pieces + 1].copy(), new_unicode[:pieces].copy(), first
