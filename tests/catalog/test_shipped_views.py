"""Catalogs with older views, and without optional migrations, are read as if they were new."""

import hashlib
import re
import shlex
from pathlib import Path

import duckdb
import pytest
from made.samples import Run, ask

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.row_files import COLUMNS
from tokaudit.catalog.shipped_views import views_sql
from tokaudit.catalog.versions import migrations, newest_needed, optional_migrations

VIEWS = re.findall(r"(?m)^create or replace view ([\w.]+) as", views_sql().decode())
READING = [
    "supply --by source",
    "supply --by licence",
    "overlap",
    "duplicates --diff",
    "errors",
    "query sources",
    "query labels",
    "query supply",
    "query length_bands",
    "query plan_epochs",
    "query 'from duplicates'",
    "query 'from overlap'",
    "query largest_groups",
    "query 'select count(*), count_if(counts) from documents'",
    "query 'from pairs'",
    "query 'from plans'",
    "query 'from plan_domains'",
    "plans",
    "plan --flops 1e12 --supply measured",
    "verify",
    "status",
    "laws",
]


@pytest.fixture
def older(copy: Path) -> Path:
    """The small catalog without any view and without the optional migrations, as an older tokaudit would leave it."""
    with duckdb.connect(copy) as connection:
        for view in set(VIEWS) - {"store.links"}:  # statements read that one, which every catalog has
            connection.execute(f"drop view {view}")
        connection.execute("create view sources as select 'another' as source")
        for table in COLUMNS:
            connection.execute(f"drop view store.{table}; alter table store.{table}_here rename to {table}")
        for file in optional_migrations(0):
            for table in re.findall(r"create table (store\.\w+)", file.read_text()):
                connection.execute(f"drop table {table}")
        connection.execute("delete from store.migrations where migration > ?", [newest_needed()])
        connection.execute("update store.shipped set sha256 = 'older' where name = 'views'")
        connection.execute("delete from store.shipped where name = 'rows'")
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("command", READING)
def test_an_older_catalog_answers_as_a_new_one_and_stays_as_it_is(run: Run, older: Path, command: str) -> None:
    before = hashlib.sha256(older.read_bytes()).hexdigest()
    found = run("--catalog", older, *shlex.split(command), "--json").json
    after = hashlib.sha256(older.read_bytes()).hexdigest()
    with exclusive_writer(older):
        pass
    wanted = run("--catalog", older, *shlex.split(command), "--json").json

    assert before == after
    assert {**found, "catalog_bytes": 0, "seconds": 0} == {**wanted, "catalog_bytes": 0, "seconds": 0}


def test_a_command_that_writes_upgrades_an_older_catalog(run: Run, older: Path) -> None:
    assert ask(older, "select max(migration) from store.migrations") == [(newest_needed(),)]
    run("--catalog", older, "plan", "--flops", "1e22", "--supply", "web=1T", "--save", "first", "-q")

    assert ask(older, "select max(migration) from store.migrations") == [(migrations()[-1][0],)]
    assert ask(older, "select name from plans") == [("first",)]


def test_a_catalog_of_another_version_gets_the_views_of_this_one(older: Path) -> None:
    assert ask(older, "select count(*) from sources") == [(4,)]


def test_an_optional_migration_only_creates_and_renames_tables() -> None:
    allowed = (
        r"create table store\.\w+ \(.*\)",
        r"alter table store\.\w+ rename to \w+_here",  # writers alone use the new name; the old one is a view then
        r"create view store\.\w+ as from store\.\w+_here",
    )
    for file in optional_migrations(0):
        statements = re.sub(r"--.*", "", file.read_text(encoding="utf-8")).split(";")
        others = [each for each in map(str.strip, statements) if not re.fullmatch("|".join(allowed), each, re.DOTALL)]
        assert others == [""]
