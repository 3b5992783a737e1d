"""The folder that all nodes share, in which the results of tasks wait: on a file system, or at a URL."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from tokaudit.core.errors import InputError
from tokaudit.core.sync import sync_folder
from tokaudit.core.temporary_files import temporary_name
from tokaudit.readers.files import is_remote
from tokaudit.readers.paths.remote import file_system, why_not


class WorkFolder(Protocol):
    """Files that are written whole or not at all. It can be sent to other machines."""

    @property
    def place(self) -> str:
        """The path or URL."""
        ...

    def names(self) -> set[str]:
        """The names of the files; empty if the folder is not there.

        Raises:
            InputError: it can't be listed.
        """
        ...

    def put(self, name: str, write: Callable[[Path], None]) -> None:
        """Write a file under a temporary name, and rename it; the folder is made if it is missing.

        Raises:
            InputError: it can't be written.
        """
        ...

    def fetched(self, name: str) -> AbstractContextManager[Path]:
        """A context with the file on this machine.

        Raises:
            InputError: it is not there, or it can't be read.
        """
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Remove files. Those that are gone or can't be removed are passed over: they take space and do no harm."""
        ...


def work_folder(place: str) -> WorkFolder:
    """The folder at a path or URL."""
    return _RemoteFolder(place) if is_remote(place) else _LocalFolder(os.path.abspath(os.path.expanduser(place)))  # noqa: PTH100, PTH111 - resolve() would follow links


@dataclass(frozen=True, slots=True)
class _LocalFolder:
    """A folder of a file system."""

    place: str

    def names(self) -> set[str]:
        """See `WorkFolder`."""
        with _named(self.place), suppress(FileNotFoundError):
            return set(os.listdir(self.place))  # noqa: PTH208 - names are wanted
        return set()

    def put(self, name: str, write: Callable[[Path], None]) -> None:
        """See `WorkFolder`."""
        folder = Path(self.place)
        with _named(self.place):
            folder.mkdir(parents=True, exist_ok=True)
        temporary = temporary_name(folder)
        try:
            with _named(self.place):
                write(temporary)
                with temporary.open("rb+") as written:
                    os.fsync(written.fileno())
                temporary.replace(folder / name)
                sync_folder(folder)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        """See `WorkFolder`."""
        file = Path(self.place) / name
        if not file.is_file():
            raise _not_shared(self.place, name)
        yield file

    def remove(self, names: Iterable[str]) -> None:
        """See `WorkFolder`."""
        folder = Path(self.place)
        for name in names:
            with suppress(OSError):
                (folder / name).unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()  # only if it is empty


@dataclass(frozen=True, slots=True)
class _RemoteFolder:
    """A folder at a URL."""

    place: str

    def names(self) -> set[str]:
        """See `WorkFolder`."""
        with _named(self.place), suppress(FileNotFoundError):
            system, path = self._system()
            system.invalidate_cache()
            return {str(each).rstrip("/").rpartition("/")[2] for each in system.ls(path, detail=False)}
        return set()

    def put(self, name: str, write: Callable[[Path], None]) -> None:
        """See `WorkFolder`."""
        with tempfile.TemporaryDirectory(prefix="tokaudit-") as folder, _named(self.place):
            file = Path(folder) / name
            write(file)
            system, path = self._system()
            system.makedirs(path, exist_ok=True)
            temporary = f"{path}/.{uuid4().hex}.tmp"
            system.put_file(str(file), temporary)
            system.mv(temporary, f"{path}/{name}")

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        """See `WorkFolder`."""
        with tempfile.TemporaryDirectory(prefix="tokaudit-") as folder:
            file = Path(folder) / name
            with _named(self.place):
                system, path = self._system()
                try:
                    system.get_file(f"{path}/{name}", str(file))
                except FileNotFoundError as error:
                    raise _not_shared(self.place, name) from error
            yield file

    def remove(self, names: Iterable[str]) -> None:
        """See `WorkFolder`."""
        for name in names:
            with suppress(Exception):  # file systems raise many kinds of errors
                system, path = self._system()
                system.rm_file(f"{path}/{name}")

    def _system(self) -> tuple[Any, str]:
        system, path = file_system(self.place)
        return system, path.rstrip("/")


def _not_shared(place: str, name: str) -> InputError:
    why = f"{name} was written there and can't be found; with --work, name a folder that all nodes share"
    return InputError(f"{place}: {why}")


@contextmanager
def _named(place: str) -> Iterator[None]:
    """A context in which an error of a file system names the folder.

    Raises:
        InputError: the file system refused something.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        if not isinstance(error, OSError) and not is_remote(place):
            raise
        why = f"can't be used: {why_not(error)}; free space there, or name another folder with --work"
        raise InputError(f"{place}: {why}") from error
