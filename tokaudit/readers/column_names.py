"""Looking up columns by the names that users give them, including columns inside structs."""

import pyarrow as pa


def type_of(schema: pa.Schema, field: str) -> pa.DataType | None:
    """The type of the column ``field``; ``a.b`` is also ``b`` in the struct ``a``. None if there is no such column."""
    if field in schema.names:
        return schema.field(field).type
    head, *rest = field.split(".")
    if head not in schema.names:
        return None
    kind = schema.field(head).type
    for part in rest:
        if not pa.types.is_struct(kind) or kind.get_field_index(part) < 0:
            return None
        kind = kind.field(part).type
    return kind


def column_of(batch: pa.RecordBatch, field: str) -> pa.Array:
    """The column ``field``; ``a.b`` is also ``b`` in the struct ``a``. Nulls if there is no such column."""
    if field in batch.schema.names:
        return batch.column(batch.schema.get_field_index(field))
    if type_of(batch.schema, field) is None:
        return pa.nulls(batch.num_rows)
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import, and few texts are in a struct

    head, *rest = field.split(".")
    return pc.struct_field(batch.column(batch.schema.get_field_index(head)), rest)
