"""Repetition inside a text, plain and slow, as `tokaudit.measure.repeats` defines it."""

import re
from typing import Final

WHITE_SPACE: Final = " \t\n\v\f\r"
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t\v\f\r]*\n)+")


def plain_repeats(text: str, length: int = 40, *, by_line: bool) -> int:
    """UTF-8 bytes of the lines or paragraphs of at least ``length`` characters that occurred in the text before."""
    paragraphs = _BLANK_LINES.split(text.strip(WHITE_SPACE))
    parts = text.split("\n") if by_line or len(paragraphs) == 1 else paragraphs
    seen: set[str] = set()
    repeated = 0
    for part in (part.strip(WHITE_SPACE) for part in parts):
        if len(part) >= length:
            repeated += len(part.encode()) if part in seen else 0
            seen.add(part)
    return repeated
