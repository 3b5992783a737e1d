"""Documents from many JSON records at once: as Arrow columns if that is safe, else parsed one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64
from tokaudit.readers.fields.columns import split_batches
from tokaudit.readers.files import InputFile
from tokaudit.readers.json.columns import JsonColumns
from tokaudit.readers.json.records import GatheredDocuments, JsonRecords
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import longer_than

_SAMPLE: Final = 1_000


@dataclass(frozen=True, slots=True)
class JsonPiece:
    """Some whole records of a file, with only blanks between them; the last ends with a line feed or with the data.

    Attributes:
        data: their bytes.
        starts, ends: first byte of each record in `data`, and the position behind its last.
        offsets: first byte of each record in the file.
        ordinals: ordinals of the records that are not blank, in order.
        lines: the line of each record, from 1, if each record is a line; None if not, or if unknown.
    """

    data: memoryview
    starts: Int64
    ends: Int64
    offsets: Int64
    ordinals: Int64
    lines: Int64 | None = None


def _always(record: bytes) -> bool:  # noqa: ARG001 - the default
    return True


class JsonParser:
    """Parses the pieces of one file into documents."""

    def __init__(
        self,
        file: InputFile,
        options: ReadOptions,
        has_sure_end: Callable[[bytes], bool] = _always,
        *,
        at_start: bool = True,
    ) -> None:
        """Parse records with the options.

        Args:
            file: the file.
            options: how its records are read.
            has_sure_end: whether a record ends where it seems if it is damaged.
            at_start: whether the first record is that of the file.
        """
        self._options = options
        self._has_sure_end = has_sure_end
        self._records = JsonRecords(file, options, at_start=at_start)
        self._columns: JsonColumns | None = None

    def too_large(self, ordinal: int, offset: int, line: int) -> BadRecord:
        """The bad record of a line that is over the limit; the arguments are as in `JsonPiece`."""
        why = longer_than("is", self._options.limits.record).why
        return self._records.bad("too_large", why, ordinal, offset, line)

    def documents(self, piece: JsonPiece, position: int) -> tuple[list[Found], int]:
        """The content of the records, copied out of the piece's memory, and the number of records that are not blank.

        If a record is damaged and its end is not sure, it is the last of these bad records and not among the number;
        those after it are not looked at.
        """
        spans = zip(piece.starts, piece.ends, strict=True)
        self._records.choose_field(piece.data[start:end] for start, end in spans)
        field = self._records.field
        if self._columns is None and field is not None:
            self._columns = JsonColumns(field, self._options.labels)
        found = None if self._columns is None else self._columns.read(piece.data, piece.starts, piece.ends)
        if found is None:
            return self._one_by_one(piece, position)
        text, labels = found
        most = self._options.batch_documents
        return list(split_batches(text, piece.ordinals, piece.offsets, labels, most, position, field)), len(text)

    def _one_by_one(self, piece: JsonPiece, position: int) -> tuple[list[Found], int]:
        found: list[Found] = []
        gathered = GatheredDocuments(self._options.labels)
        sample: list[dict[str, Any]] = []
        records = 0
        for place, (start, end) in enumerate(zip(piece.starts.tolist(), piece.ends.tolist(), strict=True)):
            number = None if piece.lines is None else int(piece.lines[place])
            ordinal, offset = int(piece.ordinals[records]), int(piece.offsets[place])
            document = self._records.parse(piece.data[start:end], ordinal, offset, number)
            if isinstance(document, BadRecord):
                found.append(document)
                if document.code in {"malformed", "encoding"} and not self._has_sure_end(bytes(piece.data[start:end])):
                    break
            elif document is not None:
                gathered.add(document, ordinal, offset)
                if len(sample) < _SAMPLE:
                    sample.append(
                        {name: value for name, value in document.record.items() if name != self._records.field}
                    )
            records += document is not None
            del document  # it may be hundreds of megabytes
        if self._columns is not None:
            self._columns.learn(sample)
        return [*found, *gathered.batches(self._options.batch_documents, position, self._records.field)], records
