"""Output files that are written whole or not at all: under a temporary name first."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tokaudit.catalog.layout import sync_folder
from tokaudit.core.errors import InputError, UsageError


@contextmanager
def whole_files(files: Sequence[Path]) -> Iterator[Sequence[BinaryIO]]:
    """Streams for the content of the files. These exist once the block is left, all of them, or none if it fails.

    A file that exists is replaced; of a link, the file that it leads to.

    Args:
        files: where they shall lie; different ones.

    Raises:
        UsageError: one is a folder or a device.
        InputError: one can't be written; the message says which.
    """
    targets = [Path(os.path.realpath(file)) for file in files]
    for file, target in zip(files, targets, strict=True):
        if target.exists() and not target.is_file():
            raise UsageError(f"{file}: is not a regular file; name a file")
        if not target.parent.is_dir():
            raise InputError(f"{file}: the folder {target.parent} does not exist; create it, or name another place")
    temporary = [target.with_name(f".tokaudit-{secrets.token_hex(8)}.tmp") for target in targets]
    try:
        with ExitStack() as opened:
            streams = []
            for file, name in zip(files, temporary, strict=True):
                with write_errors(file):
                    streams.append(opened.enter_context(name.open("xb")))
            yield streams
            for file, stream in zip(files, streams, strict=True):
                with write_errors(file):
                    stream.flush()
                    os.fsync(stream.fileno())
        _put_in_place(files, temporary, targets)
    finally:
        for name in temporary:
            with suppress(OSError):
                name.unlink(missing_ok=True)


def _put_in_place(files: Sequence[Path], temporary: Sequence[Path], targets: Sequence[Path]) -> None:
    made: list[Path] = []
    try:
        for file, name, target in zip(files, temporary, targets, strict=True):
            with write_errors(file):
                was_there = target.exists()
                name.replace(target)
                made += [] if was_there else [target]
                sync_folder(target.parent)
    except BaseException:
        for target in made:
            with suppress(OSError):
                target.unlink()
        raise


@contextmanager
def write_errors(file: Path) -> Iterator[None]:
    """A context in which a refusal of the system says that the file can't be written, and why.

    Raises:
        InputError: the system refused something.
    """
    try:
        yield
    except OSError as error:
        why = f"{error.strerror or error}; free disk space, or name another place"
        raise InputError(f"{file}: can't be written: {why}") from error
