"""A catalog that its writer keeps open for a moment, so that a small ingest opens the file once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

KEPT_SECONDS: Final = 1.0
"""Seconds that other processes may have to wait at the start and at the end of a writer."""


class KeptOpen:
    """One open file that all connections of its writer share while it is kept.

    Opening the file takes 15 ms; another connection to an open file takes almost nothing. After `KEPT_SECONDS` the file
    is let go: the writer then opens it for each step, so that other processes can read during a long ingest.

    Args:
        open_file: opens the file for writing.
    """

    def __init__(self, open_file: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._open_file = open_file
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._users = 0
        self._kept = True
        self._lock = threading.Lock()

    def connect(self) -> duckdb.DuckDBPyConnection | None:
        """A connection, to be given back with `close`; None if the file is no longer kept open."""
        with self._lock:
            if self._opened is None and self._kept:
                self._opened = self._open_file()
            if self._opened is None:
                return None
            connection = self._opened.cursor()
            self._users += 1
            return connection

    def close(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Close a connection; the last one closes the file if it is no longer kept."""
        connection.close()
        with self._lock:
            self._users -= 1
            self._close_unused()

    def let_go(self) -> None:
        """Close the file as soon as no connection uses it."""
        with self._lock:
            self._kept = False
            self._close_unused()

    def _close_unused(self) -> None:
        if self._opened is not None and not self._kept and not self._users:
            self._opened.close()
            self._opened = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keeps the file open for `KEPT_SECONDS` at most, and closes it at the end."""
        self._kept = True
        timer = threading.Timer(KEPT_SECONDS, self.let_go)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.let_go()
