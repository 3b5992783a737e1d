"""The views of duplicates and overlap have the numbers of the commands."""

from pathlib import Path
from typing import Any

import pytest
from made.samples import Counted, Run, Words, ask, count_into, overlapping_sources, text, write_jsonl

from tokaudit.audit.answers import duplicates, overlap
from tokaudit.catalog.completeness import choose_tokenizer
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.rows import Row


def rows_of(catalog: Path, view: str, *columns: str) -> list[Row]:
    """The rows of a view, of these columns alone."""
    with open_readonly(catalog) as connection:
        return [{name: row[name] for name in columns} for row in fetch_rows(connection, f"from {view} order by all")]


def in_order(rows: list[Row]) -> list[Row]:
    """The rows in an order that does not depend on theirs."""
    return sorted(rows, key=lambda row: str(sorted(row.items())))


def check_views(catalog: Path) -> tuple[list[Row], list[Row]]:
    """Compare both views with the commands; returns the rows of the commands."""
    shared, doubled = overlap(catalog, "source", None), duplicates(catalog, 1000, None)

    assert in_order(rows_of(catalog, "overlap", *shared.columns)) == in_order(shared.rows)
    assert in_order(rows_of(catalog, "duplicates", *doubled.columns)) == in_order(doubled.rows)
    tokenizers = {row["tokenizer"] for view in ("overlap", "duplicates") for row in rows_of(catalog, view, "tokenizer")}
    assert tokenizers <= {shared.extra["tokenizer"]} == {doubled.extra["tokenizer"]}
    return shared.rows, doubled.rows


def test_the_views_have_the_numbers_of_the_commands(counted: Counted) -> None:
    shared, doubled = check_views(counted.catalog)

    assert sum(row["tokens_shared"] > row["tokens_shared_exact"] > 0 for row in shared) == 1
    assert {row["kind"] for row in doubled} == {"exact", "near"}


@pytest.mark.slow
def test_the_views_of_overlapping_sources_agree_with_the_commands(tmp_path: Path) -> None:
    overlapping_sources(tmp_path / "x.duckdb", tmp_path)
    shared, _ = check_views(tmp_path / "x.duckdb")

    assert len(shared) == 6  # three sources have documents


def test_the_views_of_a_catalog_without_documents_are_empty(tmp_path: Path) -> None:
    with exclusive_writer(tmp_path / "x.duckdb"):
        pass

    assert ask(tmp_path / "x.duckdb", "select (select count(*) from duplicates), (select count(*) from overlap)") == [
        (0, 0)
    ]


def first_tokenizer(catalog: Path) -> Any:
    """The name of the tokenizer that views count in."""
    ((name,),) = ask(catalog, "select name from store.first_tokenizer")
    return name


@pytest.mark.slow
def test_tokens_of_documents_that_are_not_counted_are_null(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    for source, counters in (("a", [Words("first"), Words("second", "1")]), ("b", [Words("second", "1")])):
        write_jsonl(tmp_path / source / "x.jsonl", [text(1), text(2)])
        count_into(catalog, tmp_path / source, "web", counters)
    found = ask(catalog, "select a, documents_shared, tokens_shared, tokenizer from overlap order by a")
    doubled = ask(catalog, "select source, tokens, tokenizer from duplicates")

    assert found == [("a", 2, 240, "first"), ("b", 2, None, "first")]
    assert doubled == [("b", None, "first")] * 2


@pytest.mark.slow
def test_the_views_count_in_the_first_tokenizer_that_is_left(tmp_path: Path, run: Run) -> None:
    catalog = tmp_path / "x.duckdb"
    for source, counter in (("a", Words("first")), ("b", Words("second", "1"))):
        write_jsonl(tmp_path / source / "x.jsonl", [text(1), text(2)])
        count_into(catalog, tmp_path / source, "web", [counter])
    before = first_tokenizer(catalog)
    run("--catalog", catalog, "forget", "a")
    with open_readonly(catalog) as connection:
        chosen = choose_tokenizer(connection, None)

    assert (before, first_tokenizer(catalog), chosen) == ("first", "second", "second")
