"""What each Unicode code point is to a word, and its lower case; the same on every Python.

``words_unicode14.csv`` holds the code points that are part of words by Unicode 14.0 (that of Python 3.11, the
oldest supported), in runs of equal kind and equal distance to the lower case. Its columns:

* ``first``, ``last``: hexadecimal;
* ``kind``: ``w`` for a letter, mark or number (general category L, M or N) and ``_``; ``o`` for those of them
  that are a word of their own: Thai, Lao, Burmese, Khmer, kana and Han;
* ``lower``: what to add for the lower case; 0 where there is none, or where it is not one code point.

A later version of Unicode must not change what was counted, so the file stays as it is. Its test makes it
again from ``unicodedata`` and compares.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tokaudit.measure.fingerprints.buffers import UInt8, fixed

TABLE: Final = Path(__file__).with_name("words_unicode14.csv")
PAGE: Final = 256
# Four bytes of UTF-8 can spell 21 bits: the table answers for all of them, whatever the bytes are.
CODES: Final = 1 << 21


class Alphabet(NamedTuple):
    """From code point to kind and lower case, in pages of 256 code points, equal pages kept once.

    A named tuple because kernels can take one.

    Attributes:
        ascii: for each of the 128 ASCII codes its lower case; 0 where it separates words.
        page: for each 256 code points, which page is theirs.
        entries: the pages, one after the other; for each code point 0 where it separates words, else four
            times what to add for the lower case, plus 1 (part of a word) or 2 (a word of its own).
    """

    ascii: UInt8
    page: UInt8
    entries: npt.NDArray[np.int32]


@cache
def alphabet() -> Alphabet:
    """The table, read once."""
    flat = np.zeros(CODES, np.int32)
    with TABLE.open(encoding="ascii", newline="") as lines:
        for row in csv.DictReader(lines):
            first, last = int(row["first"], 16), int(row["last"], 16)
            flat[first : last + 1] = 4 * int(row["lower"]) + (2 if row["kind"] == "o" else 1)
    numbers: dict[bytes, int] = {}
    page = [numbers.setdefault(part.tobytes(), len(numbers)) for part in flat.reshape(-1, PAGE)]
    lower = np.where(flat[:128] == 0, 0, np.arange(128) + (flat[:128] >> 2))
    return Alphabet(
        ascii=fixed(lower.astype(np.uint8)),
        page=fixed(np.array(page, np.uint8)),
        entries=fixed(np.frombuffer(b"".join(numbers), np.int32)),
    )
