"""Looking up Arrow columns by the paths that users give them (see `record_paths`), including columns inside structs."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.readers.fields.meant_fields import is_list
from tokaudit.readers.fields.record_paths import LIST

_STEP: Final = re.compile(r"\[\]|[^.\[\]]+|[\[\]]")


def type_of(schema: pa.Schema, field: str) -> pa.DataType | None:
    """The type of the column ``field``; for a path with ``[]`` that of its items. None if there is no such column."""
    if field in schema.names:
        return schema.field(field).type
    head, *rest = _STEP.findall(field) or [field]
    if head not in schema.names:
        return None
    kind = schema.field(head).type
    for part in rest:
        if part == LIST:
            if not is_list(kind):
                return None
            kind = kind.value_type
        elif pa.types.is_struct(kind) and kind.get_field_index(part) >= 0:
            kind = kind.field(part).type
        else:
            return None
    return kind


def column_to_read(field: str) -> str:
    """The column that must be read for a path: the path itself, or for texts in lists the top-level column."""
    return _STEP.findall(field)[0] if LIST in field else field


def column_of(batch: pa.RecordBatch, field: str) -> pa.Array:
    """The column ``field``; for a path with ``[]`` the texts joined by line breaks. Nulls if there is no such column.

    Raises:
        pa.ArrowInvalid: the lists of a path are damaged.
    """
    if field in batch.schema.names:
        return batch.column(batch.schema.get_field_index(field))
    if type_of(batch.schema, field) is None:
        return pa.nulls(batch.num_rows)
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import, and few texts are in a struct

    head, *rest = _STEP.findall(field)
    column = batch.column(batch.schema.get_field_index(head))
    return _joined(column, rest) if LIST in rest else pc.struct_field(column, rest)


def _joined(column: pa.Array, steps: Sequence[str]) -> pa.Array:
    """All texts that the steps lead to, joined by row as `record_paths.find` does it, as bytes.

    Null where a list is null, or where no item of a list that is not empty has the text.
    """
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    column.validate(full=True)
    values, rows, empty = column, np.arange(len(column)), np.zeros(len(column), bool)
    first = True
    for step in steps:
        if step != LIST:
            values = pc.struct_field(values, [step])
            continue
        lengths = pc.list_value_length(values)
        if first:
            empty = np.equal(lengths.fill_null(-1).to_numpy(zero_copy_only=False), 0)
            first = False
        rows = np.repeat(rows, lengths.fill_null(0).to_numpy(zero_copy_only=False))
        values = pc.list_flatten(values)
    there = values.is_valid().to_numpy(zero_copy_only=False)
    texts = values.cast(pa.large_binary()).drop_null()  # views can be cast, but not filtered
    counts = np.bincount(rows[there], minlength=len(column))
    lists = pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32()), texts)
    none = pa.array((counts == 0) & ~empty)
    return pc.if_else(
        none, pa.scalar(None, pa.large_binary()), pc.binary_join(lists, pa.scalar(b"\n", pa.large_binary()))
    )
