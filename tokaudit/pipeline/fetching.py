"""Files at URLs, fetched before it is their turn."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from tokaudit.pipeline.changes import FileTask
from tokaudit.readers.files import FETCHED_BYTES, InputFile, is_remote
from tokaudit.readers.formats import READERS

_AT_ONCE: Final = 16
_FETCHED_AHEAD: Final = 64
_BYTES_AHEAD: Final = 48 << 20
"""Files, and bytes of them, that are fetched before it is their turn."""


def fetched_ahead(tasks: Iterable[FileTask]) -> Iterator[tuple[FileTask, InputFile]]:
    """Each file, with its bytes if it is small. Files at URLs are fetched many at once, before it is their turn.

    One after the other, each would take as long as its server takes to answer.
    """
    waiting: deque[tuple[FileTask, Future[InputFile] | None]] = deque()
    threads = ThreadPoolExecutor(_AT_ONCE, "fetching")
    under_way = 0
    try:
        for task in tasks:
            waiting.append((task, threads.submit(_fetched, task) if _is_fetched(task) else None))
            under_way += _bytes_ahead(task)
            while len(waiting) > _FETCHED_AHEAD or (under_way > _BYTES_AHEAD and len(waiting) > 1):
                under_way -= _bytes_ahead(waiting[0][0])
                yield from _held(*waiting.popleft())
        while waiting:
            yield from _held(*waiting.popleft())
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _is_fetched(task: FileTask) -> bool:
    """Whether it is a whole file at a URL; a size of 0 may mean that it is unknown."""
    file = task.file
    if task.part is not None or file.opener is not None or READERS.get(task.reader).scheme is not None:
        return False
    return is_remote(file.path) and file.size > 0


def _bytes_ahead(task: FileTask) -> int:
    """The bytes that are fetched of a file before it is its turn."""
    return min(task.file.size, FETCHED_BYTES) if _is_fetched(task) else 0


def _fetched(task: FileTask) -> InputFile:
    return task.file.fetched(from_start=READERS.get(task.reader).reads_from_start)


def _held(task: FileTask, fetched: "Future[InputFile] | None") -> Iterator[tuple[FileTask, InputFile]]:
    file = task.file.held() if fetched is None else fetched.result()
    yield task, file
    file.forget()
