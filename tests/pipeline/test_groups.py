"""Groups of duplicates that are finished by themselves."""

import shutil
from pathlib import Path

import pytest
from made.samples import altered, ask, count_into, text, write_jsonl

from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.core.progress import ignore
from tokaudit.pipeline.groups import finish_groups

pytestmark = pytest.mark.slow


@pytest.fixture
def stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog with two near-duplicates, which are not compared yet."""
    catalog = tmp_path / "x.duckdb"
    write_jsonl(tmp_path / "c" / "x.jsonl", [text(0), altered(text(0), 2), text(5)])
    with monkeypatch.context() as patched:
        patched.setattr("tokaudit.pipeline.ingest.regroup", lambda *_: None)
        count_into(catalog, tmp_path / "c", "web")
    return catalog


def test_groups_are_derived_without_counting(stale: Path) -> None:
    finish_groups(stale, ignore)

    assert ask(stale, "select count(*) from documents where not counts") == [(1,)]
    assert ask(stale, "from unfinished") == []


def test_without_signatures_nothing_is_written(stale: Path) -> None:
    shutil.rmtree(parts_folder(stale))
    with pytest.raises(CatalogError, match=r"signatures of x\.duckdb is missing.*verify --repair"):
        finish_groups(stale, ignore)

    assert ask(stale, "select work from unfinished") == [("grouping",)]
