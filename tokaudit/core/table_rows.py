"""Rows of a table that a user gives from Python: a frame, an Arrow table, columns by name, or a list of rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final

from tokaudit.core.errors import UsageError

TableLike = Any
"""A pandas, polars or Arrow table, a mapping of columns, or a sequence of mappings."""

_MISSING: Final = ("NAType", "NaTType")
"""The types of pandas for missing values."""


@dataclass(frozen=True, slots=True)
class GivenTable:
    """A table with the names of its columns.

    Attributes:
        columns: the names in order, as often as they occur.
        rows: the values of each row, in the order of the columns; can be read once.
    """

    columns: list[str]
    rows: Iterable[Sequence[Any]]

    def named(self) -> Iterator[dict[str, Any]]:
        """Yield each row as column -> value."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def is_table(value: object) -> bool:
    """Whether a value is a table of pandas, polars or Arrow, or a sequence of mappings; no library is loaded."""
    return hasattr(value, "itertuples") or hasattr(value, "iter_rows") or _is_arrow(value) or _is_records(value)


def given_table(value: TableLike, what: str) -> GivenTable:
    """The rows of a table, in its order.

    Args:
        value: a pandas, polars or Arrow table, a mapping of columns to values, or a sequence of mappings. A column
            that a mapping lacks is empty in its row.
        what: name of the argument, for the message.

    Raises:
        UsageError: it is none of these, or its columns have different lengths.
    """
    if hasattr(value, "itertuples"):  # pandas
        return GivenTable(_names(value.columns), value.itertuples(index=False, name=None))
    if hasattr(value, "iter_rows"):  # polars
        return GivenTable(_names(value.columns), value.iter_rows())
    if _is_arrow(value):
        return GivenTable(_names(value.column_names), zip(*(each.to_pylist() for each in value.columns), strict=True))
    if _is_records(value):
        names = list(dict.fromkeys(name for record in value for name in record))
        return GivenTable(_names(names), ([record.get(name) for name in names] for record in value))
    if isinstance(value, Mapping) and all(_is_column(each) for each in value.values()):
        if len({len(column) for column in value.values()}) > 1:
            sizes = ", ".join(f"{name}: {len(column)}" for name, column in value.items())
            raise UsageError(f"{what}: the columns have different lengths ({sizes})")
        return GivenTable(_names(value), zip(*value.values(), strict=True))
    raise UsageError(f"{what}: {type(value).__name__} is not a table; give a data frame, columns by name, or rows")


def is_missing(value: object) -> bool:
    """Whether a cell is empty: blank text, None, NaN, or what a library puts in place of a missing value."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or type(value).__name__ in _MISSING or (isinstance(value, Real) and value != value)  # noqa: PLR0124 - NaN


def _names(columns: Iterable[object]) -> list[str]:
    return [str(name).strip() for name in columns]


def _is_arrow(value: object) -> bool:
    return hasattr(value, "column_names") and hasattr(value, "to_pylist")


def _is_records(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, Mapping) for each in value)


def _is_column(value: object) -> bool:
    return isinstance(value, Iterable) and isinstance(value, Sized) and not isinstance(value, str | bytes)
