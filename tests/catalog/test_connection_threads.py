"""A catalog that several threads of one process use, or that the user has open with DuckDB."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.patience import patient
from tokaudit.core.errors import CatalogError
from tokaudit.core.progress import ignore


def test_threads_read_one_catalog_at_the_same_time(copy: Path) -> None:
    together = threading.Barrier(4)

    def read(_: int) -> int:
        with open_readonly(copy) as connection:
            together.wait(30)  # all have it open
            return len(connection.execute("select * from documents").fetchall())

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(read, range(4))) == [11] * 4


def test_a_second_connection_is_locked_down_too(copy: Path) -> None:
    with open_readonly(copy) as first, open_readonly(copy) as second:
        for connection in (first, second):
            with pytest.raises(duckdb.Error, match="locked"):
                connection.execute("set memory_limit = '1GiB'")
            with pytest.raises(duckdb.Error, match="disabled by configuration"):
                connection.execute(f"from read_text('{__file__}')")


def test_a_thread_waits_for_another_that_has_the_file_open_otherwise(copy: Path) -> None:
    held = duckdb.connect(copy)
    release = threading.Timer(0.2, held.close)
    release.start()
    with open_readonly(copy) as connection:
        assert connection.execute("select count(*) from documents").fetchall() == [(11,)]

    release.join()


def test_a_catalog_open_with_duckdb_is_named_with_the_remedy(copy: Path) -> None:
    with duckdb.connect(copy, read_only=True):
        message = r"copy.duckdb: has been in use by this process for 0 s; close the connection of `duckdb.connect`"
        with pytest.raises(CatalogError, match=message), open_readonly(copy, wait=0.0):
            pass
        with patient(0.0, ignore), pytest.raises(CatalogError, match=message), exclusive_writer(copy):
            pass
    with exclusive_writer(copy), write_transaction(copy) as connection:
        connection.execute("delete from store.documents_here where false")
