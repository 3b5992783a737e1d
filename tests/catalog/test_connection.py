"""The views that SQL users rely on, catalogs of older versions, and what SQL can't reach."""

import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from made.runs import scattered, write_csv
from made.samples import Counted, Run, altered, text, write_jsonl

from tokaudit.catalog.connection import open_in_memory, open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.reference.corpora import published_corpora
from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.catalog.reference.tables import REFERENCE_TABLES, ReferenceTable
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.errors import CatalogError
from tokaudit.core.resources import shipped

pytestmark = pytest.mark.usefixtures("fresh_cache")

# Columns that programs outside this repository rely on.
CONTRACT = {
    "sources": "source domain",
    "files": "path source bytes documents bad_records state",
    "documents": "source domain path ordinal bytes words counts_exact counts bytes_repeated_inside",
    "token_counts": "source path ordinal tokenizer tokens",
    "groups": "source path ordinal kept_source kept_path kept_ordinal similarity kind",
    "duplicates": "path ordinal tokens kept_path kept_ordinal similarity kind tokenizer",
    "overlap": "a b documents_shared tokens_shared documents_shared_exact tokens_shared_exact tokenizer",
    "pairs": "a b similarity how",
    "bad_records": "source path ordinal offset code why",
    "labels": "source path ordinal name value",
    "row_files": "contents part name rows bytes xxh3 first_document last_document version",
    "ingests": "ingest started finished version settings",
    "supply": "domain source tokenizer documents_seen tokens_seen tokens_repeated_inside",
    "unfinished": "work source started ingest",
    "plans": "name saved version law flops params tokens constraint cause certainty binding_domain epochs options",
    "plan_domains": "plan domain share tokens_needed tokens_unique epochs tokens_effective verdict",
    "known_runs": "run params tokens flops flops_published flops_ratio status source note",
    "published_corpora": "corpus component domain tokens tokenizer bytes standard counted availability licence source",
    "published_lineage": "child child_component relation parent parent_component fraction kind source",
    "published_dedup": "corpus component method scope unit before after removed_pct source",
    "token_rates": "tokenizer text domain bytes_per_token characters_per_token tokens source",
    "published_extractors": "corpus component extractor kind source",
    "published_yields": "pipeline text warcs documents tokens documents_per_warc tokens_per_warc kind source",
    "stocks": "stock domain adjusted value low high level unit year method kind source",
    "training_sets": "run year tokens_total tokens_natural tokens_unique kind source",
}


def test_each_view_has_the_columns_that_programs_rely_on(counted: Counted) -> None:
    with open_readonly(counted.catalog) as connection:
        columns = {view: connection.execute(f"describe {view}").fetchall() for view in CONTRACT}
    named = {view: {column for column, *_ in described} for view, described in columns.items()}

    assert [view for view, wanted in CONTRACT.items() if set(wanted.split()) - named[view]] == []


def test_every_view_and_column_has_a_comment(run: Run, counted: Counted) -> None:
    columns = run("--catalog", counted.catalog, "query", "columns", "--format", "json").json["rows"]
    with open_readonly(counted.catalog) as connection:
        views = connection.execute(
            "select view_name, comment from duckdb_views() where not internal and schema_name = 'main'"
        ).fetchall()
    documented = {name for name, comment in views if comment}

    assert {row["view"] for row in columns} == documented >= set(CONTRACT)
    assert [(row["view"], row["column"]) for row in columns if not row["comment"]] == []
    assert [name for name, comment in views if not comment] == []


def test_the_known_runs_are_the_shipped_ones(counted: Counted) -> None:
    with open_readonly(counted.catalog) as connection:
        stored = connection.execute("select run, params, flops, flops_ratio, unique_tokens from known_runs").fetchall()

    assert stored == [(run.run, run.params, run.flops, run.flops_ratio, run.unique_tokens) for run in known_runs()]


@pytest.mark.parametrize("table", REFERENCE_TABLES, ids=lambda table: table.name)
def test_a_reference_table_has_the_shipped_rows(counted: Counted, table: ReferenceTable) -> None:
    rows = table.read()
    with open_readonly(counted.catalog) as connection:
        stored = connection.execute(f"from store.{table.name}").fetchall()

    assert stored == [astuple(row) for row in rows]
    assert rows


def test_views_and_tables_of_another_version_are_replaced(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("delete from store.known_runs where run < 'L'")
        connection.execute("update store.published_corpora set note = 'old'")
        connection.execute("create or replace view known_runs as select 1 as old")
        connection.execute("update store.shipped set sha256 = 'old'")
    with exclusive_writer(copy):
        pass
    with open_readonly(copy) as connection:
        runs = connection.execute("select run, note from known_runs").fetchall()
        corpora = connection.execute("select corpus, component, note from published_corpora").fetchall()

    assert runs == [(run.run, run.note) for run in known_runs()]
    assert corpora == [(row.corpus, row.component, row.note) for row in published_corpora()]


SCHEMA = sorted((shipped("catalog") / "schema").glob("*.sql"))


@pytest.mark.slow
@pytest.mark.parametrize("applied", range(1, len(SCHEMA)))
def test_a_catalog_of_any_older_schema_is_upgraded(tmp_path: Path, applied: int) -> None:
    path = tmp_path / "old.duckdb"
    with duckdb.connect(path) as connection:
        for file in SCHEMA[:applied]:
            connection.execute(file.read_text(encoding="utf-8"))
        connection.execute(
            "create table store.migrations"
            " (migration integer primary key, name varchar, version varchar, applied timestamp)"
        )
        newest = int(SCHEMA[applied - 1].name.partition("_")[0])
        connection.execute("insert into store.migrations values (?, 'old', '1', null)", [newest])
    with exclusive_writer(path), open_readonly(path) as connection:
        for view in CONTRACT:
            connection.execute(f"from {view}").fetchall()
        (rates,) = connection.execute("select count(bytes_per_token) from token_rates").fetchall()
    assert rates[0] == sum(rate.bytes_per_token is not None for rate in token_rates().rows)


@pytest.mark.slow
def test_an_added_column_stops_no_writer(run: Run, copy: Path, tmp_path: Path) -> None:
    with duckdb.connect(copy) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'store'").fetchall()
        for (name,) in tables:
            connection.execute(f"alter table store.{name} add column added varchar")
    page = write_jsonl(tmp_path / "more" / "pages.jsonl", [text(0), altered(text(1), 3), text(77)], licence=["a"] * 3)
    for words in (["--label", "licence=licence"], ["--label", "licence=licence", "--label", "again=licence"]):
        run("--catalog", copy, "ingest", page.parent, "--domain", "web", "--source", "more", *words)
    run("--catalog", copy, "fit", write_csv(tmp_path / "runs.csv", scattered()), "--draws", "20", "--save", "ours")
    run("--catalog", copy, "forget", "books")

    assert [row["source"] for row in run("--catalog", copy, "status", "--format", "json").json["rows"]] == [
        *("blog", "code", "more", "web")
    ]


def test_reference_tables_are_read_into_a_catalog_once(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReferenceTable, "columns", lambda table: pytest.fail(f"{table.name} is read again"))
    with exclusive_writer(copy):
        pass


def test_a_reader_reaches_nothing_but_the_catalog(counted: Counted, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nhush\n")
    other = tmp_path / "other.duckdb"
    with duckdb.connect(other) as connection:
        connection.execute("create table t as select 'hush' as word")
    within_reach = pa.table({"word": ["hush"]})
    assert within_reach.num_rows == 1
    attempts = [
        f"from read_csv('{secret}')",
        f"from read_text('{secret}')",
        f"from '{secret}'",
        f"from read_duckdb('{other}', table_name='t')",
        f"from glob('{tmp_path}/*')",
        f"from read_parquet('{counted.catalog}.parts/*.signatures')",
        f"copy sources to '{tmp_path}/out.csv'",
        f"copy (select 1) to '{tmp_path}/out.parquet'",
        f"export database '{tmp_path}/out'",
        f"attach '{other}'",
        f"attach '{tmp_path}/new.duckdb'",
        "install httpfs",
        "load httpfs",
        "select getenv('HOME')",
        "set memory_limit = '1GB'",
        "set enable_external_access = true",
        "pragma enable_logging",
        "from within_reach",
        "create table t as select 1",
        "create schema s",
        "delete from store.documents_here",
        "update store.derived set fresh = false",
        "from duckdb_secrets()",
    ]
    with open_readonly(counted.catalog) as connection:
        for attempt in attempts:
            with pytest.raises(duckdb.Error):
                connection.execute(attempt).fetchall()
        settings = dict(
            connection.execute(
                "select name, value from duckdb_settings()"
                " where name in ('autoload_known_extensions', 'autoinstall_known_extensions',"
                " 'allow_community_extensions', 'enable_external_access', 'lock_configuration')"
            ).fetchall()
        )

    assert settings.pop("lock_configuration") == "true"
    assert set(settings.values()) == {"false"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.duckdb", "secret.csv"]


def test_no_bar_is_drawn_where_python_is_interactive() -> None:
    asked = "select current_setting('enable_progress_bar')"
    script = (
        "from tokaudit.catalog.connection import open_in_memory\n"
        f'with open_in_memory() as connection: print(connection.execute("{asked}").fetchall(),'
        f' connection.cursor().execute("{asked}").fetchall())'
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[(False,)] [(False,)]\n"


def test_one_process_opens_a_catalog_twice_at_once_both_locked_down(counted: Counted) -> None:
    with open_readonly(counted.catalog) as first, open_readonly(counted.catalog) as second:
        for connection in (first, second):
            assert connection.execute("select count(*) > 0 from documents").fetchall() == [(True,)]
            with pytest.raises(duckdb.InvalidInputException, match="locked"):
                connection.execute("set memory_limit = '9GiB'")


def test_a_sorted_sum_after_a_join_that_finds_nothing_is_whole() -> None:
    """DuckDB 2.0.1 says 72 for these eight numbers, unless one of its optimizers is turned off."""
    with open_in_memory() as connection:
        connection.execute("create table d as select i as document, i * 30 as tokens from range(8) t(i)")
        connection.execute(
            "create table l as select i as document, 'language' as name, 'en' as value from range(8) t(i)"
        )
        summed = connection.execute(
            "select coalesce(l.value, '') as language, sum(d.tokens)::bigint as tokens"
            " from d left join l on l.document = d.document and l.name = '' group by all order by all"
        )
        assert summed.fetchall() == [("", 840)]


def test_a_writer_reaches_no_other_file(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")

    with (
        pytest.raises(CatalogError, match="file system operations are disabled"),
        write_transaction(copy) as connection,
    ):
        connection.execute(f"create table t as from read_text('{tmp_path}/secret')")


def test_a_view_planted_in_the_catalog_reads_no_file(run: Run, copy: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    with duckdb.connect(copy) as connection:
        connection.execute(f"create view bait as from read_text('{secret}')")
        connection.execute(f"create or replace view sources as from read_text('{secret}') t(source)")
    asked = run("--catalog", copy, "query", "select * from bait", code=2)
    shown = run("--catalog", copy, "status", code=4)

    for refused in (asked, shown):
        assert refused.out == ""
        assert "hush" not in refused.err
        assert "file system operations are disabled" in refused.err


def test_a_transaction_that_fails_leaves_nothing(copy: Path) -> None:
    def fail() -> None:
        with write_transaction(copy) as connection:
            connection.execute("delete from store.documents_here")
            connection.execute("insert into store.sources from store.sources")

    def stop() -> None:
        with write_transaction(copy) as connection:
            connection.execute("delete from store.documents_here")
            raise KeyboardInterrupt

    with pytest.raises(CatalogError, match="can't be written"):
        fail()
    with pytest.raises(KeyboardInterrupt):
        stop()
    with open_readonly(copy) as connection:
        assert connection.execute("select count(*) from documents").fetchall() == [(11,)]
