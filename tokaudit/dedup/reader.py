"""A connection for a series of queries that read much of the catalog."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.statements import fetch_one

_HELD_BYTES: Final = 128_000_000
"""DuckDB caches what it reads. A connection that caches more than this is reopened for the next query."""


class Reader:
    """A read-only connection that is reopened when it uses much memory. Used as a context manager.

    Raises:
        CatalogError: as `open_readonly` does.
    """

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._open = ExitStack()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._open.__exit__(kind, error, trace)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection for the next query; a new one if the last queries left too much in memory."""
        if self._connection is None or fetch_one(self._connection, _HELD)[0] > _HELD_BYTES:
            self._open.close()
            self._connection = self._open.enter_context(open_readonly(self._catalog))
        return self._connection


_HELD: Final = "select sum(memory_usage_bytes) from duckdb_memory()"
