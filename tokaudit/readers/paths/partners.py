"""Files that belong to another file and lie next to it."""

import os
from pathlib import Path

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile, is_remote
from tokaudit.readers.paths.remote import file_system, why_not
from tokaudit.readers.reader import Reader


def has_partners(reader: Reader, file: InputFile) -> bool:
    """Whether the reader has partners for a file of this name, and all of them are there; False for members."""
    names = reader.partners(file.name) if file.opener is None else ()  # a member is read alone
    try:
        return bool(names) and all(index_of(file, name) for name in names)
    except FileFault:
        return False


def index_of(file: InputFile, name: str) -> InputFile:
    """The file of this name in the folder of a store.

    Raises:
        FileFault: there is none, or it can't be reached.
    """
    path = file.path.rstrip("/")
    path = path[: len(path) - len(file.name)] + name
    try:
        size = _remote_size(path) if is_remote(path) else _local_size(path)
    except FileNotFoundError as error:
        raise FileFault(
            "no_index",
            f"has no index {name} next to it; put it there, or pass --reader token-ids to cut documents at the"
            " tokenizer's end-of-text id",
        ) from error
    except OSError as error:
        raise FileFault("no_index", f"its index {name} can't be read: {error.strerror or error}") from error
    return InputFile(path, name, size, "")


def _local_size(path: str) -> int:
    if not Path(path).is_file():
        raise FileNotFoundError(path)
    return os.stat(path).st_size  # noqa: PTH116 - as in `files`


def _remote_size(path: str) -> int:
    try:
        system, place = file_system(path)
        return int(system.info(place).get("size") or 0)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise OSError(why_not(error)) from error
