"""Messages for files that are not a catalog or are damaged."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted, Run, count_into

from tokaudit.audit.answer import Answer
from tokaudit.audit.answers import supply
from tokaudit.audit.queries import answer_query
from tokaudit.core.errors import CatalogError

READERS: list[list[object]] = [
    ["status"],
    ["supply"],
    ["errors"],
    ["overlap"],
    ["duplicates"],
    ["query", "sources"],
    ["forget", "web"],
    ["upgrade"],
]


def _missing(path: Path, _: Path) -> None:
    assert not path.exists()


def _a_folder(path: Path, _: Path) -> None:
    path.mkdir()


def _a_text(path: Path, _: Path) -> None:
    path.write_text("a text\n" * 5000)


def _empty_file(path: Path, _: Path) -> None:
    path.touch()


def _another_programs(path: Path, _: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("create table t as select 1")


def _another_programs_view(path: Path, _: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("create view sources as select 'web' as source")


def _another_programs_schema(path: Path, _: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("create schema store; create table store.migrations (migration varchar)")


def _another_programs_empty_schema(path: Path, _: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("create schema store")


def _newer(path: Path, good: Path) -> None:
    shutil.copy(good, path)
    with duckdb.connect(path) as connection:
        connection.execute("insert into store.migrations values (999, 'of the future', '99', null)")


def _cut_early(path: Path, good: Path) -> None:
    path.write_bytes(good.read_bytes()[:10_000])


def _cut_in_half(path: Path, good: Path) -> None:
    path.write_bytes(good.read_bytes()[: good.stat().st_size // 2])


FAULTS: dict[Callable[[Path, Path], None], str] = {
    _missing: "no catalog found",
    _a_folder: "",
    _a_text: "not a valid DuckDB database",
    _empty_file: "not a valid DuckDB database",
    _another_programs: "but not a tokaudit catalog",
    _another_programs_view: "but not a tokaudit catalog",
    _another_programs_schema: "but not a tokaudit catalog",
    _another_programs_empty_schema: "but not a tokaudit catalog",
    _newer: "upgrade tokaudit",
    _cut_early: "",
    _cut_in_half: "",
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
def test_a_faulty_catalog_is_one_line_and_exit_code_four(
    run: Run, counted: Counted, tmp_path: Path, fault: Callable[[Path, Path], None]
) -> None:
    path = tmp_path / "faulty.duckdb"
    fault(path, counted.catalog)
    before = path.read_bytes() if path.is_file() and fault is not _cut_in_half else None
    commands: list[list[object]] = [*READERS, ["plan", "--flops", "1e20", "--supply", "measured"]]
    if fault not in (_missing, _empty_file):  # of these, an ingest makes a catalog
        commands.append(["ingest", counted.folder / "code", "--domain", "code", "-q"])
    for command in commands:
        if fault is _cut_in_half and command == ["errors"]:
            continue  # it reads only the half that is left
        if fault is _missing and command[0] == "plan":
            continue  # without a catalog nothing is measured, which is wrong usage
        refused = run("--catalog", path, *command, code=4)
        (line,) = refused.err.splitlines()

        assert refused.out == ""
        assert line.startswith(f"tokaudit: {path}: ")
        assert FAULTS[fault] in line
    assert before is None or path.read_bytes() == before


def test_a_catalog_can_not_be_created_at_a_folder_or_without_its_folder(
    run: Run, counted: Counted, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    said = {
        tmp_path / "folder": "is a folder; pass a file to --catalog",
        tmp_path / "none" / "x.duckdb": "its folder does not exist; create it, or use another --catalog",
    }
    for path, why in said.items():
        refused = run("--catalog", path, "ingest", counted.folder / "code", "--domain", "code", "-q", code=4)
        assert refused.err == f"tokaudit: {path}: {why}\n"

    assert list((tmp_path / "folder").iterdir()) == []
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_an_empty_database_becomes_a_catalog(run: Run, counted: Counted, tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    duckdb.connect(path).close()
    assert "any `tokaudit ingest --catalog " in run("--catalog", path, "status", code=4).err
    count_into(path, counted.folder / "code", "code")

    assert supply(path, "domain", None).extra["total"]["documents_seen"] == 3


def _asked(catalog: Path) -> Answer:
    return answer_query(catalog, "supply", {})


@pytest.mark.slow
def test_a_flipped_byte_is_noticed_or_changes_nothing(counted: Counted, tmp_path: Path) -> None:
    path = tmp_path / "flipped.duckdb"
    good = counted.catalog.read_bytes()
    answer = _asked(counted.catalog)
    noticed = 0
    for place in range(50, len(good), 300_000):
        flipped = bytearray(good)
        flipped[place] ^= 64
        path.write_bytes(flipped)
        try:
            after = _asked(path)
        except CatalogError:
            noticed += 1
        else:
            assert after == answer

    assert noticed > 0
