"""Arrow text as NumPy arrays over the same memory."""

import numpy as np
import pyarrow as pa

from tokaudit.core.types import Int64, UInt8


def text_buffers(text: pa.LargeStringArray) -> tuple[UInt8, Int64]:
    """The bytes that contain the texts, and n + 1 offsets into them. Nothing is copied; slices are supported."""
    if len(text) == 0:  # Arrow may leave the buffers out
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    _, offset_buffer, byte_buffer = text.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64, count=len(text) + 1, offset=8 * text.offset)
    return np.frombuffer(byte_buffer, np.uint8), offsets
