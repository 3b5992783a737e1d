"""Catalogs in the hands of others: the command line of DuckDB 1.4, plain DuckDB as installed, and Polars."""

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from made.duckdb_cli import duckdb_program
from made.samples import ask, count_into, text, write_jsonl
from made.storage import storage_version

from tokaudit.catalog.connection import open_readonly

pytestmark = pytest.mark.slow

VIEWS = "select view_name from duckdb_views() where not internal and schema_name = 'main' order by all"
COLUMNS = (
    "select column_name, data_type from duckdb_columns()"
    " where schema_name = 'main' and table_name = ? order by column_index"
)
COMMENTS = """
select view_name, '' as column_name, comment from duckdb_views() where not internal and schema_name = 'main'
union all
select table_name, column_name, comment from duckdb_columns() where not internal and schema_name = 'main'"""


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command line of DuckDB 1.4."""
    return duckdb_program(tmp_path_factory.mktemp("stock"))


def said_by(program: Path, catalog: Path, *statements: str, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The first rows of the answers to statements; those that answer nothing have none."""
    asked = ";\n".join([*statements, ""])
    call = [str(program), "-init", "", "-bail", "-json", *options, str(catalog)]
    said = subprocess.run(call, input=asked, capture_output=True, text=True, check=True)
    assert said.stderr == ""
    decoder, left, rows = json.JSONDecoder(), said.stdout.strip(), []
    while left:
        (row, *_), end = decoder.raw_decode(left)
        rows.append(row)
        left = left[end:].strip()
    return rows


def as_one_row(query: str) -> str:
    """A query whose only row is all rows of another in order, every value as text."""
    return f"""
        select coalesce(list(line order by line), [])::varchar as lines from (
            select to_json(t)::varchar as line from (select columns(*)::varchar from ({query})) t
        )"""  # noqa: S608 - the queries stand above


@pytest.mark.parametrize("options", [("-readonly",), ()], ids=["read-only", "writable"])
def test_stock_duckdb_reads_every_view_as_tokaudit_does(stock: Path, copy: Path, options: tuple[str, ...]) -> None:
    views = [view for (view,) in ask(copy, VIEWS)]
    queries = [as_one_row(query) for query in (VIEWS, *(f"from {view}" for view in views), COMMENTS)]
    with open_readonly(copy) as connection:
        said = [connection.execute(query).fetchall() for query in queries]
    *found, version, named = said_by(
        stock,
        copy,
        *queries,
        "select version() as version",
        "select store.tokenizer_named('words') as number",
        options=options,
    )

    assert {"duplicates", "overlap", "supply", "documents"} <= set(views)
    for name, rows, wanted in zip(["names", *views, "comments"], found, said, strict=True):
        assert [tuple(rows.values())] == wanted, name
    assert version == {"version": "v1.4.4"}
    assert named == {"number": 0}


def test_what_stock_duckdb_adds_to_a_catalog_stays(stock: Path, copy: Path, tmp_path: Path) -> None:
    before = storage_version(copy)
    said_by(stock, copy, "create table mine as select source, count(*) as n from documents group by all")
    count_into(copy, write_jsonl(tmp_path / "more" / "x.jsonl", ["one more text"]).parent, "web")

    assert storage_version(copy) == before
    assert ask(copy, "select sum(n)::bigint from mine") == [(11,)]
    assert said_by(stock, copy, "select count(*) as documents from documents") == [{"documents": 12}]


def sums_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of each view in order, and sorted sums of its numbers by what groups them."""
    found = {}
    for (view,) in connection.execute(VIEWS).fetchall():
        columns = connection.execute(COLUMNS, [view]).fetchall()
        sums = ", ".join(f'sum("{name}")' for name, kind in columns if kind == "BIGINT") or "count(*)"
        found[view] = connection.execute(f"from {view} order by all").fetchall()
        for name, _ in columns:
            if name in {"source", "domain", "tokenizer", "kind"}:
                asked = f"select coalesce(\"{name}\", ''), {sums} from {view} group by all order by all"  # noqa: S608 - as above
                found[f"{view} by {name}"] = connection.execute(asked).fetchall()
    return found


@pytest.fixture
def unique(tmp_path: Path) -> Path:
    """A catalog without duplicates, so that joins with them find nothing."""
    texts = [text(seed, 10 + seed) for seed in range(40)]
    write_jsonl(tmp_path / "pages" / "x.jsonl", texts, language=["en"] * 40)
    count_into(tmp_path / "unique.duckdb", tmp_path / "pages", "web", labels={"language": "language"})
    return tmp_path / "unique.duckdb"


def test_plain_duckdb_adds_up_every_view_as_tokaudit_does(copy: Path, unique: Path) -> None:
    """DuckDB 2.0.1 narrows some sums unless one of its optimizers is turned off, as it is in tokaudit."""
    for catalog in (copy, unique):
        with open_readonly(catalog) as connection:
            said = sums_of(connection)
        with duckdb.connect(catalog, read_only=True) as connection:
            assert sums_of(connection) == said
        assert said["supply by source"]


def test_polars_reads_every_view(copy: Path) -> None:
    supply = ask(copy, "select source, tokens_unique from supply order by all")
    with duckdb.connect(copy, read_only=True) as connection:
        for (view,) in connection.execute(VIEWS).fetchall():
            frame = pl.read_database(f"from {view}", connection)

            assert frame.columns == [name for name, _ in connection.execute(COLUMNS, [view]).fetchall()]
            assert frame.height == connection.sql(f"from {view}").pl().height == len(connection.sql(f"from {view}"))
        found = pl.read_database("from supply", connection).select("source", "tokens_unique").sort("source")

    assert found.rows() == supply
