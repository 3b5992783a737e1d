"""Arrays at the end of mapped memory: access behind one stops the process, a write before one is noticed."""

import ctypes
import mmap
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from tokaudit.core.kernels.face import Alphabet

Array = npt.NDArray[Any]

_BEFORE = 64
_UNTOUCHED = 0xA5
_NO_ACCESS = 0


class _Walled:
    """A copy of an array between guard bytes, which must not change, and a page that can't be accessed."""

    def __init__(self, array: Array) -> None:
        size = ((array.nbytes + _BEFORE) // mmap.PAGESIZE + 1) * mmap.PAGESIZE
        memory = np.frombuffer(mmap.mmap(-1, size + mmap.PAGESIZE), np.uint8)
        assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(memory.ctypes.data + size), mmap.PAGESIZE, _NO_ACCESS) == 0
        begin = size - array.nbytes
        self.before = memory[begin - _BEFORE : begin]
        self.before[:] = _UNTOUCHED
        self.copy = memory[begin:size].view(array.dtype).reshape(array.shape)
        self.copy[...] = array


def run_walled(kernel: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call a kernel on walled copies of the arrays, copy filled arrays back, and return its result.

    Raises:
        AssertionError: the kernel wrote before an array. Reading or writing behind an array stops the process.
    """
    walled: list[tuple[Array, _Walled]] = []

    def copy(value: Any) -> Any:
        if isinstance(value, Alphabet):
            return Alphabet(*map(copy, value))
        if not isinstance(value, np.ndarray):
            return value
        walled.append((value, _Walled(value)))
        return walled[-1][1].copy

    try:
        return kernel(*map(copy, given), **{name: copy(value) for name, value in named.items()})
    finally:
        for array, wall in walled:
            assert (wall.before == _UNTOUCHED).all(), "written before an array"
            if array.flags.writeable:
                array[...] = wall.copy
