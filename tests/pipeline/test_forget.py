"""Removing sources."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made.kill_before import KILL_BEFORE
from made.samples import altered, ask, count_into, derived, overlapping_sources, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.core.logged_progress import LoggedProgress
from tokaudit.pipeline.forget import forget
from tokaudit.pipeline.resume import resume

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


# Forgets a source of copies of a catalog in processes of their own, and kills each before or after a commit.
KILLED = (
    KILL_BEFORE
    + """
import os, shutil, signal, sys
from contextlib import contextmanager
from pathlib import Path
from tokaudit.catalog import delete
from tokaudit.catalog.layout import parts_folder
from tokaudit.dedup import representatives, verified
from tokaudit.pipeline import forget as module

catalog, folder = map(Path, sys.argv[1:])

def killed(point):
    path = folder / f"{point}.duckdb"
    shutil.copy(catalog, path)
    shutil.copytree(parts_folder(catalog), parts_folder(path))
    child = os.fork()
    if not child:
        kill_at(point)
        module.forget(path, "posts", lambda _: None)
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL

def kill_at(point):
    step = kill_before(point)
    real = module.write_transaction
    @contextmanager
    def transaction(path):
        step()
        with real(path) as connection:
            yield connection
        step()
    for place in (module, delete, representatives, verified):
        place.write_transaction = transaction

point = 0
while killed(point):
    point += 1
print(point)
"""
)


@pytest.fixture(scope="module")
def overlapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of sources that contain each other's texts."""
    place = tmp_path_factory.mktemp("overlapping")
    overlapping_sources(place / "x.duckdb", place)
    return place / "x.duckdb"


@pytest.fixture(scope="module")
def killed(overlapping: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Copies of it, each left by a `forget` of ``posts`` killed elsewhere between its first and last commit."""
    place = tmp_path_factory.mktemp("killed")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(overlapping), str(place)], check=True, capture_output=True, text=True
    )
    return [place / f"{point}.duckdb" for point in range(1, int(done.stdout) - 1)]


def copied(catalog: Path, place: Path) -> Path:
    """A copy of a catalog with what lies next to it."""
    for name in (catalog, parts_folder(catalog), Path(f"{catalog}.wal")):
        if name.exists():
            (shutil.copytree if name.is_dir() else shutil.copy)(name, place / name.name)
    return place / catalog.name


def contents(catalog: Path) -> dict[str, list[list[str]]]:
    """What a catalog answers, without the numbers of documents and the folder, which depend on its past."""
    rows = {**derived(catalog), "supply": ask(catalog, "select * from supply order by all")}
    return {
        name: [[str(value).replace(str(catalog.parent), "") for value in row] for row in rows[name]]
        for name in ("groups", "similarities", "supply")
    }


needs_a_kill = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor SIGKILL")


@needs_a_kill
def test_forgetting_again_finishes_a_killed_forget(overlapping: Path, killed: list[Path], tmp_path: Path) -> None:
    whole = copied(overlapping, tmp_path)
    wanted = forget(whole, "posts", ignore)
    names = ask(whole, "select fragment from store.fragments order by 1")

    assert len(killed) > 3
    for each in killed:
        catalog = copied(each, tmp_path)
        assert forget(catalog, "posts", ignore) == wanted
        assert contents(catalog) == contents(whole)
        assert sorted((file.name,) for file in parts_folder(catalog).iterdir()) == names
        assert answers.status(catalog).extra["unfinished"] == []


NEXT: dict[str, Callable[[Path], object]] = {
    "forget another": lambda catalog: forget(catalog, "novels", ignore),
    "ingest": lambda catalog: count_into(catalog, catalog.parent / "new", "web"),
    "resume": lambda catalog: resume(catalog, 1, 2**30, LoggedProgress()),
}
"""Commands after a killed `forget`, each of which finishes it, too."""


@needs_a_kill
@pytest.mark.parametrize("then", NEXT)
def test_any_writer_finishes_a_killed_forget(overlapping: Path, killed: list[Path], tmp_path: Path, then: str) -> None:
    write_jsonl(tmp_path / "new" / "x.jsonl", [text(3), text(40)])
    catalog, whole = copied(killed[1], tmp_path), copied(overlapping, tmp_path)
    forget(whole, "posts", ignore)
    for each in (catalog, whole):
        NEXT[then](each)

    assert contents(catalog) == contents(whole)
    assert answers.status(catalog).extra["unfinished"] == []


@needs_a_kill
def test_the_status_says_that_a_forget_was_cut_off(killed: list[Path], tmp_path: Path) -> None:
    status = answers.status(copied(killed[0], tmp_path))

    assert [(work["work"], work["source"]) for work in status.extra["unfinished"]] == [
        ("forget", "posts"),
        ("grouping", None),
    ]
    assert status.extra["complete"] is False
    assert status.notes[-2].startswith("source 'posts' is gone, but its `forget` ")
