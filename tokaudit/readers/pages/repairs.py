"""Repairs of markup, so that resiliparse takes text that it would leave out.

* It takes `<figure>` for a picture and drops it with all text in it. But it is any content with a caption: tables of
  WordPress and of papers, listings, quotations. Here figures and captions become `<div>`. Pictures have no text anyway.
* As main content, it leaves out every `<ul>` near the top of the document and most lists that link, as navigation. Here
  a list in which less than half of the letters are links is content, unless its class says otherwise. It is handed over
  as `<ol>`, which is never taken for navigation. Of nested lists the outermost decides.
* As main content, it leaves out text that is one character of three bytes in UTF-8, as an icon: a dash between two
  links, or a Chinese character in a cell of a table. Here a mark next to it, taken out again later, makes it two.
"""

from functools import cache
from html.entities import html5
from typing import Final

import numpy as np

from tokaudit.core.kernels.face import UNDECIDED, repair_markup
from tokaudit.core.types import Int64, UInt8

MARK: Final = "\ufdd0"
"""Stands next to a lone character; it is never a character of a text."""

_NAME_BYTES: Final = 32
_NONE: Final = np.zeros(0, np.uint8)


def figures_as_blocks(html: str) -> str:
    """The page with `<div>` for each figure and each caption; a page without lone surrogates."""
    return _repaired(html, whole=False)[0]


def repaired(html: str) -> tuple[str, bool]:
    """The page with all repairs, and whether it has marks; a page without lone surrogates."""
    return _repaired(html, whole=True)


def _repaired(html: str, *, whole: bool) -> tuple[str, bool]:
    data = np.frombuffer(html.encode(), np.uint8)
    filled = np.empty(len(data) + len(data) // 4 * 3, np.uint8)
    changes: Int64 = np.zeros(2, np.int64)
    size = repair_markup(data, whole, _names(), _NONE, filled, changes)
    if size == UNDECIDED:
        size = repair_markup(data, whole, _names(), _is_word(), filled, changes)
    marks, others = changes.tolist()
    return str(filled[:size].data, "utf-8") if marks or others else html, marks > 0


@cache
def _names() -> UInt8:
    """The names of references to one character that would be an icon, in order."""
    wide = [name for name, text in html5.items() if len(text) == 1 and _is_wide(text)]
    rows = np.array(sorted(name.encode() for name in wide if len(name) <= _NAME_BYTES), f"S{_NAME_BYTES}")
    return rows.view(np.uint8).reshape(-1, _NAME_BYTES)


def _is_wide(character: str) -> bool:
    """Whether a character takes three bytes or more in UTF-8 and is not of private use."""
    return character >= "\u0800" and not "\ue000" <= character < "\uf900"


@cache
def _is_word() -> UInt8:
    """Whether each code point is part of words. This takes a tenth of a second; hardly any page needs it."""
    characters = map(chr, range(0x110000))
    return np.fromiter((character.isalnum() for character in characters), np.bool_, 0x110000).view(np.uint8)
