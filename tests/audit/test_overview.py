"""Everything that a page or a card says of a catalog: its numbers are those of the commands."""

import shlex
from pathlib import Path

import pytest
from made.samples import SMALL_DOMAINS, Counted, Run, ask, count_into, overlapping_sources, text, write_jsonl

from tokaudit.audit.overview import Found, Overview, overview
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.queries import SUPPLY_COLUMNS
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.pipeline.forget import forget


@pytest.fixture(scope="module")
def found(counted: Counted) -> Overview:
    """The overview of the small catalog."""
    return overview(counted.catalog, None)


def parts(of: Overview) -> dict[str, Found]:
    """The answers to shipped queries, by name."""
    names = ("domains", "sources", "overlap", "group_sizes", "bad_records", "left_out")
    return {name: getattr(of, name) for name in names}


@pytest.mark.parametrize("name", ["domains", "sources", "overlap", "group_sizes", "bad_records", "left_out"])
def test_rows_are_those_that_its_command_prints(run: Run, counted: Counted, found: Overview, name: str) -> None:
    part = parts(found)[name]
    program, *words = shlex.split(part.command)
    printed = run("--catalog", counted.catalog, *words, "--format", "json", "-q").json["rows"]

    assert program == "tokaudit"
    assert printed == [{column: row[column] for column in row if column in printed[0]} for row in part.rows]


@pytest.mark.parametrize("name", ["domains", "sources", "overlap", "group_sizes", "bad_records", "left_out"])
def test_rows_are_those_that_its_sql_selects(counted: Counted, found: Overview, name: str) -> None:
    part = parts(found)[name]

    assert part.rows
    assert ask(counted.catalog, part.sql) == [tuple(row.values()) for row in part.rows]


def test_total_and_notes_are_those_of_the_supply(run: Run, counted: Counted, found: Overview) -> None:
    supply = run("--catalog", counted.catalog, "supply", "--format", "json", "-q").json

    assert found.total == supply["total"]
    assert (found.tokenizer, found.complete) == (supply["tokenizer"], supply["complete"])
    assert list(found.notes) == supply["warnings"]
    assert found.checked.unchecked == supply["unchecked_files"]


def test_the_tokenizer_is_described(found: Overview) -> None:
    assert (found.tokenizer, found.counter, found.other_tokenizers) == ("words", "the tests", ())
    assert found.vocabulary_sha256 == "0" * 64


def test_labels_that_cards_know_are_counted(found: Overview) -> None:
    assert {(row["domain"], row["name"], row["value"]): row["documents"] for row in found.labels} == {
        ("code", "language", "python"): 2,
        ("code", "language", "shell"): 1,
        ("web", "licence", "a"): 2,
        ("web", "licence", "b"): 1,
    }


def test_one_domain_is_compared_by_source(tmp_path: Path) -> None:
    for source in ("a", "b"):
        write_jsonl(tmp_path / source / "x.jsonl", [text(0), text(len(source))])
        count_into(tmp_path / "x.duckdb", tmp_path / source, "web")
    of = overview(tmp_path / "x.duckdb", None)

    assert of.overlap_by == "source"
    assert [(row["a"], row["b"], row["documents_shared"]) for row in of.overlap.rows] == [("a", "b", 2), ("b", "a", 2)]


def test_text_that_sources_share_is_counted_once_in_the_total(tmp_path: Path) -> None:
    overlapping_sources(tmp_path / "x.duckdb", tmp_path)
    of = overview(tmp_path / "x.duckdb", None)

    assert of.total["tokens_unique"] < sum(row["tokens_unique"] for row in of.domains.rows)
    assert of.total["tokens_seen"] == sum(row["tokens_seen"] for row in of.domains.rows)


def test_a_catalog_without_counts_says_what_to_do(tmp_path: Path) -> None:
    with exclusive_writer(tmp_path / "x.duckdb"), pytest.raises(UsageError, match="tokaudit ingest PATH --domain NAME"):
        overview(tmp_path / "x.duckdb", None)


def test_a_missing_catalog_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog found"):
        overview(tmp_path / "x.duckdb", None)


def test_an_unknown_tokenizer_is_refused(counted: Counted) -> None:
    with pytest.raises(UsageError, match="not fully counted with tokenizer 'o200k_base'"):
        overview(counted.catalog, "o200k_base")


def test_an_emptied_catalog_has_no_rows(copy: Path) -> None:
    for source in SMALL_DOMAINS:
        forget(copy, source, print)
    of = overview(copy, None)

    assert [part.rows for part in parts(of).values()] == [[]] * 6
    assert of.total == dict.fromkeys(SUPPLY_COLUMNS, 0)
    assert "the catalog is empty" in of.notes[-1]
