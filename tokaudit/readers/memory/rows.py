"""Rows of frames, tables and datasets, as lists of Python values by column, a few at a time."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import pyarrow as pa

from tokaudit.core.errors import UsageError

Columns = Mapping[str, Sequence[Any]]
"""Some rows: column name -> values, all of the same number."""

_AT_ONCE: Final = 4096
_BYTES_AT_ONCE: Final = 8_000_000
_FROM_A_DATASET: Final = 256


class Rows(ABC):
    """Rows that can be read once.

    Attributes:
        columns: the names of all columns, in order.
        has_all_columns: whether no row has further ones.
    """

    columns: tuple[str, ...]
    has_all_columns = True

    @abstractmethod
    def first(self) -> Mapping[str, Any] | None:
        """The first row, with all of its columns; None if there are no rows. To be asked for before the chunks."""

    @abstractmethod
    def chunks(self, wanted: Collection[str]) -> Iterator[Columns]:
        """Yield all rows in order, with the wanted columns of those that there are."""


class PandasRows(Rows):
    """The rows of a data frame of pandas."""

    def __init__(self, frame: Any) -> None:
        if frame.columns.nlevels > 1:
            raise UsageError(
                f"data: the columns of the frame have {frame.columns.nlevels} levels, so they have no names;"
                " set frame.columns = frame.columns.map('.'.join)"
            )
        self._frame = frame
        self.columns = tuple(name if isinstance(name, str) else repr(name) for name in frame.columns)

    def first(self) -> Mapping[str, Any] | None:
        """The first row; None if there is none."""
        if not len(self._frame):
            return None
        return {name: self._frame.iloc[:1, place].tolist()[0] for place, name in enumerate(self.columns)}

    def chunks(self, wanted: Collection[str]) -> Iterator[Columns]:
        """Yield the wanted columns of all rows."""
        columns = {name: self._frame.iloc[:, place] for place, name in enumerate(self.columns) if name in wanted}
        stored = sum(int(column.nbytes) for column in columns.values())
        for start, stop in _steps(len(self._frame), stored):
            yield {name: column.iloc[start:stop].tolist() for name, column in columns.items()}


class ArrowRows(Rows):
    """The rows of a stream of record batches."""

    def __init__(self, names: Sequence[str], batches: Iterable[pa.RecordBatch]) -> None:
        self.columns = tuple(names)
        self._batches: Iterator[pa.RecordBatch] = (batch for batch in batches if batch.num_rows)

    def first(self) -> Mapping[str, Any] | None:
        """The first row; None if there is none."""
        batch = next(self._batches, None)
        if batch is None:
            return None
        self._batches = chain([batch], self._batches)
        return {name: python_values(batch.column(place)[:1])[0] for place, name in enumerate(self.columns)}

    def chunks(self, wanted: Collection[str]) -> Iterator[Columns]:
        """Yield the wanted columns of all rows."""
        places = {name: place for place, name in enumerate(self.columns) if name in wanted}
        for batch in self._batches:
            columns = {name: batch.column(place) for name, place in places.items()}
            for start, stop in _steps(batch.num_rows, sum(column.nbytes for column in columns.values())):
                yield {name: python_values(column[start:stop]) for name, column in columns.items()}


class DatasetRows(Rows):
    """The rows of a ``datasets.Dataset``; columns that are not wanted are never decoded."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset.with_format("arrow")
        self.columns = tuple(dataset.column_names)

    def first(self) -> Mapping[str, Any] | None:
        """The first row; None if there is none."""
        return ArrowRows(self.columns, self._dataset[:1].to_batches()).first() if len(self._dataset) else None

    def chunks(self, wanted: Collection[str]) -> Iterator[Columns]:
        """Yield the wanted columns of all rows."""
        kept = [name for name in self.columns if name in wanted]
        for table in self._dataset.select_columns(kept).iter(_FROM_A_DATASET):
            yield from ArrowRows(kept, table.to_batches()).chunks(wanted)


class StreamedRows(Rows):
    """The rows of a ``datasets.IterableDataset``, whose columns may be known from its first row alone."""

    def __init__(self, dataset: Any) -> None:
        self._rows = iter(dataset.with_format(None))
        self._first = next(self._rows, None)
        self.columns = tuple(dataset.column_names or self._first or ())
        self.has_all_columns = dataset.column_names is not None

    def first(self) -> Mapping[str, Any] | None:
        """The first row; None if there is none."""
        return self._first

    def chunks(self, wanted: Collection[str]) -> Iterator[Columns]:
        """Yield the wanted columns of all rows."""
        for row in chain([] if self._first is None else [self._first], self._rows):
            yield {name: [row.get(name)] for name in wanted}


def rows_of(data: Any) -> Rows | None:
    """The rows of a frame, a table or a dataset; None if the data are neither.

    Taken are frames of pandas, datasets of the ``datasets`` library, and whatever hands over a table of Arrow
    (``__arrow_c_stream__``) or follows the interchange protocol of data frames (``__dataframe__``).
    """
    own: dict[tuple[str, str], Callable[[Any], Rows]] = {  # if a library is not loaded, the data are not of it
        ("pandas", "DataFrame"): PandasRows,
        ("datasets", "Dataset"): DatasetRows,
        ("datasets", "IterableDataset"): StreamedRows,
    }
    for (library, name), rows in own.items():
        kind = getattr(sys.modules.get(library), name, None)
        if kind is not None and isinstance(data, kind):
            return rows(data)
    if hasattr(data, "__arrow_c_stream__"):
        try:
            stream = pa.RecordBatchReader.from_stream(data)
        except pa.ArrowInvalid:  # a single column
            return None
        return ArrowRows(stream.schema.names, stream)
    if hasattr(data, "__dataframe__"):
        from pyarrow.interchange import from_dataframe  # noqa: PLC0415 - few frames have nothing better

        table = from_dataframe(data)
        return ArrowRows(table.column_names, table.to_batches())
    return None


def python_values(column: pa.Array) -> list[Any]:
    """The values of a column; a text that is not UTF-8 has half a surrogate pair for each byte that is wrong."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return [None if each is None else each.decode(errors="surrogateescape") for each in _bytes_of(column)]


def _bytes_of(column: pa.Array) -> list[bytes | None]:
    try:
        return list(column.cast(pa.large_binary()).to_pylist())
    except pa.ArrowException as error:
        raise UsageError(f"data: a column of {column.type} contains text that is not valid UTF-8; fix it") from error


def _steps(rows: int, stored: int) -> Iterator[tuple[int, int]]:
    """Ranges of rows of a few megabytes, given the bytes of all of them."""
    step = max(1, min(_AT_ONCE, _BYTES_AT_ONCE * rows // max(stored, 1)))
    return ((start, min(start + step, rows)) for start in range(0, rows, step))
