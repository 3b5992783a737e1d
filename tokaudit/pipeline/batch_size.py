"""How much text is measured at once: little enough for the memory, and for work that can be shared."""

from typing import Final

_MOST_BYTES: Final = 8_000_000
_MOST_PAGE_BYTES: Final = 2_000_000
"""The same of pages, which take twenty times as long: at the end, no process is left alone with much of them."""
_LEAST_BYTES: Final = 64_000
BYTES_PER_BYTE: Final = 6
"""What a worker has in memory for each byte of text: bytes as read, text in Arrow, token ids."""


def batch_bytes(memory: int, in_hand: int, *, has_pages: bool) -> int:
    """The approximate bytes of text or pages in a batch.

    Args:
        memory: bytes that all batches may take together.
        in_hand: number of batches in memory at once.
        has_pages: whether there may be pages or books.
    """
    most = _MOST_PAGE_BYTES if has_pages else _MOST_BYTES
    return max(_LEAST_BYTES, min(most, memory // (BYTES_PER_BYTE * in_hand)))
