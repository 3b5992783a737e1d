"""Running statements on a connection: rows by column name, and Python columns as the table ``incoming``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

import duckdb

from tokaudit.core.resources import shipped
from tokaudit.core.rows import Row

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from tokaudit.core.types import Int64, UInt64

_ROWS: Final = 100_000  # of an answer that are fetched together


@cache
def statement(name: str) -> str:
    """The SQL of ``catalog/statements/NAME.sql``."""
    return (shipped("catalog") / "statements" / f"{name}.sql").read_text(encoding="utf-8")


def fetch_one(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> tuple[Any, ...]:
    """The only row of the answer.

    It fetches to the end: since DuckDB 2.0, a result that is not drained blocks its connection.
    """
    row: tuple[Any, ...]
    (row,) = connection.execute(sql, parameters).fetchall()
    return row


def fetch_table(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]
) -> tuple[tuple[str, ...], list[Row]]:
    """Column names of the answer to one statement, and its rows by these names.

    A repeated column name gets a number appended, since a row has one value per name.
    """
    columns, batches = fetch_in_batches(connection, sql, parameters, _ROWS)
    return columns, [dict(zip(columns, row, strict=True)) for batch in batches for row in batch]


def fetch_in_batches(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any], rows: int
) -> tuple[tuple[str, ...], Iterator[list[tuple[Any, ...]]]]:
    """Column names of the answer to one statement, as in `fetch_table`, and its rows, so many at a time."""
    cursor = connection.execute(sql, dict(parameters))
    columns = _distinct(column[0] for column in cursor.description or ())
    return columns, iter(lambda: cursor.fetchmany(rows), [])


def column_types(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """DuckDB's names of the types of the columns that the last statement returned, in order."""
    return tuple(str(column[1]) for column in connection.description or ())


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        candidates = chain([name], (f"{name}_{number}" for number in count(1)))
        found[next(candidate for candidate in candidates if candidate not in found)] = None
    return tuple(found)


def fetch_rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> list[Row]:
    """The rows of the answer to one statement, by column name."""
    return fetch_table(connection, sql, parameters or {})[1]


@contextmanager
def _incoming(connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Any]) -> Iterator[None]:
    """Makes the columns (arrays or lists of equal length) the table `incoming` for a while."""
    from tokaudit.core.arrow import table  # noqa: PLC0415 - most statements need no columns

    connection.register("incoming", table(columns))
    yield
    connection.unregister("incoming")  # not after a failure: the transaction drops it, and refuses statements


def with_incoming(connection: duckdb.DuckDBPyConnection, sql: str, columns: Mapping[str, Any]) -> None:
    """Run a statement that reads the columns (arrays or lists of equal length) as the table `incoming`."""
    with _incoming(connection, columns):
        connection.execute(sql)


def fetch_with_incoming(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    columns: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
) -> "dict[str, npt.NDArray[Any]]":
    """The answer to a statement that reads `incoming`, as in `with_incoming`: column name -> array. It has no nulls."""
    import numpy as np  # noqa: PLC0415 - as above

    with _incoming(connection, columns):
        found = connection.execute(sql, parameters or {}).fetchnumpy()
    return {name: np.asarray(values) for name, values in found.items()}


def arrow_with_incoming(
    connection: duckdb.DuckDBPyConnection, sql: str, columns: Mapping[str, Any], parameters: Mapping[str, Any]
) -> "pa.Table":
    """The answer to a statement that reads `incoming`, as an Arrow table."""
    with _incoming(connection, columns):
        return connection.sql(sql, params=dict(parameters)).to_arrow_table()


def batches_with_incoming(
    connection: duckdb.DuckDBPyConnection, sql: str, columns: Mapping[str, Any], rows: int
) -> "Iterator[dict[str, Int64]]":
    """The answer to a statement that reads `incoming`, so many rows at a time: 64-bit integers without nulls."""
    from tokaudit.core.arrow import integers  # noqa: PLC0415 - as above

    with _incoming(connection, columns):
        for batch in connection.sql(sql).to_arrow_reader(rows):
            yield dict(zip(batch.schema.names, map(integers, batch.columns), strict=True))


def fetch_rows_with_incoming(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    columns: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
) -> list[Row]:
    """The rows of the answer to a statement that reads `incoming`, by column name."""
    with _incoming(connection, columns):
        return fetch_rows(connection, sql, parameters)


def with_answer_of(
    other: duckdb.DuckDBPyConnection,
    asked: str,
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Mapping[str, Any],
    asked_with: Mapping[str, Any] | None = None,
) -> None:
    """Run a statement that reads the answer of another catalog as the table `incoming`, some rows at a time.

    Args:
        other: connection to the other catalog.
        asked: the statement that it answers.
        connection: connection on which the statement runs.
        sql: the statement.
        parameters: its parameters.
        asked_with: parameters of `asked`.
    """
    connection.register("incoming", other.sql(asked, params=dict(asked_with or {})).to_arrow_reader(_ROWS))
    connection.execute(sql, dict(parameters))
    connection.unregister("incoming")


def keys_in(columns: Mapping[str, Any]) -> "UInt64":
    """Keys (n, 2) of the texts in the columns ``key_hi`` and ``key_lo`` of an answer."""
    import numpy as np  # noqa: PLC0415 - as above

    return np.column_stack([columns["key_hi"], columns["key_lo"]]).astype(np.uint64, copy=False)


def key_columns(keys: "UInt64") -> dict[str, Any]:
    """Columns of the keys (n, 2) of texts, and of their positions."""
    import numpy as np  # noqa: PLC0415 - as above

    return {"key_hi": keys[:, 0], "key_lo": keys[:, 1], "place": np.arange(len(keys))}
