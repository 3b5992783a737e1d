"""A guard for calls of compiled packages, which may raise anything, including Rust panics."""

from collections.abc import Iterator
from contextlib import contextmanager


class ForeignError(Exception):
    """A compiled package failed. The text is the type and first line of its error."""


@contextmanager
def foreign_errors() -> Iterator[None]:
    """Turn anything a compiled package raises into ForeignError.

    pyo3's PanicException is a BaseException, so BaseException is caught. Exceptions that mean "stop" pass through.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        first_line = (str(error).strip().splitlines() or [""])[0][:200]
        raise ForeignError(f"{type(error).__name__}: {first_line}") from error
