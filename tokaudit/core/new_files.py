"""Output files: never overwritten without being asked to, and written whole or not at all."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.sync import sync_folder
from tokaudit.core.temporary_files import temporary_name


def check_new(files: Mapping[str, Path | None], catalog: Path, *, force: bool) -> None:
    """Return if the files to be written are different ones, and do not exist yet or may be overwritten.

    Args:
        files: option that names it, for messages -> the file; None: none is written.
        catalog: the catalog, which is never overwritten.
        force: whether other files may be.

    Raises:
        UsageError: a file exists, is named twice, or is the catalog.
    """
    asked = {option: file for option, file in files.items() if file is not None}
    named: dict[str, str] = {}
    for option, file in asked.items():
        place = os.path.realpath(file)
        if place == os.path.realpath(catalog):
            raise UsageError(f"{option}: {file}: is the catalog; name another file")
        if place in named:
            raise UsageError(f"{option}: {file}: is also the file of {named[place]}; name two files")
        named[place] = option
    for option, file in asked.items():
        if file.exists() and not force:
            raise UsageError(f"{option}: {file}: exists already; pass --force to overwrite it")


def write_whole(option: str, file: Path, content: str | bytes) -> None:
    """Write a text, as UTF-8, or bytes to a file, whole or not at all; a device is written as it is.

    Raises:
        UsageError: it is a folder.
        InputError: it can't be written; the message names the option.
    """
    data = content.encode() if isinstance(content, str) else content
    if file.exists() and not file.is_file() and not file.is_dir():
        with write_errors(option, file):
            file.write_bytes(data)
        return
    with whole_files({option: file}) as (stream,), write_errors(option, file):
        stream.write(data)


@contextmanager
def whole_files(files: Mapping[str, Path]) -> Iterator[Sequence[BinaryIO]]:
    """Streams for the content of the files. These exist once the block is left, all of them, or none if it fails.

    Each is written under a temporary name first, and what a killed run left there is removed. A file that exists is
    replaced; of a link, the file that it leads to.

    Args:
        files: option that names it, for messages -> where it shall lie; different ones.

    Raises:
        UsageError: one is a folder or a device.
        InputError: one can't be written; the message says which.
    """
    targets = [Path(os.path.realpath(file)) for file in files.values()]
    for (option, file), target in zip(files.items(), targets, strict=True):
        if target.exists() and not target.is_file():
            raise UsageError(f"{option}: {file}: is not a regular file; name a file")
        if not target.parent.is_dir():
            where = f"the folder {target.parent} does not exist; create it, or name another place"
            raise InputError(f"{option}: {file}: {where}")
    temporary = [temporary_name(target.parent) for target in targets]
    try:
        with ExitStack() as opened:
            streams = []
            for (option, file), name in zip(files.items(), temporary, strict=True):
                with write_errors(option, file):
                    streams.append(opened.enter_context(name.open("xb")))
            yield streams
            for (option, file), stream in zip(files.items(), streams, strict=True):
                with write_errors(option, file):
                    stream.flush()
                    os.fsync(stream.fileno())
        _put_in_place(files, temporary, targets)
    finally:
        for name in temporary:
            with suppress(OSError):
                name.unlink(missing_ok=True)


def _put_in_place(files: Mapping[str, Path], temporary: Sequence[Path], targets: Sequence[Path]) -> None:
    made: list[Path] = []
    try:
        for (option, file), name, target in zip(files.items(), temporary, targets, strict=True):
            with write_errors(option, file):
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
def write_errors(option: str, file: Path) -> Iterator[None]:
    """A context in which a refusal of the system says that the file can't be written, and why.

    Args:
        option: the option that names the file.
        file: the file.

    Raises:
        InputError: the system refused something.
    """
    try:
        yield
    except OSError as error:
        why = f"{error.strerror or error}; free disk space, or name another place"
        raise InputError(f"{option}: {file}: can't be written: {why}") from error
