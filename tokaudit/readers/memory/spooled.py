"""Rows and texts in memory as a file of JSON lines: one row, one line, so that they count as records of files do."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from tokaudit.core.errors import UsageError
from tokaudit.readers.fields.meant_fields import meant_field
from tokaudit.readers.fields.record_paths import MISSING, find, missing_field, text_field_of
from tokaudit.readers.files import NO_FILE, InputFile
from tokaudit.readers.memory.rows import Rows
from tokaudit.readers.memory.values import plain, written_label, written_text
from tokaudit.readers.paths.spool import Spool

READER: Final = "jsonl"
"""The reader of the file."""
BELOW: Final = "frame"
"""What the file is called in a folder, for rules on names and for the order of duplicates."""

_BLOCK: Final = 1 << 20
_STEP: Final = re.compile(r"[.\[]")


def frame_path(source: str) -> str:
    """The path of what a program hands over for a source."""
    return f"{NO_FILE[1]}{source}"


def column_at(path: str, columns: Sequence[str]) -> str | None:
    """The column that a path begins in; None if there is none."""
    head = path if path in columns else _STEP.split(path, maxsplit=1)[0]
    return head if head in columns else None


def spooled_texts(source: str, texts: Iterable[Any], field: str) -> InputFile:
    """Texts as the file ``frame:SOURCE``, each in the field. What is not text is a bad record.

    Raises:
        InputError: there is no room to keep them.
    """
    lines = _Lines(source)
    for text in texts:
        lines.add({field: written_text(text)})
    return lines.file()


def spooled_rows(source: str, rows: Rows, fields: Sequence[str], labels: Iterable[str]) -> InputFile:
    """The text and the labels of rows as the file ``frame:SOURCE``.

    Only these values are kept, each under the whole path of its field. So the same texts and labels are the same bytes,
    whatever library the rows are from and however many of them come at once.

    Args:
        source: the source that the rows are counted as.
        rows: the rows.
        fields: where the text is looked for; the first row decides.
        labels: paths of the labels' fields. A field that is not there is no label.

    Raises:
        UsageError: there is no column for the text, or one that is needed is there twice.
        InputError: there is no room to keep them.
    """
    first = rows.first()
    field = _field_of(frame_path(source), rows.columns, first, fields)
    kept = [path for path in dict.fromkeys(labels) if path != field]
    columns = list(dict.fromkeys(column for path in (field, *kept) if (column := column_at(path, rows.columns))))
    twice = next((name for name in columns if rows.columns.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"{frame_path(source)}: the data have the column {twice!r} more than once; rename one of them")
    lines = _Lines(source)
    direct = set(rows.columns).issuperset([field, *kept])
    for chunk in rows.chunks(columns):
        for values in zip(*(chunk[name] for name in columns), strict=True):
            row = dict(zip(columns, values, strict=True))
            lines.add(_line(row if direct else plain(row), field, kept))
    return lines.file()


def _field_of(path: str, columns: Sequence[str], first: Mapping[str, Any] | None, fields: Sequence[str]) -> str:
    """The field with the text: of the first row, or of the columns if there are no rows."""
    row = {} if first is None else plain(dict(first))
    there = [name for name in fields if column_at(name, columns)]
    if not there and columns:
        advice = f"name the column of the text with text_field={meant_field(row) or 'NAME'!r}"
        raise UsageError(f"{path}: {missing_field('column', fields, columns)}; {advice}")
    return text_field_of(row, there) or (there or fields)[0]


def _line(row: Mapping[str, Any], field: str, labels: Iterable[str]) -> dict[str, Any]:
    """What is written of a row."""
    text = find(row, field)
    line = {} if text is MISSING else {field: written_text(text)}
    for path in labels:
        value = find(row, path)
        if value is not MISSING:
            line[path] = written_label(value)
    return line


class _Lines:
    """Writes lines to a spool, a megabyte at a time."""

    def __init__(self, source: str) -> None:
        self._path = frame_path(source)
        self._spool = Spool(self._path)
        self._held = bytearray()

    def add(self, line: Mapping[str, Any]) -> None:
        """Add a line."""
        try:
            self._held += orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
        except TypeError:  # half a surrogate pair: the reader refuses the record
            self._held += json.dumps(line).encode() + b"\n"
        if len(self._held) >= _BLOCK:
            self._flush()

    def file(self) -> InputFile:
        """The file of all lines."""
        self._flush()
        return InputFile(self._path, BELOW, self._spool.size, "", named=True, spool=self._spool)

    def _flush(self) -> None:
        self._spool.write(self._held)
        self._held.clear()
