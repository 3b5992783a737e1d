"""Zip archives: the documents of their members, in the order of the directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import numpy as np

from tokaudit.core.batches import Found
from tokaudit.core.types import Int64
from tokaudit.readers.archives.archives import MemberReading
from tokaudit.readers.archives.pick_members import pick_members
from tokaudit.readers.archives.zip_directory import ZipDirectory
from tokaudit.readers.faults import yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.unpack.limits import Meter

_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_NAME: Final = slice(30, None)
# Formats in a zip archive: EPUB and OpenDocument, Office, Java and Android, wheels.
_OTHERS: Final = (b"mimetype", b"[Content_Types].xml", b"_rels/", b"docProps/", b"META-INF/", b"AndroidManifest.xml")


class Zip(RandomAccessReader):
    """Reads what `ReadOptions.members` chooses of an archive."""

    suffixes = (".zip",)
    is_table = True
    is_archive = True
    work_per_byte = 4.5

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records.

        ``offset`` counts the contents of all members one after the other, as ``unzip -p`` writes them. It is null for
        records of compressed members and of tables.
        """
        with _opened(file, options) as (directory, reading):
            yield from reading.read(directory.members())

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether it is a zip archive, and not another format in one, such as EPUB or DOCX."""
        return head.startswith(_MARKS) and not head[_NAME].startswith(_OTHERS)

    def is_checked(self, file: InputFile) -> bool:
        """Whether the file can be opened: there are check sums of all members."""
        try:
            with file.open() as raw:
                return raw.read(2) == b"PK"
        except OSError:
            return False

    def starts(self, file: InputFile) -> Int64:  # noqa: ARG002 - the directory has no records
        """Zero alone: the directory does not say how many records a member has."""
        return np.zeros(1, np.int64)

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield the wanted records if their offsets are known, else all; without unpacking the members between them."""
        with _opened(file, options) as (directory, reading):
            if offsets is None:
                yield from reading.read(directory.members())
            else:
                yield from pick_members(reading, directory.members(), ordinals, offsets)


@contextmanager
def _opened(file: InputFile, options: ReadOptions) -> Iterator[tuple[ZipDirectory, MemberReading]]:
    """The directory of an archive, and the reading of its members."""
    with file.open() as raw:
        size = raw.seek(0, 2)
        meter = Meter(lambda: size)
        limits = replace(options.limits, meter=meter)
        reading = MemberReading(file, replace(options, limits=limits), raw.tell)
        yield ZipDirectory(raw, limits, meter), reading


READER: Final = Zip()
