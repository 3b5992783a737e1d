"""The shape that every reader has."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from tokaudit.core.batches import BadRecord, ReadOptions, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.files import InputFile


class Reader(Protocol):
    """Reads one format. It never raises for what is in a file: a generator that raised cannot go on."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Ends of the names of such files, in lower case, without the end that names a compression."""

    def read(self, file: InputFile, options: ReadOptions) -> Iterator[TextBatch | BadRecord]:
        """The documents in the file's order, and every record that could not be read.

        Bad records may come before the batch that holds their neighbours; both are in order among themselves.
        A BadRecord whose ordinal is None says that the file itself is bad: it comes last, and documents that
        were read before it are whole, but not all there may be.
        """


@runtime_checkable
class RandomAccessReader(Protocol):
    """A reader that can reach some records without reading the whole file."""

    def starts(self, file: InputFile) -> Int64:
        """Places of records, ascending from 0, from which on it picks without reading what lies before them."""

    def pick(
        self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None
    ) -> Iterator[TextBatch | BadRecord]:
        """At least the wanted records, in order; neighbours may come along.

        Args:
            file: the file, as it was when it was read.
            options: as it was read with.
            ordinals: wanted places, ascending.
            offsets: first byte of each wanted record, if known.
        """
