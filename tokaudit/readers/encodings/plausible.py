"""Whether a text that was decoded is one that people write, so that a wrong encoding is noticed."""

import re
import unicodedata
from typing import Final

_PIECE: Final = 1 << 16
_MOST_ODD: Final = 0.01
_FEW: Final = 3
_CONTROLS: Final = re.compile(r"[\0-\x08\x0e-\x19\x1b-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]")
# A symbol between letters, a capital letter after a small one, and letters of two alphabets in a word.
_SYMBOL: Final = (
    "\u00a1-\u00a9\u00ab-\u00b6\u00b8-\u00bf\u00d7\u00f7\u02c6-\u02dd\u2020-\u2022\u2030\u2039-\u2044\u20a0-\u2bff"
)
_LATIN: Final = "a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_CYRILLIC: Final = "\u0400-\u052f"
_GREEK: Final = "\u0370-\u03ff"
_ODD: Final = re.compile(
    rf"(?<=[{_LATIN}{_CYRILLIC}{_GREEK}])[{_SYMBOL}](?=[{_LATIN}{_CYRILLIC}{_GREEK}])"
    "|(?<=[a-z])[\u00c0-\u00d6\u00d8-\u00de\u0160\u017d\u0178\u0152](?=[a-z])"
    "|(?<=[\u0430-\u045f])[\u0400-\u042f](?=[\u0430-\u045f])|(?<=[\u03ac-\u03ce])[\u0391-\u03ab](?=[\u03ac-\u03ce])"
    f"|(?<=[{_CYRILLIC}])[{_LATIN}](?=[{_CYRILLIC}])|(?<=[a-zA-Z])[{_CYRILLIC}{_GREEK}](?=[a-zA-Z])"
)
_FOREIGN: Final = re.compile(r"[^\0-\x7f]")


def is_plausible(text: str) -> bool:
    """Whether every piece of a text has few odd characters, and no controls or unassigned ones."""
    if _CONTROLS.search(text):
        return False
    kinds = {character: unicodedata.category(character) for character in set(text)}
    if "Cn" in kinds.values() or "Cs" in kinds.values():
        return False
    return all(_few_odd(text[begin : begin + _PIECE]) for begin in range(0, len(text), _PIECE))


def _few_odd(piece: str) -> bool:
    odd = len(_ODD.findall(piece))
    return odd <= _FEW or odd <= _MOST_ODD * len(_FOREIGN.findall(piece))
