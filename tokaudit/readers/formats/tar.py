"""Tar archives, compressed or not: the documents of their members, read as a stream."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import numpy as np

from tokaudit.core.batches import Found
from tokaudit.core.types import Int64
from tokaudit.readers.archives.archives import MemberReading
from tokaudit.readers.archives.pick_members import pick_members
from tokaudit.readers.archives.tar_blocks import TarBlocks
from tokaudit.readers.faults import yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.unpack.limits import Meter
from tokaudit.readers.unpack.magic import is_tar
from tokaudit.readers.unpack.skip_ahead import ForwardSeekStream, Seekable
from tokaudit.readers.unpack.streams import ByteStream, open_stream

_PACKED: Final = (".tgz", ".tbz", ".tbz2", ".txz", ".tzst")


class Tar(RandomAccessReader):
    """Reads what `ReadOptions.members` chooses of an archive."""

    suffixes = (".tar", *_PACKED)
    is_table = True
    is_archive = True
    work_per_byte = 1.5

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``offset`` is null for records of compressed members and of tables."""
        with _opened(file, options) as (blocks, reading):
            yield from reading.read(blocks.members())

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether the first block is the header of a member."""
        return is_tar(head)

    def is_packed(self, name: str) -> bool:
        """Whether the suffix is that of a compression, or one such as ``.tgz``."""
        return super().is_packed(name) or name.lower().endswith(_PACKED)

    def starts(self, file: InputFile) -> Int64:  # noqa: ARG002 - the format has no index
        """Zero alone: an archive has no index of its records."""
        return np.zeros(1, np.int64)

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield the wanted records if their offsets are known, else all; without reading the members between them."""
        with _opened(file, options) as (blocks, reading):
            if offsets is None:
                yield from reading.read(blocks.members())
            else:
                yield from pick_members(reading, blocks.members(), ordinals, offsets)


@contextmanager
def _opened(file: InputFile, options: ReadOptions) -> Iterator[tuple[TarBlocks, MemberReading]]:
    """The blocks of an archive, and the reading of its members."""
    position: Callable[[], int] | None = None

    def stored() -> int:
        return position() if position is not None else 0

    limits = replace(options.limits, meter=Meter(stored))
    with open_stream(file, limits) as stream:
        source, end, position = _source(stream)
        blocks = TarBlocks(source, limits, end)
        yield blocks, MemberReading(file, replace(options, limits=limits), position, lambda: blocks.fault)


def _source(stream: ByteStream) -> tuple[Seekable, int | None, Callable[[], int]]:
    """The uncompressed archive, its size if it can seek, and what returns the bytes of the stored file read so far."""
    if not stream.compression:
        try:
            raw = stream.rewound()
            end = raw.seek(0, 2)
        except OSError:  # such as a remote file that only comes as a stream
            return ForwardSeekStream(stream), None, stream.position
        return raw, end, raw.tell  # type: ignore[return-value] # every binary file has `readinto`
    return ForwardSeekStream(stream), None, stream.position


READER: Final = Tar()
