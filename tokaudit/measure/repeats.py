r"""Repetition inside a document: the bytes of its lines or paragraphs that occurred in it before.

A line ends at a line break, ``\n``. A paragraph is a run of lines that are not blank. If a text has no blank line
inside, each of its lines is a paragraph, as in text that was extracted from web pages.

White space (a space, a tab, ``\n``, ``\v``, ``\f`` or ``\r``) is removed at both ends of a line or paragraph; a blank
line has no other character. Two are equal if all their bytes are. The first occurrence counts nothing, and each further
one counts all its bytes. Lines and paragraphs that are too short do not count.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.kernels import face
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.core.types import Int64
from tokaudit.measure.fingerprints.buffers import text_buffers

_MOST_SLOTS: Final = 1 << 22
"""Slots of the largest hash table: 32 MiB, for a text of 80 MB. A larger text is read several times."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """What is compared inside a document.

    Attributes:
        by_line: whether lines are compared; else paragraphs.
        length: characters (code points) of the shortest line or paragraph that counts; at least 1.
    """

    by_line: bool = False
    length: int = REPEAT_LENGTH

    def bytes_repeated(self, text: pa.LargeStringArray) -> Int64:
        """UTF-8 bytes of each text's lines or paragraphs that occurred in the same text before.

        Two with the same 64-bit hash are taken for equal, which happens by chance once in a million texts of a million
        different lines.

        Args:
            text: no nulls; may be empty or a slice.
        """
        data, offsets = text_buffers(text)
        repeated = np.zeros(len(text), np.int64)
        most = int(np.diff(offsets).max(initial=0)) // (self.length + 1) + 1
        slots = np.empty(min(_MOST_SLOTS, max(16, 1 << (2 * most - 1).bit_length())), np.uint64)
        face.repeats(data, offsets, self.by_line, self.length, slots, repeated)
        return repeated


PARAGRAPHS: Final = Repeats()
"""What is compared unless it is said: paragraphs of the default length."""
