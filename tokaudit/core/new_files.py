"""Output files of text: never overwritten without being asked to, and written whole or not at all."""

from contextlib import suppress
from pathlib import Path

from tokaudit.core.errors import InputError, UsageError


def check_new(option: str, file: Path | None, *, force: bool) -> None:
    """Return if the file to be written does not exist yet or may be overwritten.

    Args:
        option: the option that names it, for the message.
        file: the file; None: none is written.
        force: whether it may be overwritten.

    Raises:
        UsageError: it exists.
    """
    if file and file.exists() and not force:
        raise UsageError(f"{option}: {file}: exists already; pass --force to overwrite it")


def write_whole(option: str, file: Path, text: str) -> None:
    """Write a text under a temporary name, which then becomes that of the file; a device is written as it is.

    Raises:
        InputError: it can't be written; the message names the option.
    """
    part = file.with_name(f".{file.name}.part") if file.is_file() or not file.exists() else file
    try:
        part.write_text(text, encoding="utf-8")
        if part != file:
            part.replace(file)
    except OSError as error:
        if part != file:
            with suppress(OSError):
                part.unlink()
        raise InputError(f"{option}: {file}: can't be written: {error.strerror or error}") from error
