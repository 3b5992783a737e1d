"""Parquet files next to a catalog: found wherever it lies, checked, and read by DuckDB alone."""

import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from made.duckdb_cli import duckdb_program
from made.samples import Counted, Run, ask, text, write_jsonl

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.row_files import COLUMNS, found_row_files

ROWS = "select source, path, ordinal, bytes, counts from documents order by all"


def relocated(catalog: Path, folder: Path) -> Path:
    """The catalog, with what lies next to it, after a move into another folder."""
    folder.mkdir()
    shutil.move(f"{catalog}.parts", folder / f"{catalog.name}.parts")
    return Path(shutil.move(catalog, folder / catalog.name))


def plainly(catalog: Path, *statements: str) -> list[tuple[object, ...]]:
    """The rows of the last statement in DuckDB without tokaudit."""
    with duckdb.connect(catalog, read_only=True) as connection:
        for statement in statements:
            found = connection.execute(statement).fetchall()
    return found


@pytest.mark.parametrize("folder", ["another", "it's [a-z]* = 1"])
def test_a_catalog_may_be_moved_with_its_folder(moved: Path, tmp_path: Path, folder: str) -> None:
    before = ask(moved, ROWS)
    there = relocated(moved, tmp_path / folder)

    assert ask(there, ROWS) == before
    assert not moved.exists()


def test_a_moved_catalog_is_exported(run: Run, moved: Path, tmp_path: Path) -> None:
    there = relocated(moved, tmp_path / "there")
    run("--catalog", there, "export", "--kept", "kept.parquet", "-q")

    assert Path("kept.parquet").is_file()


def test_duckdb_alone_reads_all_rows(counted: Counted, moved: Path) -> None:
    assert plainly(moved, ROWS) == ask(counted.catalog, ROWS)


def test_duckdb_alone_is_told_where_a_catalog_is_that_was_moved(moved: Path, tmp_path: Path) -> None:
    before = ask(moved, ROWS)
    there = relocated(moved, tmp_path / "there")
    with pytest.raises(duckdb.IOException, match=r"No files found"):
        plainly(there, ROWS)

    assert plainly(there, f"set variable tokaudit_parts = '{there}.parts'", ROWS) == before


def test_a_writer_records_where_the_catalog_is_now(moved: Path, tmp_path: Path) -> None:
    before = ask(moved, ROWS)
    there = relocated(moved, tmp_path / "there")
    with exclusive_writer(there):
        pass

    assert plainly(there, ROWS) == before


@pytest.mark.slow
def test_an_older_duckdb_reads_the_catalog_and_the_files(moved: Path, tmp_path: Path) -> None:
    asked = (
        "select (select count(*) from documents) as viewed,"
        f" (select count(*) from read_parquet('{moved}.parts/documents/*.parquet')) as read"
    )
    call = [str(duckdb_program(tmp_path)), "-init", "", "-json", "-readonly", str(moved)]
    said = subprocess.run(call, input=asked, capture_output=True, text=True, check=True)

    assert json.loads(said.stdout) == [{"viewed": 11, "read": 11}]


def test_a_missing_folder_is_named_by_readers_and_writers(run: Run, moved: Path, tmp_path: Path) -> None:
    shutil.rmtree(f"{moved}.parts")
    write_jsonl(tmp_path / "new" / "x.jsonl", [text(0)])
    before = moved.read_bytes()
    for command in (["supply"], ["ingest", tmp_path / "new", "--domain", "web"], ["forget", "web"], ["verify"]):
        said = run("--catalog", moved, *command, code=4).err
        assert f"{moved}.parts: the folder with rows of copy.duckdb is missing" in said

    assert moved.read_bytes() == before


@pytest.mark.parametrize("damage", ["missing", "cut off"])
def test_a_file_that_is_missing_or_cut_off_is_named(run: Run, moved: Path, damage: str) -> None:
    file = found_row_files(moved)[0]
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-9])
    said = run("--catalog", moved, "supply", code=4).err

    assert f"{moved}.parts: 1 file with rows of copy.duckdb missing or cut off, such as {short(file)}" in said


def short(file: Path) -> str:
    """The path of a row file below the folder next to its catalog."""
    return f"{file.parent.name}/{file.name}"


def flip_a_bit(file: Path) -> None:
    """Damage the file without a change of its size."""
    content = bytearray(file.read_bytes())
    content[6] ^= 1
    file.write_bytes(content)


def test_damage_is_noticed_before_anything_is_counted(
    run: Run, moved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = found_row_files(moved)[0]
    flip_a_bit(file)
    write_jsonl(tmp_path / "new" / "x.jsonl", [text(0)])
    monkeypatch.setattr("tokaudit.pipeline.ingest.run", lambda *_: pytest.fail("it counts"))
    said = run("--catalog", moved, "ingest", tmp_path / "new", "--domain", "web", "-q", code=4).err

    assert f"{moved}.parts: 1 file with rows of copy.duckdb damaged, such as {short(file)}" in said


def test_verify_lists_a_damaged_file(run: Run, moved: Path) -> None:
    file = found_row_files(moved)[0]
    flip_a_bit(file)
    rows = run("--catalog", moved, "verify", "books", "--json", code=1).json["rows"]

    assert [(row["path"], row["kind"]) for row in rows] == [(str(file), "rows")]


def test_only_files_of_the_right_name_that_are_no_links_are_found(moved: Path) -> None:
    found = found_row_files(moved)
    folder = found[0].parent
    (folder / "other.parquet").write_bytes(found[0].read_bytes())
    (folder / f"{'0' * 32}.rows.parquet").symlink_to(found[0])

    assert found_row_files(moved) == found


def test_every_column_of_the_tables_is_described(copy: Path) -> None:
    asked = (
        "select column_name from duckdb_columns() where schema_name = 'store' and table_name = '{}_here'"
        " order by column_index"
    )

    assert {contents: [name for (name,) in ask(copy, asked.format(contents))] for contents in COLUMNS} == {
        contents: list(columns) for contents, columns in COLUMNS.items()
    }
