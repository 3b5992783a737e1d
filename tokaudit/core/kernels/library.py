"""Calls functions of the compiled library with arrays, their shapes and their types checked."""

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

LIBRARY: Final = Path(__file__).with_name("kernels.so")
"""Path of the library: next to this file, both in a wheel and in the source tree of an editable install."""

_OUTSIDE: Final = -1


class _Argument(NamedTuple):
    """An argument of a kernel: an array, or a number if it has no dimensions."""

    kind: np.dtype[Any]
    dimensions: int
    filled: bool


def _argument(said: str) -> _Argument:
    """Parse an argument: ``int64`` is a number, ``int64[]`` an array, ``int64[,]`` a matrix; ``=`` means filled."""
    kind, _, shape = said.removeprefix("=").partition("[")
    return _Argument(np.dtype(kind), shape.count(",") + 1 if shape else 0, said.startswith("="))


@cache
def _library() -> ctypes.CDLL:
    try:
        return ctypes.CDLL(str(LIBRARY))
    except OSError as error:
        raise ImportError(
            f"{LIBRARY}: the compiled kernels can't be loaded ({error}); install tokaudit with pip, which builds them"
        ) from error


@cache
def _kernel(name: str, takes: str) -> tuple[Callable[..., int], list[_Argument]]:
    """A function of the library, and its arguments."""
    arguments = [_argument(said) for said in takes.split()]
    function = getattr(_library(), name)
    function.restype = ctypes.c_int64
    function.argtypes = [
        kind
        for argument in arguments
        for kind in (
            [ctypes.c_void_p, *[ctypes.c_int64] * argument.dimensions]
            if argument.dimensions
            else [ctypes.c_uint64 if argument.kind.kind == "u" else ctypes.c_int64]
        )
    ]
    return function, arguments


def run(name: str, takes: str, *given: Any) -> int:
    """Call a kernel with numbers, and with arrays and their shapes; returns the kernel's result.

    Raises:
        TypeError: an array has the wrong type or number of dimensions, or can't be filled in place.
        IndexError: the shapes of arrays do not match, or an index is outside its array.
    """
    function, arguments = _kernel(name, takes)
    passed: list[int] = []
    kept = []  # copies live until the kernel has returned
    for argument, value in zip(arguments, given, strict=True):
        if not argument.dimensions:
            passed.append(int(value))
            continue
        array = value if argument.filled else np.require(value, requirements=["C", "A"])
        if array.dtype != argument.kind or array.ndim != argument.dimensions:
            raise TypeError(f"{name}: got {array.dtype} of shape {array.shape}, takes {takes!r}")
        if argument.filled and not array.flags.carray:
            raise TypeError(f"{name}: an array to fill is read-only, not contiguous or not aligned")
        kept.append(array)
        passed += [array.__array_interface__["data"][0], *array.shape]
    returned = function(*passed)
    if returned == _OUTSIDE:
        raise IndexError(f"{name}: shapes of arrays do not match, or an index is outside its array")
    return returned
