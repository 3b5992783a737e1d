"""Documents from JSON objects that are parsed one by one: which field has the text, and what is wrong with a record."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from tokaudit.core.bad_codes import BadCode
from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.readers.fields.columns import split_batches
from tokaudit.readers.fields.record_paths import MISSING, as_label, find, text_field_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.json.faults import no_field, no_object, no_text, unparsed
from tokaudit.readers.json.numbers import parse_odd_numbers
from tokaudit.readers.options import ReadOptions

_BLANKS: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """The text of a record, and the whole record."""

    text: str
    record: dict[str, Any]


class JsonRecords:
    """Parses the records of one file.

    Of several fields, the first record that has one of them decides for the whole file.

    Args:
        file: the file.
        options: how its records are read.
        at_start: whether the record of ordinal 0 is the first of the file, rather than of a part of it.

    Attributes:
        field: the field with the text; None until a record has one of the fields that are looked for.
    """

    def __init__(self, file: InputFile, options: ReadOptions, *, at_start: bool = True) -> None:
        self._at_start = at_start
        self._is_rows = file.is_rows
        self._below = "" if file.is_rows else file.below
        self._names = options.text_fields
        self.field = self._names[0] if len(self._names) == 1 else None

    def choose_field(self, records: Iterable[memoryview]) -> None:
        """Choose the field by the first of these records that is an object, if it is not known yet and that has one."""
        if self.field is not None:
            return
        for raw in records:
            with suppress(orjson.JSONDecodeError):
                record = orjson.loads(raw)
                if isinstance(record, dict):
                    self.field = text_field_of(record, self._names)
                    return

    def parse(
        self, raw: bytes | memoryview, ordinal: int, offset: int | None, number: int | None
    ) -> JsonDocument | BadRecord | None:
        """The document of a record, or a bad record; None for a blank line.

        Args:
            raw: its bytes.
            ordinal: as in `TextBatch`.
            offset: as in `TextBatch`.
            number: its line in the file, from 1; None if unknown or the format has no lines.
        """
        first = self._at_start and ordinal == 0
        try:
            record = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            held = bytes(raw)
            if not held.strip(_BLANKS):
                return None
            record = parse_odd_numbers(held)
            found = unparsed(held, error) if record is MISSING else self.document(record, first=first)
        else:
            found = self.document(record, first=first)
        if isinstance(found, JsonDocument):
            return found
        code, why = found
        if isinstance(record, list) and first and number == 1 and not self._is_rows:
            why += "; if the file is one array, pass --reader json"
        return self.bad(code, why, ordinal, offset, number)

    def bad(self, code: BadCode, why: str, ordinal: int, offset: int | None, number: int | None) -> BadRecord:
        """The bad record with this code and reason; the other arguments are as in `parse`."""
        if self._is_rows:  # nobody can look up their lines
            offset = number = None
        return BadRecord(ordinal, offset, code, why if number is None else f"line {number}: {why}", number)

    def document(self, record: Any, *, first: bool = True) -> JsonDocument | tuple[BadCode, str]:
        """The document of a parsed record, or the code and reason of its fault.

        Args:
            record: the record.
            first: whether it is the first of the file, so that the file's other records are probably like it.
        """
        if not isinstance(record, dict):
            return no_object(record)
        if self.field is None:
            self.field = text_field_of(record, self._names)
            if self.field is None:
                return no_field(record, self._names, self._below)
        text = find(record, self.field)
        if isinstance(text, str):
            return JsonDocument(text, record)
        return no_text(record, self.field, text, self._below if first else "")


class GatheredDocuments:
    """Documents on their way to batches; texts are kept as bytes."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._fields = labels
        self._texts: list[bytes] = []
        self._ordinals: list[int] = []
        self._offsets: list[int | None] = []
        self._labels: dict[str, list[str | None]] = {name: [] for name in labels}
        self.bytes = 0

    def add(self, found: JsonDocument, ordinal: int, offset: int | None) -> None:
        """Add a document."""
        text = found.text.encode()
        self._texts.append(text)
        self._ordinals.append(ordinal)
        self._offsets.append(offset)
        for name, field in self._fields.items():
            self._labels[name].append(as_label(find(found.record, field)))
        self.bytes += len(text)

    def __len__(self) -> int:
        return len(self._texts)

    def batches(self, most: int, position: int, field: str | None) -> Iterator[TextBatch]:
        """The documents in batches of at most so many; `field` is where their texts are from."""
        if not self._texts:
            return
        text = pa.array(self._texts, pa.large_binary()).view(pa.large_string())
        labels = {name: pa.array(values, pa.string()) for name, values in self._labels.items()}
        ordinals = np.array(self._ordinals, np.int64)
        yield from split_batches(text, ordinals, pa.array(self._offsets, pa.int64()), labels, most, position, field)
