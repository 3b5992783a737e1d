"""Errors, by what the caller can do about them; each class has one exit code of the command line."""

from typing import ClassVar, Final

_CONTROL: Final = {
    **{code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))},
    # Separators of lines, and what turns the direction of the text after it.
    **{code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))},
}


def printable(text: str) -> str:
    """The text on one line with control characters escaped, so that a file name can't control the terminal."""
    return text.translate(_CONTROL)


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
