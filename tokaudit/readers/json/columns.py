"""Many lines of JSON to Arrow columns at once, without one object per line.

pyarrow reads lines about three times as fast as parsing them one by one, and without the interpreter's lock. It is
less strict than orjson, so it is used only where both agree. Every field is declared, and lines that deviate from the
declaration or are ambiguous are parsed one by one. pyarrow would accept anything in a field that is not declared,
such as ``NaN`` or a thousand nested arrays.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

from tokaudit.core.types import Int64
from tokaudit.readers.fields.column_paths import column_of
from tokaudit.readers.fields.record_paths import LIST

_AT_ONCE: Final = pj.ReadOptions(use_threads=False, block_size=2**31 - 1)
Labels = Mapping[str, pa.StringArray]
_OPEN, _CLOSE, _RETURN = b"{}\r"


class JsonColumns:
    """Reads lines that look like those it has seen, and learns from lines that it could not read."""

    def __init__(self, text_field: str, labels: Mapping[str, str]) -> None:
        self._text = text_field
        self._labels = labels
        plain = {name for name in (text_field, *labels.values()) if "." not in name and LIST not in name}
        self._schema = pa.schema([(name, pa.large_string()) for name in sorted(plain)])
        self._read = self._left = 0

    def read(self, lines: memoryview, starts: Int64, ends: Int64) -> tuple[pa.LargeStringArray, Labels] | None:
        """The text and labels of each line; None if the lines must be parsed one by one.

        Args:
            lines: lines with their line feeds.
            starts: first byte of each line.
            ends: position of its line feed, or the end.
        """
        if self._left > self._read + 3 or not _objects(lines, starts, ends):
            return None
        found = self._columns(lines, len(starts))
        self._read += found is not None
        self._left += found is None
        return found

    def learn(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add the fields of records from lines that could not be read."""
        try:
            fields = pa.schema(_declared(pa.infer_type(records)))
            self._schema = pa.unify_schemas([self._schema, fields], promote_options="permissive")
        except (pa.ArrowException, OverflowError):
            pass  # fields of mixed types, which must be parsed one by one

    def _columns(self, lines: memoryview, rows: int) -> tuple[pa.LargeStringArray, Labels] | None:
        how = pj.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error")
        try:
            table = pj.read_json(pa.BufferReader(lines), read_options=_AT_ONCE, parse_options=how)
            table.validate(full=True)  # above all, that texts are UTF-8
        except pa.ArrowException:
            return None
        if table.num_rows != rows:
            return None
        (batch,) = table.combine_chunks().to_batches()
        if not all(map(_finite, batch.columns)):
            return None
        text = self._strings(batch, self._text)
        if text is None or text.null_count:
            return None
        labels = {}
        for name, field in self._labels.items():
            values = self._strings(batch, field)
            if values is None:
                return None
            labels[name] = values.cast(pa.string())
        return text, labels

    def _strings(self, batch: pa.RecordBatch, field: str) -> pa.LargeStringArray | None:
        """A field that contains only strings and nulls; None if it may contain something else."""
        if ("." in field or LIST in field) and field in batch.schema.names:
            return None  # in a record without it, the field inside an object would count
        column = column_of(batch, field)
        if pa.types.is_large_binary(column.type):
            return column.cast(pa.large_string())
        if pa.types.is_null(column.type):
            return pa.nulls(len(column), pa.large_string())
        return column if pa.types.is_large_string(column.type) else None


def _objects(lines: memoryview, starts: Int64, ends: Int64) -> bool:
    """Whether each line begins and ends like an object.

    Then no value spans two lines, because in JSON ``{`` never follows ``}`` inside a value. So if there are as many
    values as lines, each line contains one.
    """
    data = np.frombuffer(lines, np.uint8)
    last = data[ends - 1]
    if (last == _RETURN).any():
        last = data[ends - 1 - (last == _RETURN)]
    return bool((data[starts] == _OPEN).all() and (last == _CLOSE).all())


def _declared(kind: pa.DataType) -> pa.DataType:
    """The type found in records, widened to all that it may be in JSON."""
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _declared(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(_declared(kind.value_type))
    if pa.types.is_string(kind):
        return pa.large_string()
    return pa.float64() if pa.types.is_integer(kind) else kind


def _finite(column: pa.Array) -> bool:
    """Whether all numbers in a column are finite: pyarrow accepts 400 digits and ``NaN``, which is not JSON."""
    if pa.types.is_floating(column.type):
        import pyarrow.compute as pc  # noqa: PLC0415 - slow to import, and many records have no numbers

        return pc.all(pc.is_finite(column), min_count=0).as_py() is not False
    if pa.types.is_struct(column.type):
        return all(map(_finite, column.flatten()))
    return _finite(column.flatten()) if pa.types.is_list(column.type) else True
