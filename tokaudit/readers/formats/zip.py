"""Zip archives: the documents of their members, in the order of the directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from tokaudit.readers.archives.archive_reader import ArchiveReader, Opened
from tokaudit.readers.archives.archives import MemberReading
from tokaudit.readers.archives.zip_directory import ZipDirectory, is_zip
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import Meter

_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_NAME: Final = slice(30, None)
# Formats in a zip archive: EPUB and OpenDocument, Office, Java and Android, wheels.
_OTHERS: Final = (b"mimetype", b"[Content_Types].xml", b"_rels/", b"docProps/", b"META-INF/", b"AndroidManifest.xml")


class Zip(ArchiveReader):
    """Reads what `ReadOptions.members` chooses of an archive.

    ``offset`` counts the contents of all members one after the other, as ``unzip -p`` writes them.
    """

    suffixes = (".zip",)
    reads_from_start = False
    work_per_byte = 4.5

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether it is a zip archive, and not another format in one, such as EPUB or DOCX."""
        return head.startswith(_MARKS) and not head[_NAME].startswith(_OTHERS)

    def is_checked(self, file: InputFile) -> bool:
        """Whether the file can be opened: there are check sums of all members."""
        return is_zip(file)

    @contextmanager
    def opened(self, file: InputFile, options: ReadOptions) -> Iterator[Opened]:
        """Open an archive: the reading of its members, and all members, in order."""
        with file.open() as raw:
            size = raw.seek(0, 2)
            meter = Meter(lambda: size)
            limits = replace(options.limits, meter=meter)
            reading = MemberReading(file, replace(options, limits=limits), raw.tell)
            yield reading, ZipDirectory(raw, limits, meter).members()


READER: Final = Zip()
