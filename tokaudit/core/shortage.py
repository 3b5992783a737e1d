"""Want of memory or of threads: errors that mean it, and limits that are too low to begin with."""

import contextlib
import errno
import os
import sys
from typing import Final

from tokaudit.core.errors import InputError

_NO_THREAD: Final = ("can't start new thread", "Resource temporarily unavailable")
_NO_MEMORY: Final = ("failed to map segment", "annot allocate memory")
"""Words of Python, of the system and of its loader."""
_OPENING: Final = 816 << 20
_COUNTING: Final = 2544 << 20
"""Bytes of address space of a process that has opened a catalog, and of one that counts, each with one thread:
libraries, stacks, and what they reserve. Reading takes 0.8 GB, and counting 2.4 GB."""
_CORE: Final = 40 << 20
"""Bytes that libraries take for each usable core, however few threads are asked for. Measured were 23 MB to 39 MB."""
_THREAD: Final = 256 << 20
"""Bytes that one more thread takes, of DuckDB and of this program. Measured were 50 MB to 150 MB."""


def shortage(error: BaseException) -> InputError | None:
    """The error for the user, if memory or threads have run out; None: it is another error."""
    said = str(error)
    if isinstance(error, MemoryError) or any(words in said for words in _NO_MEMORY):
        return InputError(
            "memory: there is not enough; free some, raise the limit of this process (`ulimit -v`), or count with fewer"
            " threads and less text at a time (`tokaudit ingest --workers N --memory SIZE`)"
        )
    no_more = isinstance(error, OSError) and error.errno == errno.EAGAIN
    if no_more or (isinstance(error, RuntimeError) and any(words in said for words in _NO_THREAD)):
        return InputError(
            "threads: the system starts no more; end other programs, raise the limit of this user (`ulimit -u`), or"
            " count with fewer threads (`tokaudit ingest --workers N`)"
        )
    return None


def check_address_space(*, counting: bool = False) -> None:
    """Return if this process may take the address space that reading a catalog takes, or that counting takes.

    DuckDB and the system's own library abort the process where a thread gets none, which nothing can catch. A limit on
    address space (`ulimit -v`) is all that is checked, on Linux alone: memory that runs out later raises an error.

    Raises:
        InputError: it may not; nothing was begun.
    """
    limit = _address_space()
    need = _need(_COUNTING if counting else _OPENING)
    if limit is not None and need > limit:
        raise InputError(
            f"memory: this process may take {limit >> 20} MiB of address space and needs {need >> 20} MiB or more;"
            " raise the limit (`ulimit -v`)"
        )


def usable_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def most_threads() -> int | None:
    """The number of threads, at least 1, that the address space of this process has room for; None: it has no limit."""
    limit = _address_space()
    return None if limit is None else 1 + max(0, limit - _need(_COUNTING)) // _THREAD


def _need(for_one_core: int) -> int:
    return for_one_core + _CORE * usable_cores()


def _address_space() -> int | None:
    """The bytes of address space that this process may take; None: as many as there are, or it is not known."""
    with contextlib.suppress(ImportError, OSError):
        import resource  # noqa: PLC0415 - Windows lacks it

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if sys.platform == "linux" and limit != resource.RLIM_INFINITY:
            return limit
    return None
