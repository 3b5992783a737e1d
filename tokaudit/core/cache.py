"""What was built or found out once, in the user's cache folder; everything works without it, only slower."""

import hashlib
import os
import tempfile
from pathlib import Path

import platformdirs


def folder() -> Path | None:
    """``$TOKAUDIT_CACHE``, else the system's place for a user's caches; None if the user has no home."""
    if chosen := os.environ.get("TOKAUDIT_CACHE"):
        return Path(chosen)
    usual = Path(platformdirs.user_cache_dir("tokaudit", appauthor=False))
    return usual if usual.is_absolute() else None


def read_cache(key: str) -> bytes | None:
    """What was kept under the key; None if nothing was, or it is damaged."""
    if (file := _file(key)) is None:
        return None
    try:
        digest, _, data = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if digest == _digest(key, data) else None


def write_cache(key: str, data: bytes) -> None:
    """Keep the data under the key, whole or not at all; a folder that can't be written keeps nothing."""
    if (file := _file(key)) is None:
        return
    temporary = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as stream:
            temporary = Path(stream.name)
            stream.write(_digest(key, data) + b"\n" + data)
        temporary.replace(file)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _file(key: str) -> Path | None:
    place = folder()
    return place / "kept" / hashlib.sha256(key.encode()).hexdigest()[:32] if place else None


def _digest(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + data).hexdigest().encode()
