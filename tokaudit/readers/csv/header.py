"""The first row of CSV: the separator, the columns, and which of them has the text."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.readers.faults import FileFault
from tokaudit.readers.fields.record_paths import missing_field
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.magic import UTF8_BOM, binary_format, compression_suffix, other_unicode
from tokaudit.readers.unpack.streams import ByteStream

_SEPARATORS: Final = (",", ";", "\t", "|")
_USUAL: Final = {".tsv": "\t", ".psv": "|"}
_HEAD: Final = 1 << 20
_SHOWN: Final = 40


class Head:
    """The first bytes of a stream, looked at before they are read."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._fault: FileFault | None = None
        pieces = []
        size = 0
        try:
            while size < _HEAD and (piece := stream.read(_HEAD - size)):
                pieces.append(piece)
                size += len(piece)
        except FileFault as fault:
            self._fault = fault
            if not pieces:
                raise
        data = b"".join(pieces)
        self.data = data.removeprefix(UTF8_BOM)
        self.mark = len(data) - len(self.data)
        self._rest = memoryview(self.data)

    def readinto(self, target: memoryview, /) -> int:
        """Fill `target` with the next bytes; see `ByteStream.readinto`."""
        if self._rest:
            piece = self._rest[: len(target)]
            target[: len(piece)] = piece
            self._rest = self._rest[len(piece) :]
            return len(piece)
        if self._fault is not None:
            raise self._fault
        return self._stream.readinto(target)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first row says.

    Attributes:
        separator: the character between two cells.
        columns: the names of the columns.
        first: the cells of the row after it; empty if there is none.
    """

    separator: str
    columns: list[str]
    first: list[str]


def _rows(text: str, separator: str) -> list[list[str]]:
    """The first two rows of a text; none if a cell is longer than ``csv`` allows."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if row:
                rows.append(row)
            if len(rows) == 2:
                break
    except csv.Error:
        pass
    return rows


def read_header(head: bytes, names: Sequence[str], file: InputFile) -> Header | None:
    """The header of a file with these first bytes; None if the file has no rows.

    Of the separators with which a column has a wanted name, or else of all, the one that gives most columns; of
    equals, the one that the name of the file says.

    Raises:
        FileFault: the bytes can't begin such a file.
    """
    if found := binary_format(head):
        raise FileFault("wrong_format", f"is not CSV: it is {found}")
    if found := other_unicode(head):
        raise FileFault("encoding", f"looks like {found}: convert it to UTF-8")
    if not head.strip(b"\r\n"):
        return None
    if 0 in head.lstrip(b"\r\n").splitlines()[0]:
        raise FileFault("wrong_format", "is not CSV: its first row contains a zero byte, so it is binary or UTF-16")
    text = head.decode(errors="replace")
    stem = file.name.lower().removesuffix(compression_suffix(file.name))
    usual = _USUAL.get(stem[stem.rfind(".") :], ",")
    candidates = [
        Header(separator, rows[0], (rows[1:] or [[]])[0])
        for separator in (usual, *(each for each in _SEPARATORS if each != usual))
        if (rows := _rows(text, separator))
    ]
    if not candidates:
        raise FileFault("malformed", f"its first row is longer than {csv.field_size_limit()} characters")
    return max(candidates, key=lambda each: (bool(set(names) & set(each.columns)), len(each.columns)))


def text_column(header: Header, options: ReadOptions, file: InputFile) -> str:
    """The name of the column with the text.

    Raises:
        FileFault: there is no column of the names asked for, or a column that is needed is there twice.
    """
    columns = header.columns
    field = next((name for name in options.text_fields if name in columns), None)
    if field is None:
        meant = None
        named = len(set(columns)) == len(columns) and all(0 < len(each) <= _SHOWN for each in columns)
        if named and len(header.first) == len(columns):
            meant = max(zip(header.first, columns, strict=True), key=lambda pair: len(pair[0]))[1]
        why = missing_field("column", options.text_fields, columns, file.below, meant)
        raise FileFault("no_text", why if meant else f"{why}; the first row must name the columns")
    for name in (field, *options.labels.values()):
        if columns.count(name) > 1:
            raise FileFault("wrong_format", f"contains the column {name!r} more than once")
    return field
