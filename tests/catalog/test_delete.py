"""Removing the rows of files."""

from pathlib import Path

import pytest
from made.samples import ask, count_into, text, write_jsonl

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.delete import delete_files

pytestmark = pytest.mark.slow


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog with two counted files."""
    for name in ("a", "b"):
        write_jsonl(tmp_path / "c" / f"{name}.jsonl", [text(len(name)), name])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    return tmp_path / "x.duckdb"


def test_deleting_a_file_removes_its_rows_and_marks_groups_stale(catalog: Path) -> None:
    ((number,),) = ask(catalog, "select file from store.files where path like '%a.jsonl'")
    with write_transaction(catalog) as connection:
        delete_files(connection, [number])

    assert ask(catalog, "select distinct path[-7:] from documents") == [("b.jsonl",)]
    assert ask(catalog, "select count(*) from token_counts") == [(2,)]
    assert ask(catalog, "select fresh from store.derived") == [(False,)]


def test_deleting_no_files_changes_nothing(catalog: Path) -> None:
    with write_transaction(catalog) as connection:
        delete_files(connection, [])

    assert ask(catalog, "select fresh from store.derived") == [(True,)]
