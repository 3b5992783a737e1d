"""Faults of whole files, and the decorator that turns one into the last item that a reader yields."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar

from tokaudit.core.bad_codes import BadCode
from tokaudit.core.batches import BadRecord

P = ParamSpec("P")
Item = TypeVar("Item")


class FileFault(Exception):  # noqa: N818 - the file has the fault, not the program
    """A fault after which nothing more can be read from a file; it never leaves the readers."""

    def __init__(self, code: BadCode, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


def unreadable(error: OSError) -> FileFault:
    """The fault for an error of the operating system."""
    return FileFault("unreadable", f"can't be read: {error.strerror or error or type(error).__name__}")


def arrow_fault(error: Exception, what: str) -> FileFault:
    """The fault for an error that Arrow raises when it reads a file; `what` names the format."""
    # Arrow's own errors are bare OSErrors; errors of the system have a number or a subclass.
    if isinstance(error, OSError) and (error.errno is not None or type(error) is not OSError):
        return unreadable(error)
    return FileFault("corrupt", f"contains damaged {what} data: {' '.join(str(error).split())[:300]}")


def yields_faults(
    read: Callable[P, Iterator[Item]],
) -> Callable[P, Iterator[Item | BadRecord]]:
    """Wrap ``read`` so that it ends with a BadRecord of ordinal None instead of raising."""

    @wraps(read)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Iterator[Item | BadRecord]:
        try:
            yield from read(*args, **kwargs)
        except FileFault as fault:
            yield BadRecord(None, None, fault.code, fault.why)
        except OSError as error:
            yield BadRecord(None, None, "unreadable", unreadable(error).why)

    return wrapped
