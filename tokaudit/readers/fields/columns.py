"""Documents from Arrow columns: whole tables, or texts that a reader has put into columns.

Texts are copied at most one batch at a time, because a dictionary or a view can expand to far more text than it
stores.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.bad_codes import BadCode
from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault
from tokaudit.readers.fields.column_paths import column_of, column_to_read, type_of
from tokaudit.readers.fields.meant_fields import is_text, meant_column, path_of_lists
from tokaudit.readers.fields.record_paths import as_label, missing_field, read_advice
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import longer_than


def text_column_of(schema: pa.Schema, names: Sequence[str], file: InputFile) -> str:
    """The first of the names that is a column with text, or else the first that is a column.

    Raises:
        FileFault: there is no column of these names, or it contains something else than text.
    """
    there = {name: kind for name in names if (kind := type_of(schema, name)) is not None}
    texts = [name for name, kind in there.items() if is_text(kind)]
    if texts:
        return next((name for name in texts if not pa.types.is_null(there[name])), texts[0])
    if not there:
        raise FileFault("no_text", missing_field("column", names, schema.names, file.below, meant_column(schema)))
    name, kind = next(iter(there.items()))
    advice = read_advice(file.below, path_of_lists(name, kind))
    raise FileFault("text_type", f"the column {name!r} contains {kind}, not text{advice}")


def check_schema(schema: pa.Schema, options: ReadOptions, file: InputFile) -> tuple[str, list[str]]:
    """The path of the text's column, and all columns to read: paths, or for texts in lists the whole column.

    Raises:
        FileFault: there is no text column of the names asked for, or a column is there twice.
    """
    names = schema.names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileFault("wrong_format", f"contains the column {twice[0]!r} more than once")
    field = text_column_of(schema, options.text_fields, file)
    paths = [name for name in (field, *options.labels.values()) if type_of(schema, name) is not None]
    return field, list(dict.fromkeys(name if name in names else column_to_read(name) for name in paths))


@dataclass(frozen=True, slots=True)
class _Texts:
    """A text column that is copied piece by piece: ``values``, or the values that ``indices`` point to."""

    values: pa.Array
    indices: pa.Array | None

    @classmethod
    def of(cls, column: pa.Array) -> "_Texts":
        if pa.types.is_dictionary(column.type):
            return cls(cls.of(column.dictionary).piece(0, len(column.dictionary)), column.indices)
        return cls(column, None)

    def lengths(self) -> Int64:
        """The number of bytes of each text; 0 for null."""
        values = self.values
        if pa.types.is_string_view(values.type) or pa.types.is_binary_view(values.type):
            # Each view has 16 bytes; the first four are its length.
            views = np.frombuffer(values.buffers()[1], np.int32)[::4] if len(values) else np.empty(0, np.int32)
            found = views[values.offset : values.offset + len(values)].astype(np.int64)
            found[values.is_null().to_numpy(zero_copy_only=False)] = 0
        elif pa.types.is_null(values.type):
            found = np.zeros(len(values), np.int64)
        else:
            import pyarrow.compute as pc  # noqa: PLC0415 - slow to import, and most ingests read no columns

            found = pc.binary_length(values).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        if self.indices is None:
            return found
        places = self.indices.fill_null(0).to_numpy(zero_copy_only=False)
        used = found[places] if len(found) else np.zeros(len(places), np.int64)
        used[self.indices.is_null().to_numpy(zero_copy_only=False)] = 0
        return used

    def piece(self, start: int, stop: int) -> pa.LargeBinaryArray:
        """The texts from ``start`` to before ``stop`` as bytes; nulls stay null."""
        if self.indices is None:
            return self.values.slice(start, stop - start).cast(pa.large_binary())
        return self.values.take(self.indices.slice(start, stop - start))


def _pieces(lengths: Int64, options: ReadOptions) -> Iterator[tuple[int, int]]:
    """Ranges of at most one batch each; a longer text is a range of its own."""
    ends = np.cumsum(lengths)
    start = 0
    while start < len(lengths):
        before = int(ends[start] - lengths[start])
        stop = max(start + 1, int(np.searchsorted(ends, before + options.batch_bytes, side="right")))
        stop = min(stop, start + options.batch_documents)
        yield start, stop
        start = stop


def _label_lengths(labels: Mapping[str, pa.Array]) -> Int64 | int:
    """The number of bytes that the labels of each row take if they are texts."""
    return sum(_Texts.of(values).lengths() for values in labels.values() if is_text(values.type))


_BYTES = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}


def _check(column: pa.Array) -> None:
    """Raise ArrowInvalid if the buffers of a column contradict each other; UTF-8 is checked later."""
    if pa.types.is_dictionary(column.type):
        _check(column.dictionary)
        column.indices.validate(full=True)
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        span = pc.min_max(column.indices)
        low, high = span["min"].as_py(), span["max"].as_py()
        if low is not None and not 0 <= low <= high < len(column.dictionary):
            raise pa.ArrowInvalid("an index points outside of its dictionary")
    else:
        column.view(_BYTES.get(column.type, column.type)).validate(full=True)


def _undecodable(texts: pa.LargeBinaryArray) -> dict[int, str]:
    """Index -> reason for each text that is not valid UTF-8."""
    found = {}
    for place, value in enumerate(texts):
        try:
            (value.as_py() or b"").decode()
        except UnicodeDecodeError as error:
            found[place] = f"byte {error.start + 1} of the text is not valid UTF-8"
    return found


def _label(value: pa.Scalar) -> str | None:
    try:
        return as_label(value.as_py())
    except (ValueError, OverflowError, TypeError):  # such as a date that Python can't hold
        return None


def _taken(column: pa.Array, rows: Int64) -> pa.Array:
    """Some rows of a column; Arrow can't take them from a column of views, so their views of 16 bytes are copied."""
    if not (pa.types.is_string_view(column.type) or pa.types.is_binary_view(column.type)):
        return column.take(pa.array(rows))
    if not len(rows):
        return column.slice(0, 0)
    _, views, *data = column.buffers()
    chosen = np.frombuffer(views, "V16")[column.offset + rows]
    valid = np.packbits(column.is_valid().to_numpy(zero_copy_only=False)[rows], bitorder="little")
    return pa.Array.from_buffers(column.type, len(rows), [pa.py_buffer(valid), pa.py_buffer(chosen), *data])


def _labels(column: pa.Array) -> pa.StringArray:
    """Labels as ``as_label`` makes them; null if a value can't be expressed as text."""
    if is_text(column.type):
        try:
            return column.cast(pa.string())
        except pa.ArrowException:
            pass  # bytes that are not UTF-8, or a type that Arrow can't cast: convert one by one
    return pa.array([_label(value) for value in column], pa.string())


def documents(
    batch: pa.RecordBatch,
    field: str,
    options: ReadOptions,
    first: int,
    position: int,
    wanted: Int64 | None = None,
) -> Iterator[TextBatch | BadRecord]:
    """Yield the documents of a record batch.

    Args:
        batch: a record batch with the columns of the text and the labels.
        field: path of the text's column.
        options: the paths of the labels' columns, and the most documents per batch.
        first: ordinal of the first row.
        position: bytes of the file up to the last row.
        wanted: ordinals of the documents to yield, ascending; None for all.

    Raises:
        FileFault: the buffers of a column contradict each other.
    """
    column, kept = _checked(batch, field, options)
    ordinals = np.arange(first, first + batch.num_rows, dtype=np.int64)
    if wanted is not None:
        rows = np.flatnonzero(np.isin(ordinals, wanted))
        ordinals, column = ordinals[rows], _taken(column, rows)
        kept = {name: _taken(values, rows) for name, values in kept.items()}
    texts = _Texts.of(column)
    lengths = texts.lengths()
    if len(long := np.flatnonzero(lengths > options.limits.record)):
        why = longer_than("is", options.limits.record).why
        yield from (BadRecord(int(ordinals[place]), None, "too_large", why) for place in long)
        rows = np.flatnonzero(lengths <= options.limits.record)
        ordinals, lengths, texts = ordinals[rows], lengths[rows], _Texts.of(_taken(column, rows))
        kept = {name: _taken(values, rows) for name, values in kept.items()}
    for start, stop in _pieces(lengths + _label_lengths(kept), options):
        labels = {name: _labels(values.slice(start, stop - start)) for name, values in kept.items()}
        text, good, bad = decoded(texts.piece(start, stop), f"the column {field!r} is null")
        ordinal = ordinals[start:stop]
        yield from (BadRecord(int(ordinal[place]), None, code, why) for place, code, why in bad)
        if bad:
            ordinal = ordinal[good]
            labels = {name: values.take(pa.array(good)) for name, values in labels.items()}
        if len(ordinal):
            yield TextBatch(text, ordinal, pa.nulls(len(ordinal), pa.int64()), labels, position, field)


def any_between(wanted: Int64, first: int, end: int) -> bool:
    """Whether a wanted ordinal, of those ascending, is in the range from ``first`` to before ``end``."""
    return bool(np.searchsorted(wanted, first) < np.searchsorted(wanted, end))


def _checked(batch: pa.RecordBatch, field: str, options: ReadOptions) -> tuple[pa.Array, dict[str, pa.Array]]:
    """The text column and the label columns by name, checked: in a damaged file, offsets may point anywhere."""
    try:
        column = column_of(batch, field)
        kept = {name: column_of(batch, of) for name, of in options.labels.items()}
        for each in (column, *kept.values()):
            _check(each)
    except pa.ArrowInvalid as error:
        raise FileFault("corrupt", f"contains damaged Arrow data: {' '.join(str(error).split())}") from error
    return column, kept


def decoded(piece: pa.LargeBinaryArray, null: str) -> tuple[pa.LargeStringArray, Int64, list[tuple[int, BadCode, str]]]:
    """The valid texts, their indices, and the index, code and reason of each other text.

    Args:
        piece: bytes of each text.
        null: the reason to give for a null text.
    """
    bad: dict[int, tuple[BadCode, str]] = dict.fromkeys(
        np.flatnonzero(piece.is_null().to_numpy(zero_copy_only=False)).tolist(), ("null_text", null)
    )
    text = None
    try:
        text = piece.cast(pa.large_string())
    except pa.ArrowInvalid:
        bad |= {place: ("encoding", why) for place, why in _undecodable(piece).items()}
    good = np.delete(np.arange(len(piece)), list(bad))
    if bad:
        text = piece.take(pa.array(good)).cast(pa.large_string())
    return text, good, [(place, code, why) for place, (code, why) in sorted(bad.items())]


def split_batches(
    text: pa.LargeStringArray,
    ordinals: Int64,
    offsets: pa.Int64Array | Int64,
    labels: Mapping[str, pa.StringArray],
    most: int,
    position: int,
    field: str | None,
) -> Iterator[TextBatch]:
    """Documents in batches of at most so many."""
    for start in range(0, len(text), most):
        part = slice(start, start + most)
        offset = offsets[part]
        yield TextBatch(
            text=text[part],
            ordinal=ordinals[part],
            offset=offset if isinstance(offset, pa.Array) else to_arrow(offset),
            labels={name: values[part] for name, values in labels.items()},
            position=position,
            text_field=field,
        )
