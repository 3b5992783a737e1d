"""The decorator of compiled kernels: they run without the GIL, and their machine code is kept on disk."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
T = TypeVar("T")


def kernel(function: Callable[P, T]) -> Callable[P, T]:
    """``function``, compiled at its first call; other threads run meanwhile, so callers may use several.

    The machine code is kept where ``NUMBA_CACHE_DIR`` points, else beside the source, else in the user's
    cache folder. Where none of these can be written, each process compiles anew.
    """
    try:
        compiled = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba's "no locator available": it found no folder that it may write
        compiled = numba.njit(nogil=True)(function)
    return cast("Callable[P, T]", compiled)


def is_kept(function: Callable[..., Any]) -> bool:
    """Whether the machine code of a kernel lies on disk, so that its first call need not compile it."""
    folder = cast("Any", function).stats.cache_path
    if folder is None:
        return False
    changed = Path(inspect.getfile(cast("Any", function).py_func)).stat().st_mtime
    kept = Path(folder).glob(f"*.{function.__name__}-*.nbi")
    return any(file.stat().st_mtime >= changed for file in kept)
