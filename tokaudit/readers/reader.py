"""What a reader is: one format's way from bytes to text, and what the rest of tokaudit asks of a format."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from tokaudit.core.batches import BadRecord, ReadOptions, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.files import InputFile
from tokaudit.readers.samples import FileSample, sample_from_start


class Reader(ABC):
    """Reads one format. What a format does not say has a default; only `read` has none.

    Attributes:
        suffixes: ends of the names of such files, in lower case, without the end that names a compression.
        doubtful_suffixes: ends that other formats have, too: how such a file begins decides.
        scheme: how the paths begin of what this reader finds by itself; None: it finds nothing.
        is_table: whether a file holds records with fields: data, wherever it lies.
        documents_per_file: how many there are in every file; None: as many as there happen to be.
        work_per_byte: how many bytes of plain text are as much work as a stored byte: more if a format compresses.
        knows_sizes: whether a file of no bytes holds nothing, rather than being of unknown size.
    """

    suffixes: tuple[str, ...] = ()
    doubtful_suffixes: tuple[str, ...] = ()
    scheme: str | None = None
    is_table: bool = False
    documents_per_file: int | None = None
    work_per_byte: float = 1.0
    knows_sizes: bool = True

    @abstractmethod
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[TextBatch | BadRecord]:
        """The documents in the file's order, and every record that could not be read.

        It never raises for what is in a file: a generator that raised cannot go on. Bad records may come before the
        batch that holds their neighbours; both are in order among themselves. A BadRecord whose ordinal is None says
        that the file itself is bad: it comes last, and documents that were read before it are whole, but not all there
        may be.
        """

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - a format may say nothing of it
        """Whether a file of any name whose uncompressed bytes begin so is surely of this format.

        Args:
            head: its first bytes.
            whole: whether that is all of it.
        """
        return False

    def may_begin(self, head: bytes) -> bool:  # noqa: ARG002 - likewise
        """Whether a file of a doubtful suffix that the user names, and that begins so, may be of this format."""
        return False

    def locate(self, path: str, *, named: bool) -> list[InputFile] | None:  # noqa: ARG002 - likewise
        """What lies at a path as this reader finds it by itself; None: its files are to be listed.

        Args:
            path: as the user named it.
            named: whether the user named this reader, too.

        Raises:
            UsageError, InputError: there is nothing of that name, or it can't be reached.
        """
        return None

    def is_gone(self, path: str) -> bool:  # noqa: ARG002 - likewise
        """Whether what `locate` once gave is no longer on this machine; of what is elsewhere nobody asks."""
        return False

    def sample(self, file: InputFile, budget: int, options: ReadOptions) -> Iterator[FileSample]:
        """Samples of about so many bytes of text together, but at least one, evenly spread where that can be."""
        yield sample_from_start(self.read(file, options), file, budget)


class RandomAccessReader(Reader):
    """A reader that can reach some records without reading the whole file."""

    @abstractmethod
    def starts(self, file: InputFile) -> Int64:
        """Places of records, ascending from 0, from which on it picks without reading what lies before them."""

    @abstractmethod
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
