"""Where compiled packages are called that may raise anything, Rust's panics included."""

from collections.abc import Iterator
from contextlib import contextmanager


class ForeignError(Exception):
    """A compiled package failed; the text is the first line of what it said."""


@contextmanager
def foreign_errors() -> Iterator[None]:
    """Turns whatever a compiled package raises into ForeignError.

    pyo3's PanicException is a BaseException, so that class is caught; what means "stop" goes through.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        first_line = (str(error).strip().splitlines() or [""])[0][:200]
        raise ForeignError(f"{type(error).__name__}: {first_line}") from error
