"""Arrow text as numpy arrays over the same memory, in the one form that the kernels are compiled for."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.types import Int64

UInt8 = npt.NDArray[np.uint8]
S = TypeVar("S", bound=np.generic)


def text_buffers(text: pa.LargeStringArray) -> tuple[UInt8, Int64]:
    """The bytes that ``text`` lies in, and n + 1 offsets into them; nothing is copied, slices are known."""
    if len(text) == 0:  # Arrow may leave the buffers out
        return fixed(np.empty(0, np.uint8)), fixed(np.zeros(1, np.int64))
    _, offset_buffer, byte_buffer = text.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64, count=len(text) + 1, offset=8 * text.offset)
    return fixed(np.frombuffer(byte_buffer, np.uint8)), fixed(offsets)


def fixed(array: npt.NDArray[S]) -> npt.NDArray[S]:
    """A read-only, contiguous view: numba takes a writable array for another type and compiles once more."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view
