"""Rows of a table that a user gives from Python: a frame, an Arrow table, columns by name, or a list of rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final, Protocol, TypeGuard

from tokaudit.core.errors import UsageError

_MISSING: Final = ("NAType", "NaTType")
"""The types of pandas for missing values."""


class PandasLike(Protocol):
    """A frame of pandas."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""

    def itertuples(self, index: bool = ..., name: str | None = ...) -> Iterable[Any]:
        """The values of each row."""


class PolarsLike(Protocol):
    """A frame of polars."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""

    def iter_rows(self) -> Iterable[Any]:
        """The values of each row."""


class ArrowLike(Protocol):
    """An Arrow table."""

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""

    @property
    def columns(self) -> list[Any]:
        """The columns."""

    def to_pylist(self) -> list[dict[str, Any]]:
        """The rows."""


TableLike = PandasLike | PolarsLike | ArrowLike | Sequence[Mapping[Any, Any]]
"""A pandas, polars or Arrow table, or a sequence of mappings."""

Columns = Mapping[Any, Collection[Any]]
"""Column -> its values."""


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


def is_table(value: object) -> TypeGuard[TableLike]:
    """Whether a value is a table of pandas, polars or Arrow, or a sequence of mappings; no library is loaded."""
    return hasattr(value, "itertuples") or hasattr(value, "iter_rows") or _is_arrow(value) or _is_records(value)


def given_table(value: TableLike | Columns, what: str) -> GivenTable:
    """The rows of a table, in its order.

    Args:
        value: a pandas, polars or Arrow table, a mapping of columns to values, or a sequence of mappings. A column
            that a mapping lacks is empty in its row.
        what: name of the argument, for the message.

    Raises:
        UsageError: it is none of these, or its columns have different lengths.
    """
    table: Any = value
    if hasattr(table, "itertuples"):  # pandas
        return GivenTable(_names(table.columns), table.itertuples(index=False, name=None))
    if hasattr(table, "iter_rows"):  # polars
        return GivenTable(_names(table.columns), table.iter_rows())
    if _is_arrow(table):
        return GivenTable(_names(table.column_names), zip(*(each.to_pylist() for each in table.columns), strict=True))
    if _is_records(table):
        return _of_records(table)
    if isinstance(table, Mapping) and all(map(_is_column, table.values())):
        return _of_columns(table, what)
    raise UsageError(f"{what}: {type(table).__name__} is not a table; give a data frame, columns by name, or rows")


def _of_columns(table: Columns, what: str) -> GivenTable:
    if len({len(column) for column in table.values()}) > 1:
        sizes = ", ".join(f"{name}: {len(column)}" for name, column in table.items())
        raise UsageError(f"{what}: the columns have different lengths ({sizes})")
    return GivenTable(_names(table), zip(*table.values(), strict=True))


def _of_records(table: Sequence[Mapping[Any, Any]]) -> GivenTable:
    names = list(dict.fromkeys(name for record in table for name in record))
    return GivenTable(_names(names), ([record.get(name) for name in names] for record in table))


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
    return hasattr(value, "__iter__") and hasattr(value, "__len__") and not isinstance(value, str | bytes)
