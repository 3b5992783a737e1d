"""The interface of a reader: how one format becomes text, and what the rest of tokaudit asks about the format."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np

from tokaudit.core.batches import Found
from tokaudit.core.types import Int64
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import FilePart, PartEnd
from tokaudit.readers.samples import FileSample, sample_from_start
from tokaudit.readers.unpack.magic import compression_suffix
from tokaudit.readers.unpack.streams import has_check_sum


class Reader(ABC):
    """Reads one format. Everything but `read` has a default.

    Attributes:
        suffixes: suffixes of the files' names, in lower case, without the suffix of a compression.
        doubtful_suffixes: suffixes that other formats also have, so that the first bytes decide.
        scheme: first part of the paths that this reader locates itself; None if it locates nothing.
        is_table: whether a file contains records with fields, so that it is data even in a source tree.
        documents_per_file: number of documents in every file; None if it varies.
        work_per_byte: work per stored byte, relative to a byte of JSON lines: more if the format compresses. If the
            file itself is compressed, that comes on top.
        is_archive: whether a file contains other files, so that members of archives are not read with it.
        has_pages: whether a file may contain pages or books, whose text is extracted.
        has_assets: whether a file is a page, next to which scripts and styles may lie that belong to it.
        reads_from_start: whether a file is read from its start to its end, rather than from an index at its end.
        knows_sizes: whether a size of 0 means an empty file; if False, it means an unknown size.
    """

    suffixes: tuple[str, ...] = ()
    doubtful_suffixes: tuple[str, ...] = ()
    scheme: str | None = None
    is_table: bool = False
    documents_per_file: int | None = None
    is_archive: bool = False
    work_per_byte: float = 1.0
    has_pages: bool = False
    has_assets: bool = False
    reads_from_start: bool = True
    knows_sizes: bool = True

    @abstractmethod
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the documents in the order of the file, every record that could not be read, and what is left out.

        Never raises for the content of a file, because a generator that has raised can't continue. Bad records may come
        before the batch that contains their neighbours; each kind is in order. A BadRecord with the ordinal None says
        that the file itself is bad. It comes last; the documents before it are whole, but there may be more.
        """

    def parts(self, file: InputFile, options: ReadOptions, size: int) -> Sequence[FilePart]:  # noqa: ARG002 - the default
        """The parts of a large file, each of about `size` stored bytes; empty if it can only be read as a whole.

        Empty also for a file that can't be read: `read` says why.
        """
        return ()

    def read_part(self, file: InputFile, options: ReadOptions, part: FilePart) -> Iterator[Found | PartEnd]:
        """Yield what is in a part, as `read` does for the whole file, and its end.

        Ordinals and lines are counted from the begin of the part if its end says how many they are.

        Raises:
            NotImplementedError: files of this format have no parts.
        """
        raise NotImplementedError

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the default
        """Whether a file of any name with these first bytes is surely of this format.

        Args:
            head: the first uncompressed bytes.
            whole: whether they are the whole file.
        """
        return False

    def may_begin(self, head: bytes) -> bool:  # noqa: ARG002 - the default
        """Whether a file with a doubtful suffix that the user names may be of this format, by its first bytes."""
        return False

    def has_field(self, file: InputFile, names: Sequence[str]) -> bool:  # noqa: ARG002 - the default
        """Whether the first record of a file, or its schema, has one of these fields.

        True for formats without fields, and for a file that can't be read: `read` says why.
        """
        return True

    def partners(self, name: str) -> tuple[str, ...]:  # noqa: ARG002 - the default
        """The names of files that belong to a file of this name, such as the index of a store.

        They lie next to it and are not counted themselves. A file of a doubtful suffix that has partners is of this
        format if they are there.
        """
        return ()

    def locate(self, path: str, *, named: bool) -> list[InputFile] | None:  # noqa: ARG002 - the default
        """Locate the data at a path; None if its files should be listed instead.

        Args:
            path: the path as the user wrote it.
            named: whether the user also named this reader.

        Raises:
            UsageError, InputError: there is no such data, or it can't be reached.
        """
        return None

    def is_gone(self, path: str) -> bool:  # noqa: ARG002 - the default
        """Whether data that `locate` found is no longer on this machine; False for remote data."""
        return False

    def is_checked(self, file: InputFile) -> bool:
        """Whether check sums cover the text of the whole file: those of its compression, or of the format.

        Without them, changed bytes that are still text can't be noticed. False for a file that can't be opened.
        """
        return has_check_sum(file)

    def is_packed(self, name: str) -> bool:
        """Whether a file of this name is compressed as a whole."""
        return bool(compression_suffix(name))

    def sample(self, file: InputFile, budget: int, options: ReadOptions) -> Iterator[FileSample]:
        """Yield at least one sample, about ``budget`` bytes of text together, evenly spread if possible."""
        yield sample_from_start(self.read(file, options), file, budget)


class RandomAccessReader(Reader):
    """A reader that can reach single records without reading the whole file."""

    def starts(self, file: InputFile) -> Int64:  # noqa: ARG002 - the default
        """The ordinals, ascending from 0, from which it can pick without reading the records before.

        Zero alone for formats without an index.
        """
        return np.zeros(1, np.int64)

    @abstractmethod
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield at least the wanted records, in order; neighbours may be included.

        Args:
            file: the file, unchanged since it was read.
            options: the options that it was read with.
            ordinals: ordinals of the wanted records, ascending.
            offsets: first byte of each wanted record; None if unknown.
        """
