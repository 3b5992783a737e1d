"""Tar archives, compressed or not: the documents of their members, read as a stream."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from tokaudit.readers.archives.archive_reader import ArchiveReader, Opened
from tokaudit.readers.archives.archives import MemberReading
from tokaudit.readers.archives.tar_blocks import TarBlocks
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import Meter
from tokaudit.readers.unpack.magic import is_tar
from tokaudit.readers.unpack.skip_ahead import ForwardSeekStream, Seekable
from tokaudit.readers.unpack.streams import ByteStream, open_stream

_PACKED: Final = (".tgz", ".tbz", ".tbz2", ".txz", ".tzst")


class Tar(ArchiveReader):
    """Reads what `ReadOptions.members` chooses of an archive."""

    suffixes = (".tar", *_PACKED)
    work_per_byte = 1.5

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether the first block is the header of a member."""
        return is_tar(head)

    def is_packed(self, name: str) -> bool:
        """Whether the suffix is that of a compression, or one such as ``.tgz``."""
        return super().is_packed(name) or name.lower().endswith(_PACKED)

    @contextmanager
    def opened(self, file: InputFile, options: ReadOptions) -> Iterator[Opened]:
        """Open an archive: the reading of its members, and all members, in order."""
        position: Callable[[], int] | None = None

        def stored() -> int:
            return position() if position is not None else 0

        limits = replace(options.limits, meter=Meter(stored))
        with open_stream(file, limits) as stream:
            source, end, position = _source(stream)
            blocks = TarBlocks(source, limits, end)
            reading = MemberReading(file, replace(options, limits=limits), position, lambda: blocks.fault)
            yield reading, blocks.members()


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
