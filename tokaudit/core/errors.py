"""What can go wrong, by what the caller can do about it; each class is one exit code of the command line."""

from typing import ClassVar, Final

_CONTROL: Final = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def printable(text: str) -> str:
    """The text on one line, control characters escaped: a file's name must not write to the terminal."""
    return text.translate(_CONTROL)


class TokauditError(Exception):
    """Base of every error that tokaudit raises on purpose; its text is one complete line for the user."""

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        return printable(super().__str__())


class UsageError(TokauditError):
    """Asked for something that is not there or makes no sense: change the call. Lists what is known."""

    exit_code = 2


class InputError(TokauditError):
    """A file can't be read as what it is said to be: mend the file, or skip it."""

    exit_code = 3


class CatalogError(TokauditError):
    """The catalog is missing, in use, from a newer version, damaged, or no catalog at all."""

    exit_code = 4


class MissingPackageError(TokauditError):
    """An optional package is not installed; the text has the line that installs it."""

    exit_code = 5
