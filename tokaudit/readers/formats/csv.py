"""CSV and its kin: one document per row, with its text in a column that the first row names.

The separator is a comma, semicolon, tab or bar, as the first row shows. All values are text: nothing is taken for a
number or for null, and an empty cell is a document without words. A row of no characters is not a record.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64, UInt8
from tokaudit.readers.csv.cells import cells
from tokaudit.readers.csv.header import Head, Header, read_header, text_column
from tokaudit.readers.csv.records import CsvRecords, Piece, Source
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.fields.columns import any_between, decoded, split_batches
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.unpack.limits import longer_than
from tokaudit.readers.unpack.skip_ahead import Seekable, seekable
from tokaudit.readers.unpack.streams import open_stream

if TYPE_CHECKING:
    from tokaudit.core.bad_codes import BadCode

# Rows nearer than this are reached by reading what is between them, and so much is read at once to pick a row.
_NEAR: Final = 1 << 16


class _Rows:
    """Turns the records of one file into documents."""

    def __init__(self, header: Header, options: ReadOptions, file: InputFile) -> None:
        self._options = options
        self._columns = header.columns
        self._separator = header.separator
        self._field = text_column(header, options, file)

    def records(self, source: Source, size: int, offset: int) -> CsvRecords:
        """The records of a source that begins at this byte of the file."""
        limit = self._options.limits.record
        return CsvRecords(source, ord(self._separator), len(self._columns), size, limit, offset)

    def documents(self, piece: Piece, ordinal: int, position: int, header: int) -> Iterator[Found]:
        """Yield the bad records of a piece, then its documents, copied out of the piece's memory.

        Args:
            piece: the records.
            ordinal: ordinal of the first.
            position: bytes of the stored file read so far.
            header: number of rows to leave out at the start.
        """
        starts, ends = piece.starts[header:], piece.ends[header:]
        first = np.searchsorted(piece.separators, starts)
        sizes = ends - starts
        offsets = starts + piece.offset
        dropped = piece.dropped > 0 and not header
        if dropped:
            sizes[0] += piece.dropped
            offsets[0] -= piece.dropped
        bad = self._malformed(piece, starts, np.searchsorted(piece.separators, ends) - first, sizes)
        good = np.delete(np.arange(len(starts)), list(bad))
        values = np.frombuffer(piece.data, np.uint8)
        bounds = (values, piece.separators, starts[good], ends[good], first[good])
        text, valid, undecodable = decoded(self._cells(self._field, *bounds), "")
        bad |= {int(good[place]): (code, why) for place, code, why in undecodable}
        lines = piece.lines_of(starts[sorted(bad)])
        if dropped and 0 in bad:
            lines[0] = piece.dropped_line
        for (place, (code, why)), line in zip(sorted(bad.items()), lines.tolist(), strict=True):
            yield BadRecord(ordinal + place, int(offsets[place]), code, f"line {line}: {why}", line)
        labels = {name: self._label(field, *bounds) for name, field in self._options.labels.items()}
        if undecodable:
            good = good[valid]
            labels = {name: column.take(pa.array(valid)) for name, column in labels.items()}
        most = self._options.batch_documents
        yield from split_batches(text, good + ordinal, offsets[good], labels, most, position, self._field)

    def _malformed(
        self, piece: Piece, starts: Int64, separators: Int64, sizes: Int64
    ) -> "dict[int, tuple[BadCode, str]]":
        """The index, code and reason of each record that is not a row.

        Args:
            piece: the records.
            starts: first byte of each.
            separators: number of separators in each.
            sizes: bytes of each.
        """
        bad: dict[int, tuple[BadCode, str]] = {}
        columns = len(self._columns)
        for place in np.flatnonzero(separators != columns - 1).tolist():
            bad[place] = ("malformed", f"has {separators[place] + 1} cells, but the header has {columns}")
        for place in (np.searchsorted(starts, piece.stray, side="right") - 1).tolist():
            if place >= 0:  # else it is in the header
                bad[place] = ("malformed", "has text after a closing quote; in a quoted cell, write a quote twice")
        limit = self._options.limits.record
        for place in np.flatnonzero(sizes > limit).tolist():
            bad[place] = ("too_large", longer_than("is", limit).why)
        return bad

    def _cells(
        self, name: str, values: UInt8, separators: Int64, starts: Int64, ends: Int64, first: Int64
    ) -> pa.LargeBinaryArray:
        """The cells of a column.

        Args:
            name: the column.
            values: the bytes of the piece.
            separators: positions of all separators.
            starts: first byte of each record.
            ends: the position after its last.
            first: the index of the first separator of each record.
        """
        place = self._columns.index(name)
        begin = starts if place == 0 else separators[first + (place - 1)] + 1
        end = ends if place == len(self._columns) - 1 else separators[first + place]
        return cells(values, begin, end)

    def _label(self, name: str, values: UInt8, *bounds: Int64) -> pa.StringArray:
        """The cells of a column as labels; null if there is no such column."""
        if name not in self._columns:
            return pa.nulls(len(bounds[1]), pa.string())
        found = self._cells(name, values, *bounds)
        try:
            return found.cast(pa.string())
        except pa.ArrowInvalid:
            return pa.array([each.as_py().decode(errors="replace") for each in found], pa.string())


class Csv(RandomAccessReader):
    """Reads tables of text, compressed or not."""

    suffixes = (".csv", ".tsv", ".psv")
    is_table = True
    work_per_byte = 1.2

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``offset`` is the first byte of the row."""
        with open_stream(file, options.limits) as stream:
            head = Head(stream)
            header = read_header(head.data, options.text_fields, file)
            if header is None:
                return
            rows = _Rows(header, options, file)
            records = rows.records(head, options.batch_bytes, head.mark)
            ordinal = -1  # of the header
            while (piece := records.take()) is not None:
                in_front = int(ordinal < 0 and len(piece.starts) > 0)
                yield from rows.documents(piece, ordinal + in_front, stream.position(), in_front)
                ordinal += len(piece.starts)
                del piece  # free a long row before the next

    def has_field(self, file: InputFile, names: Sequence[str]) -> bool:
        """Whether the first row names one of the columns."""
        try:
            with open_stream(file) as stream:
                header = read_header(Head(stream).data, names, file)
        except (FileFault, OSError):
            return True
        return header is None or bool(set(names) & set(header.columns))

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield the wanted records and some neighbours; a compressed file is unpacked and scanned up to the last."""
        if offsets is None:
            yield from self.read(file, options)
            return
        with open_stream(file, options.limits) as stream:
            header = read_header(Head(stream).data, options.text_fields, file)
        if header is None:
            return
        rows = _Rows(header, options, file)
        with open_stream(file, options.limits) as stream:
            raw = seekable(stream)
            if stream.compression:
                spans, size = [slice(0, len(offsets))], options.batch_bytes
            else:
                spans, size = _spans(offsets), _NEAR
            for span in spans:
                yield from _picked(rows, raw, size, ordinals[span], int(offsets[span.start]))


def _spans(offsets: Int64) -> list[slice]:
    """Slices of neighbouring offsets with small gaps."""
    far = np.flatnonzero(np.diff(offsets) > _NEAR) + 1
    return [slice(begin, end) for begin, end in pairwise([0, *far.tolist(), len(offsets)])]


def _picked(rows: _Rows, raw: Seekable, size: int, ordinals: Int64, offset: int) -> Iterator[Found]:
    """Yield the pieces of a file with these ordinals; the first of them is at `offset`."""
    raw.seek(offset)
    records = rows.records(raw, size, offset)
    first = int(ordinals[0])
    while first <= ordinals[-1] and (piece := records.take()) is not None:
        end = first + len(piece.starts)
        if any_between(ordinals, first, end):
            yield from rows.documents(piece, first, raw.tell(), 0)
        first = end


READER: Final = Csv()
