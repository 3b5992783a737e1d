"""How often a writer opens the file, and when it closes it."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made.samples import Counted, ask, count_into, text, write_jsonl

from tokaudit.catalog import kept_open
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.kept_open import KeptOpen
from tokaudit.core.errors import CatalogError


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were opened, in order."""
    opened: list[Path] = []
    connect = duckdb.connect

    def count(path: Path, **options: Any) -> duckdb.DuckDBPyConnection:
        opened.append(path)
        return connect(path, **options)

    monkeypatch.setattr(duckdb, "connect", count)
    return opened


def test_a_small_ingest_opens_its_catalog_once(
    tmp_path: Path, openings: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_open, "KEPT_SECONDS", 600)  # on any machine, however slow
    catalog = tmp_path / "new.duckdb"
    with exclusive_writer(tmp_path / "first.duckdb"):  # afterwards an empty catalog is in the cache
        pass
    openings.clear()
    write_jsonl(tmp_path / "pages" / "x.jsonl", [text(0), text(0), text(1)])
    assert count_into(catalog, tmp_path / "pages", "web").documents == 3
    assert openings == [catalog]

    assert count_into(catalog, tmp_path / "pages", "web").files_unchanged == 1
    assert openings == [catalog] * 2


def test_after_a_while_the_file_is_open_only_when_used(
    copy: Path, openings: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_open, "KEPT_SECONDS", 0.01)
    with exclusive_writer(copy):
        _wait_until_free(copy)
        openings.clear()
        for _ in range(2):
            with write_transaction(copy) as connection:
                connection.execute("update store.derived set fresh = true")
            with open_readonly(copy) as connection:
                assert connection.execute("select count(*) from documents").fetchall() == [(11,)]

    assert openings == [copy] * 4


def _wait_until_free(catalog: Path) -> None:
    while threading.active_count() > 1 and any(isinstance(each, threading.Timer) for each in threading.enumerate()):
        threading.Event().wait(0.001)
    assert catalog.is_file()


@pytest.mark.slow
def test_other_processes_can_read_during_a_long_write(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_open, "KEPT_SECONDS", 0.1)
    command = [sys.executable, "-m", "tokaudit", "-q", "--catalog", str(copy), "--format", "json", "supply"]
    with exclusive_writer(copy):
        done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["total"]["documents_seen"] == 11


def test_a_connection_stays_open_until_it_is_given_back(tmp_path: Path) -> None:
    kept = KeptOpen(lambda: duckdb.connect(tmp_path / "x.duckdb"))
    first = kept.connect()
    assert first is not None
    kept.let_go()
    second = kept.connect()  # shares the open file
    assert second is not None
    first.execute("create table t as select 1")
    kept.close(first)
    assert second.execute("from t").fetchall() == [(1,)]
    kept.close(second)

    assert kept.connect() is None
    with duckdb.connect(tmp_path / "x.duckdb", read_only=True) as connection:  # now with other options
        assert connection.execute("from t").fetchall() == [(1,)]


def test_a_reader_can_not_write_to_a_catalog_that_is_kept_open(copy: Path) -> None:
    with exclusive_writer(copy):
        with pytest.raises(CatalogError, match="read-only"), open_readonly(copy) as connection:
            connection.execute("delete from store.documents_here")
        with open_readonly(copy) as connection:
            assert connection.execute("select count(*) from documents").fetchall() == [(11,)]


KILLED = """
import os, signal, sys
from pathlib import Path
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer

path = Path(sys.argv[1])
with exclusive_writer(path):
    with write_transaction(path) as connection:
        connection.execute("update store.sources set domain = 'kept'")
    with write_transaction(path) as connection:
        connection.execute("update store.sources set domain = 'lost'")
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that can't be caught")
def test_committed_rows_outlive_a_kill_of_the_writer(counted: Counted, copy: Path) -> None:
    assert ask(counted.catalog, "select distinct domain from sources") != [("kept",)]
    done = subprocess.run([sys.executable, "-c", KILLED, str(copy)], check=False)
    assert done.returncode == -signal.SIGKILL

    assert ask(copy, "select distinct domain from sources") == [("kept",)]
    with exclusive_writer(copy):
        pass
    assert ask(copy, "select distinct domain from sources") == [("kept",)]
