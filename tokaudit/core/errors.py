"""Errors, by what the caller can do about them; each class has one exit code of the command line."""

from typing import ClassVar

from tokaudit.core.printable import printable


class TokauditError(Exception):
    """Base class of all errors that tokaudit raises on purpose; the text is one complete line for the user."""

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        return printable(super().__str__())


class UsageError(TokauditError):
    """Wrong usage: an unknown name or an option that makes no sense; the text lists what is known."""

    exit_code = 2


class InputError(TokauditError):
    """A file that can't be read as what it is said to be: fix it or skip it."""

    exit_code = 3


class CatalogError(TokauditError):
    """A catalog that is missing, in use, from a newer version or damaged, or a file that is not a catalog."""

    exit_code = 4


class MissingPackageError(TokauditError):
    """An optional package that is not installed; the text contains the command that installs it."""

    exit_code = 5
