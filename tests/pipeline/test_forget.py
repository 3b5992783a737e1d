"""Removing sources."""

from pathlib import Path

import pytest
from made.samples import altered, ask, count_into, derived, text, write_jsonl

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.pipeline.forget import forget

pytestmark = pytest.mark.slow


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog with near-duplicates and with texts that have none."""
    write_jsonl(tmp_path / "c" / "x.jsonl", [text(0), altered(text(0), 2), text(0), text(5), text(6)])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    return tmp_path / "x.duckdb"


def ignore(_: str) -> None:
    """Nobody watches."""


def test_forgetting_removes_the_signatures(catalog: Path) -> None:
    forget(catalog, "c", ignore)

    assert list(parts_folder(catalog).iterdir()) == []
    assert {name: rows for name, rows in derived(catalog).items() if rows} == {}
    assert ask(catalog, "select count(*) from store.fragments") == [(0,)]


def test_signatures_that_another_source_needs_stay(catalog: Path, tmp_path: Path) -> None:
    before = derived(catalog)
    write_jsonl(tmp_path / "d" / "y.jsonl", [text(5)])
    count_into(catalog, tmp_path / "d", "web")
    assert derived(catalog) != before
    forget(catalog, "d", ignore)

    assert derived(catalog) == before


def test_nothing_is_forgotten_while_another_process_writes(catalog: Path) -> None:
    with exclusive_writer(catalog), pytest.raises(CatalogError, match="another tokaudit is writing"):
        forget(catalog, "c", ignore)

    assert ask(catalog, "select count(*) from documents") == [(5,)]
