"""How much computing and memory the extraction of one page may take."""

from typing import Final

from tokaudit.core.units import format_bytes

MEMORY: Final = 1 << 30
"""Bytes beyond those of the process, with the bytes of the page itself."""
SECONDS: Final = 10.0
"""Seconds of computing for the smallest page."""
_BYTES_PER_SECOND: Final = 1_000_000


def seconds_for(size: int) -> float:
    """Seconds of computing that a page of so many bytes may take; nearly all take less than a hundredth of it."""
    return SECONDS + size / _BYTES_PER_SECOND


def takes_more_than(memory: int) -> str:
    """Why the text of a page that takes more bytes of memory can't be extracted."""
    return f"it takes more than {format_bytes(memory)} of memory"
