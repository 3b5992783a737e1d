"""A file that a catalog relies on: its size, and the hash of its content, as they are now."""

from pathlib import Path
from typing import Final

_HASHED_AT_ONCE: Final = 2**24
"""Bytes that are read at once to hash a file."""


def hash_of(file: Path) -> str | None:
    """The xxh3-128 of a file's content, in hexadecimal; None if it can't be read."""
    import xxhash  # noqa: PLC0415 - commands that only read load this module too

    digest = xxhash.xxh3_128()
    try:
        with file.open("rb") as stream:
            while piece := stream.read(_HASHED_AT_ONCE):
                digest.update(piece)
    except OSError:
        return None
    return digest.hexdigest()


def size_of(file: Path) -> int | None:
    """The size of a file in bytes; None if it is not there."""
    try:
        return file.stat().st_size
    except OSError:
        return None
