"""Helpers for tests of data in memory: frames as rows, and rows as frames of several libraries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import datasets
import pandas as pd
import polars as pl
import pyarrow as pa

Columns = Mapping[str, Sequence[Any]]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as JSON has them: missing values are None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


class Exchanged:
    """A table that only follows the interchange protocol of data frames."""

    def __init__(self, columns: Columns) -> None:
        self._table = pa.table(dict(columns))

    def __dataframe__(self, **options: Any) -> Any:
        """The table for another library."""
        return self._table.__dataframe__(**options)


def _streamed(columns: Columns) -> Any:
    return datasets.Dataset.from_dict(dict(columns)).to_iterable_dataset()


def _in_small_batches(columns: Columns) -> pa.RecordBatchReader:
    table = pa.table(dict(columns))
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=2))


FRAMES: dict[str, Callable[[Columns], Any]] = {
    "pandas": lambda columns: pd.DataFrame(dict(columns)),
    "pandas, objects": lambda columns: pd.DataFrame(dict(columns), dtype=object),
    "pandas, Arrow": lambda columns: pa.table(dict(columns)).to_pandas(types_mapper=pd.ArrowDtype),
    "polars": lambda columns: pl.DataFrame(dict(columns), strict=True),
    "Arrow": lambda columns: pa.table(dict(columns)),
    "Arrow, in small batches": _in_small_batches,
    "datasets": lambda columns: datasets.Dataset.from_dict(dict(columns)),
    "datasets, streamed": _streamed,
    "interchange": Exchanged,
}
"""Libraries, and functions from columns to their frames."""
