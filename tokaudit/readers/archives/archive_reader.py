"""What readers of archives share: reading all members, or only those with wanted records."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager

from tokaudit.core.batches import Found
from tokaudit.core.types import Int64
from tokaudit.readers.archives.archives import MemberReading
from tokaudit.readers.archives.members import Member
from tokaudit.readers.archives.pick_members import pick_members
from tokaudit.readers.faults import yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader

Opened = tuple[MemberReading, Iterable[Member]]


class ArchiveReader(RandomAccessReader):
    """Reads what `ReadOptions.members` chooses of an archive. It has no index of the records of its members."""

    is_table = True
    is_archive = True
    has_pages = True

    @abstractmethod
    def opened(self, file: InputFile, options: ReadOptions) -> AbstractContextManager[Opened]:
        """Open an archive: the reading of its members, and all members, in order."""

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``offset`` is null for records of compressed members and of tables."""
        with self.opened(file, options) as (reading, members):
            yield from reading.read(members)

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield the wanted records if their offsets are known, else all; without reading the members between them."""
        with self.opened(file, options) as (reading, members):
            if offsets is None:
                yield from reading.read(members)
            else:
                yield from pick_members(reading, members, ordinals, offsets)
