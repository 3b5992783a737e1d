"""A connection is kept as long as DuckDB uses little memory."""

from pathlib import Path

import pytest

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.dedup.reader import Reader


def test_a_connection_with_much_in_memory_is_reopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = tmp_path / "x.duckdb"
    with exclusive_writer(catalog), Reader(catalog) as reader:
        first = reader.connection()
        first.execute("create temp table held as select range from range(1_000_000)")
        assert reader.connection() is first

        monkeypatch.setattr("tokaudit.dedup.reader._HELD_BYTES", 1_000_000)
        second = reader.connection()
        assert second is not first
        assert second.execute("select count(*) from duckdb_tables() where table_name = 'held'").fetchall() == [(0,)]
