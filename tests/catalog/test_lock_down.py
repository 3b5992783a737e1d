"""SQL reaches the Parquet files of a catalog, and no other file."""

import time
from pathlib import Path

import duckdb
import pytest
from made.samples import Run

from tokaudit.catalog import kept_open
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.row_files import found_row_files
from tokaudit.catalog.statements import fetch_one
from tokaudit.core.errors import CatalogError

MEMORY = "select current_setting('memory_limit'), current_setting('threads') <= 8"


def test_a_reader_reaches_the_files_of_its_catalog_and_nothing_else(moved: Path, tmp_path: Path) -> None:
    file = found_row_files(moved)[0]
    folder = file.parent
    (tmp_path / "secret.csv").write_text("a\nhush\n")
    (folder / "other.parquet").write_bytes(file.read_bytes())
    (folder / f"{'a' * 32}.rows.parquet").symlink_to(tmp_path / "secret.csv")
    attempts = [
        f"from read_csv('{tmp_path}/secret.csv')",
        f"from read_text('{folder}/{'a' * 32}.rows.parquet')",
        f"from read_text('{file}/../../../secret.csv')",
        f"from read_parquet('{folder}/other.parquet')",
        f"from read_parquet('{folder}/*.parquet')",
        f"from glob('{folder}/*')",
        f"from glob('{tmp_path}/*')",
        f"from glob('{moved}.parts/*')",
        f"from parquet_metadata('{folder}/other.parquet')",
        f"copy (select 1) to '{folder}/new.parquet'",
        f"copy (select 1) to '{tmp_path}/new.csv'",
        f"attach '{tmp_path}/new.duckdb'",
        "set enable_external_access = true",
        f"set allowed_paths = ['{tmp_path}/secret.csv']",
        f"set allowed_directories = ['{tmp_path}']",
        "install httpfs",
        "from 'https://example.com/x.parquet'",
    ]
    with open_readonly(moved) as connection:
        assert connection.execute(f"select count(*) > 0 from read_parquet('{file}')").fetchall() == [(True,)]
        for attempt in attempts:
            with pytest.raises(duckdb.Error, match=r"disabled|locked|not allowed|Cannot|unrecognized|No function"):
                connection.execute(attempt).fetchall()

    assert not (folder / "new.parquet").exists()


def test_sql_of_users_writes_no_file(run: Run, moved: Path) -> None:
    file = found_row_files(moved)[0]
    before = file.read_bytes()
    for options in ("", ", use_tmp_file false"):
        said = run("--catalog", moved, "query", f"copy (select 1) to '{file}' (format parquet{options})", code=2).err
        assert "only one SELECT" in said or "SELECT" in said

    assert file.read_bytes() == before


def test_a_catalog_that_names_another_file_does_not_reach_it(moved: Path, tmp_path: Path) -> None:
    file = found_row_files(moved)[0]
    outside = tmp_path / "outside.parquet"
    outside.write_bytes(file.read_bytes())
    with duckdb.connect(moved) as connection:
        connection.execute(f"create or replace view store.labels as from read_parquet('{outside}')")
        connection.execute("update store.row_files set name = '../../outside.parquet' where name = ?", [file.name])

    with pytest.raises(CatalogError, match=r"disabled by configuration"), open_readonly(moved) as connection:
        connection.execute("from store.labels").fetchall()


def test_a_writer_reaches_only_the_folders_of_such_files(moved: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\nhush\n")
    for reached in (f"{tmp_path}/secret.csv", f"{moved}.parts/x", f"{moved}.parts/documents/../x"):
        with (
            exclusive_writer(moved) as file,
            pytest.raises(CatalogError, match=r"disabled by configuration"),
            write_transaction(file) as connection,
        ):
            connection.execute(f"copy (select 1) to '{reached}'")

    assert not Path(f"{moved}.parts", "x").exists()


def test_two_readers_of_one_process_both_reach_the_files(moved: Path) -> None:
    with open_readonly(moved) as first, open_readonly(moved) as second:
        for connection in (first, second):
            assert connection.execute("select count(*) from documents").fetchall() == [(11,)]
            with pytest.raises(duckdb.InvalidInputException, match="locked"):
                connection.execute("set memory_limit = '9GiB'")


@pytest.mark.parametrize("seconds", [600.0, 0.0])
def test_a_writer_takes_less_memory_than_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(kept_open, "KEPT_SECONDS", seconds)
    catalog = tmp_path / "tokaudit.duckdb"
    given = []
    with exclusive_writer(catalog) as file:
        time.sleep(0.05)  # for a file that is let go at once
        for opened in (open_readonly, write_transaction):
            with opened(file) as connection:
                given.append(fetch_one(connection, MEMORY))
    with open_readonly(catalog) as connection:
        read = fetch_one(connection, MEMORY)

    assert given == [("256.0 MiB", True)] * 2
    assert read[0] == "768.0 MiB"
