"""``tokaudit schema``: the views as people and programs see them, with a catalog and without one."""

from pathlib import Path

import duckdb
from made.samples import Counted, Run

from tokaudit.catalog.model import shipped_views


def test_a_view_is_shown_with_columns_key_and_references(run: Run, counted: Counted) -> None:
    shown = run("--catalog", counted.catalog, "schema", "token_counts").out.splitlines()

    assert shown[0] == "token_counts (measured)"
    assert shown[2] == "One row per document and tokenizer."
    assert "tokens     BIGINT   Tokens in the text, without special tokens." in shown
    assert "key: path, ordinal, tokenizer" in shown
    assert "tokenizer → tokenizers.tokenizer" in shown


def test_all_views_are_shown_without_a_catalog_and_none_is_made(run: Run) -> None:
    shown = run("schema")
    heads = [line for line in shown.out.splitlines() if line.endswith(")") and line.split(" (")[0] in shipped_views()]

    assert [line.split(" (")[0] for line in heads] == shipped_views()
    assert "stocks (published facts)" in heads
    assert "tokaudit.duckdb: no catalog found; these are the views of a new one" in shown.err
    assert list(Path.cwd().iterdir()) == []


def test_rows_for_programs_have_a_column_of_a_view_each(run: Run, counted: Counted) -> None:
    asked = run("--catalog", counted.catalog, "schema", "pairs", "--format", "json").json
    columns = run("--catalog", counted.catalog, "query", "columns", "--format", "json").json["rows"]
    every = run("--catalog", counted.catalog, "schema", "--format", "json").json["rows"]

    assert asked["rows"][0] == {
        "view": "pairs",
        "kind": "measured",
        "column": "a",
        "type": "BIGINT",
        "key": True,
        "refers_to": "documents.document",
        "comment": asked["rows"][0]["comment"],
    }
    assert asked["views"] == [{"view": "pairs", "kind": "measured", "comment": asked["views"][0]["comment"]}]
    assert sorted((row["view"], row["column"], row["type"], row["comment"]) for row in every) == sorted(
        (row["view"], row["column"], row["type"], row["comment"]) for row in columns
    )


def test_a_view_of_the_user_is_marked(run: Run, copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute('create view mine as select 1 as "a\tb"')
    shown = run("--catalog", copy, "schema", "mine").out

    assert shown.splitlines()[0] == "mine (your own)"
    assert "\t" not in shown


def test_a_catalog_that_cannot_be_read_is_no_reason_to_show_another(run: Run) -> None:
    Path("tokaudit.duckdb").write_text("not a catalog")

    assert "tokaudit.duckdb: " in run("schema", code=4).err


def test_an_unknown_view_lists_the_known(run: Run) -> None:
    assert "unknown view 'document'; did you mean" in run("schema", "document", code=2).err
