"""Which of the old encodings of Western Europe a text is in: those of Windows, of the Macintosh and of DOS.

They have the same letters at different bytes, so that each is text in each. But words in a wrong one contain letters
and signs that are rare in any language.
"""

import re
from typing import Final

ENCODINGS: Final = ("cp1252", "mac_roman", "cp850", "cp437")

_PIECE: Final = 1 << 16
_MOST_RARE: Final = 0.05
_CLEARLY: Final = 4.0
_FEW: Final = 12
_USED_MOST: Final = "cp1252"
_SMALL: Final = (
    "\u00e0\u00e1\u00e2\u00e3\u00e4\u00e5\u00e6\u00e7\u00e8\u00e9\u00ea\u00eb\u00ec\u00ed\u00ee\u00ef\u00f0"
    "\u00f1\u00f2\u00f3\u00f4\u00f5\u00f6\u00f8\u00f9\u00fa\u00fb\u00fc\u00fd\u00fe\u00ff\u00df\u0153"
)
_LARGE: Final = _SMALL.replace("\u00df", "").replace("\u00ff", "").upper()
# Where letters and signs usually are: a small letter next to letters or alone, a capital letter at the start of a word
# or among capitals, quotation marks and dashes at the edges of words, an apostrophe between letters.
_USUAL: Final = re.compile(
    rf"(?<![A-Z{_LARGE}][A-Z{_LARGE}])[{_SMALL}](?![A-Z{_LARGE}])"
    rf"|(?<![a-zA-Z{_SMALL}{_LARGE}])[{_LARGE}]|(?<=[A-Z{_LARGE}])[{_LARGE}](?![a-z{_SMALL}])"
    "|[\u2019](?=[\\W\\da-zA-Z])|(?<![A-Za-z])[\u2018\u201c\u201e\u00ab\u2039\u00bf\u00a1]"
    "|(?<=[\\w.,;:!?'\u2019\u2026) \u00a0-])[\u201d\u00bb\u203a\u201c](?![a-zA-Z])"
    "|[\u2013\u2014\u2026\u00a0\u00b0\u00a3\u00a7\u20ac\u00ba\u00aa](?![a-z])"
    "|(?<=[\\w ])[\u2013\u2014](?=[\\w ])|\u2026"
)
_WORDS: Final = re.compile(rb"[^\s\x80-\xff]{0,40}[\x80-\xff]\S{0,80}")
_FOREIGN: Final = re.compile(r"[^\0-\x7f]")


def western_encoding(data: bytes) -> str | None:
    """The encoding in which every piece of a text reads as words, while no other does as well; None if none is sure."""
    pieces = [b"\n".join(_WORDS.findall(data, begin, begin + _PIECE)) for begin in range(0, len(data), _PIECE)]
    rare = {name: max(_rare(piece.decode(name, errors="replace")) for piece in pieces) for name in ENCODINGS}
    best = min(ENCODINGS, key=rare.__getitem__)
    if rare[best] > _MOST_RARE:
        return None
    text = [piece.decode(best, errors="replace") for piece in pieces]
    others = [rare[name] for name in ENCODINGS if text != [piece.decode(name, errors="replace") for piece in pieces]]
    few = sum(len(_FOREIGN.findall(piece)) for piece in text) < _FEW and best != _USED_MOST
    return None if few or min(others, default=1.0) < max(_CLEARLY * rare[best], _MOST_RARE) else best


def _rare(text: str) -> float:
    """The share of characters outside ASCII that are rare where they are."""
    foreign = len(_FOREIGN.findall(text))
    return 1 - len(_USUAL.findall(text)) / foreign if foreign else 0.0
