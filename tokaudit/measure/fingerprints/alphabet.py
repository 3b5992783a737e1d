"""The role of each Unicode code point in words, and its lower case. They are the same on every Python version.

``words_unicode14.csv`` contains the code points that are part of words in Unicode 14.0 (the version of Python 3.11,
the oldest supported). A row is a run of code points of equal kind and equal distance to the lower case. Its columns:

* ``first``, ``last``: code points, hexadecimal;
* ``kind``: ``w`` for letters, marks and numbers (general category L, M or N) and ``_``; ``o`` for those that are a
  word of their own: Thai, Lao, Burmese, Khmer, kana and Han;
* ``lower``: what to add for the lower case; 0 if there is none, or if it is more than one code point.

The file must never change, because counts must not depend on the version of Unicode. A test rebuilds it from
``unicodedata`` and compares.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from tokaudit.core.kernels.face import Alphabet

TABLE: Final = Path(__file__).with_name("words_unicode14.csv")
PAGE: Final = 256
# Four bytes of UTF-8 encode 21 bits. The table covers all of them, so that any bytes can be looked up.
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
