"""The shards of some files: a few small ones, or a part of a large one.

How files are cut depends on all that are named, and not on what the catalog has of them: so a run that goes on where
another one died finds its results.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from tokaudit.core.units import format_number_of
from tokaudit.pipeline.batching import treatment
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions

SHARD_BYTES: Final = 32_000_000
"""Stored bytes of a shard: a second of work, or half a minute of pages."""
_MOST_FILES: Final = 1_000
_FILE: Final = 30_000
"""Bytes that a file counts as, for its opening."""
_PAGE: Final = 20
"""How many times as long a byte of a page takes."""


@dataclass(frozen=True, slots=True)
class ShardTask:
    """What is sent to where a shard is measured.

    Attributes:
        files: the files, without counters.
        tokenizers: hashes of the vocabularies to count with.
    """

    files: Sequence[FileTask]
    tokenizers: Sequence[str]

    def __str__(self) -> str:
        path, more = self.files[0].file.path, len(self.files) - 1
        return f"{path} and {format_number_of(more, 'more file')}" if more else path


@dataclass(frozen=True, slots=True)
class Shard:
    """Files, or a part of one, that are measured by themselves.

    Attributes:
        files: the files, all treated alike.
        is_here: whether only this process can read them.
    """

    files: Sequence[FileTask]
    is_here: bool

    @property
    def names(self) -> dict[str, str]:
        """Hash of each vocabulary -> the tokenizer's name in the catalog."""
        return {counter.identity.sha256: name for name, counter in self.files[0].counters.items()}

    def task(self) -> ShardTask:
        """What is sent to where it is measured."""
        files = tuple(replace(each, file=replace(each.file, data=None), counters={}) for each in self.files)
        return ShardTask(files, tuple(self.names))


def cut(selected: Iterable[Selected], tasks: Iterable[FileTask], options: ReadOptions) -> Iterator[Shard]:
    """Yield the shards of the files that are to be read, in their order.

    Args:
        selected: all files that are named.
        tasks: those of them that are to be read, in the same order.
        options: how they are read, but for the text fields and the limits, which each task has.
    """
    to_read = {task.file.path: task for task in tasks}
    for group in _groups(selected):
        files = [to_read[file.path] for file in group if file.path in to_read]
        for (is_here, _), alike in groupby(files, lambda task: (_only_here(task), treatment(task))):
            yield from _shards(list(alike), options, is_here=is_here)


def _groups(selected: Iterable[Selected]) -> Iterator[list[InputFile]]:
    """Yield files that are cut together: some small ones, or one that is large."""
    group: list[InputFile] = []
    held = 0
    for each in selected:
        weight = _FILE + each.file.size * (_PAGE if READERS.get(each.reader).has_pages else 1)
        if group and (held + weight > SHARD_BYTES or len(group) >= _MOST_FILES):
            yield group
            group, held = [], 0
        group.append(each.file)
        held += weight
    if group:
        yield group


def _shards(files: Sequence[FileTask], options: ReadOptions, *, is_here: bool) -> Iterator[Shard]:
    """The files as one shard, or the parts of a single large one."""
    first = files[0]
    parts: Sequence[Any] = ()
    if len(files) == 1 and not is_here and first.file.size >= 2 * SHARD_BYTES:
        own = replace(options, text_fields=first.text_fields, limits=first.limits)
        parts = READERS.get(first.reader).parts(first.file, own, SHARD_BYTES)
    if len(parts) < 2:
        yield Shard(files, is_here)
        return
    for part in parts:
        yield Shard([replace(first, part=part)], is_here)


def _only_here(task: FileTask) -> bool:
    """Whether the bytes are in this process, or a reader of its own locates them."""
    file = task.file
    return file.spool is not None or file.opener is not None or READERS.get(task.reader).scheme is not None
