"""Text that people see as it is: what is invisible, or controls a terminal or the direction of text, is escaped."""

import re
from typing import Final

_CONTROLS: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""What controls a terminal, lines or the direction of text."""
HIDDEN: Final = _CONTROLS + (
    r"\u061c\u200e\u200f"  # marks of direction
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0d\ufeff"
    r"\uffa0\ufff0-\ufffb"  # what has no width: fillers, selectors, byte order marks, annotations
)
"""Characters that are escaped, as a class of a regular expression in Python and JavaScript: Unicode's controls, and
those that it lets programs show as nothing (``Default_Ignorable_Code_Point``). Those beyond U+FFFF are in `_FAR`, and
those that letters and emoji may need in `_JOINERS`."""

_FAR: Final = r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # shorthand, music, tags
_JOINERS: Final = r"\u200c\u200d\ufe0e\ufe0f"
_EMOJI: Final = r"\u2190-\u2bff\U0001f000-\U0001faff"
_JOINED: Final = r"\u0600-\u109f\u1780-\u17b3\u17b6-\u180a\u1820-\u1cff"  # Arabic to Mongolian: joiners shape letters
_KEPT: Final = (
    rf"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])"  # as in Persian and Malayalam
    rf"|(?<=[\ufe0f{_EMOJI}])\u200d(?=[{_EMOJI}])"  # as in families
    rf"|(?<=[0-9#*\xa9\xae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299{_EMOJI}])[\ufe0e\ufe0f]"  # text or picture
)
_CONTROL: Final = re.compile(f"[{_CONTROLS}]")
_ESCAPED: Final = re.compile(rf"({_KEPT})|[{HIDDEN}{_FAR}{_JOINERS}]")


def printable(text: str) -> str:
    r"""The text on one line, in which all that misleads is escaped, so that a file name can't control the terminal.

    A control character becomes ``\x1b``, a mark of direction ``\u202e``, a tag ``\U000e0041``. Joiners between
    letters of scripts that need them, and those inside emoji, stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return _ESCAPED.sub(lambda found: found[1] or _escape(ord(found[0])), text)


def has_control(text: str) -> bool:
    """Whether a text has a character that controls a terminal, lines or the direction of text."""
    return _CONTROL.search(text) is not None


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
