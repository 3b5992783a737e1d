"""Results kept in the user's cache folder; everything works without them, only slower."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import platformdirs

from tokaudit.core.logs import logger
from tokaudit.core.temporary_files import temporary_name

_LOG: Final = logger(__name__)


def folder() -> Path | None:
    """``$TOKAUDIT_CACHE``, or else the system's cache folder of the user; None if the user has no home folder."""
    if chosen := os.environ.get("TOKAUDIT_CACHE"):
        return Path(chosen)
    usual = Path(platformdirs.user_cache_dir("tokaudit", appauthor=False))
    return usual if usual.is_absolute() else None


def read_cache(key: str) -> bytes | None:
    """The data kept under the key; None if there is none or it is damaged."""
    if (file := _file(key)) is None:
        return None
    try:
        digest, _, data = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if digest == _digest(key, data) else None


def write_cache(key: str, data: bytes) -> None:
    """Keep the data under the key, whole or not at all; do nothing if the folder can't be written."""
    if (file := _file(key)) is None:
        return
    temporary = temporary_name(file.parent)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(_digest(key, data) + b"\n" + data)
        temporary.replace(file)
    except OSError as error:
        _LOG.info(
            "%s: can't be written (%s), so that tokaudit takes longer each time", folder(), error.strerror or error
        )
        with suppress(OSError):
            temporary.unlink()


def _file(key: str) -> Path | None:
    place = folder()
    return place / "kept" / hashlib.sha256(key.encode()).hexdigest()[:32] if place else None


def _digest(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + data).hexdigest().encode()
