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
from typing import Final

import numpy as np

from tokaudit.measure.kernels.face import Alphabet

TABLE: Final = Path(__file__).with_name("words_unicode14.csv")
PAGE: Final = 256
# Four bytes of UTF-8 can spell 21 bits: the table answers for all of them, whatever the bytes are.
CODES: Final = 1 << 21


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
    return Alphabet(np.array(page, np.uint8), np.frombuffer(b"".join(numbers), np.int32))
