"""What a catalog says, asked from Python."""

from pathlib import Path

import pytest
from made.samples import SMALL_DOMAINS, Counted, ask, count_into, overlapping_sources, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.queries import SUPPLY_COLUMNS, shipped_query
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import UsageError
from tokaudit.pipeline.forget import forget


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A catalog in which nothing is counted."""
    path = tmp_path / "empty.duckdb"
    with exclusive_writer(path):
        return path


@pytest.mark.parametrize("question", [answers.supply, answers.overlap, answers.duplicates])
def test_a_catalog_without_counts_says_what_to_do(empty: Path, question: object) -> None:
    assert callable(question)
    with pytest.raises(UsageError, match="tokaudit ingest PATH --domain NAME"):
        question(empty, 1 if question is answers.duplicates else "domain", None)


def test_a_catalog_without_counts_has_a_status_and_no_errors(empty: Path) -> None:
    for question in (answers.errors, answers.status):
        answer = question(empty)
        assert (answer.rows, answer.extra["complete"]) == ([], True)
        assert answer.notes == ("the catalog is empty; `tokaudit ingest PATH --domain NAME` counts text into it",)


def test_an_emptied_catalog_says_what_adds_text(copy: Path) -> None:
    for source in SMALL_DOMAINS:
        forget(copy, source, print)
    for answer in (
        answers.supply(copy, "domain", None),
        answers.supply(copy, "source", None),
        answers.overlap(copy, "domain", None),
        answers.duplicates(copy, 10, None),
        answers.errors(copy),
        answers.status(copy),
    ):
        assert answer.rows == []
        assert answer.notes == ("the catalog is empty; `tokaudit ingest PATH --domain NAME` counts text into it",)


def test_a_catalog_with_counts_is_not_called_empty(counted: Counted) -> None:
    assert not [note for note in answers.status(counted.catalog).notes if "empty" in note]


def test_supply_by_label_deduplicates_within_each_value(counted: Counted) -> None:
    answer = answers.supply(counted.catalog, "licence", None)

    assert answer.columns == ("licence", *SUPPLY_COLUMNS)
    assert [
        (row["licence"], row["documents_seen"], row["documents_unique_exact"], row["tokens_unique"])
        for row in answer.rows
    ] == [
        # a: the first text and another. b: the one near the first. None: novel (the first again), blog's post (which
        # `a` has), books' other, code's three (one a copy), the empty text and the note.
        (None, 8, 7, 120 + 120 + 120 + 2 + 6 + 0 + 2),
        ("a", 2, 2, 240),
        ("b", 1, 1, 120),
    ]
    assert answer.extra["total"] == answers.supply(counted.catalog, "domain", None).extra["total"]


@pytest.mark.slow
def test_the_total_of_any_supply_is_that_of_the_whole_catalog(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    overlapping_sources(catalog, tmp_path)
    with open_readonly(catalog) as connection:
        parameters = {"by": "catalog", "tokenizer": "words"}
        (whole,) = fetch_rows(connection, shipped_query("supply").sql, parameters)
    total = {column: whole[column] for column in SUPPLY_COLUMNS}
    found = {by: answers.supply(catalog, by, None) for by in ("domain", "source")}

    assert {by: answer.extra["total"] for by, answer in found.items()} == dict.fromkeys(found, total)
    for column in ("documents_unique_exact", "documents_unique", "tokens_unique_exact", "tokens_unique"):
        by_domain, by_source = (sum(row[column] for row in answer.rows) for answer in found.values())
        assert total[column] < by_domain < by_source


def test_supply_by_an_unknown_label_lists_the_known(counted: Counted) -> None:
    known = "generated, language, licence, licence_file, vendored"
    with pytest.raises(UsageError, match=f"unknown label 'quality' .known: domain, source, {known}"):
        answers.supply(counted.catalog, "quality", None)
    with pytest.raises(UsageError, match=f"unknown label 'quality' .known: domain, source, {known}"):
        answers.supply(counted.catalog, "language,quality", None)


def test_domain_and_labels_are_keys_of_one_row(counted: Counted) -> None:
    answer = answers.supply(counted.catalog, "domain,language", None)

    assert [(row["domain"], row["language"], row["tokens_seen"], row["tokens_unique"]) for row in answer.rows] == [
        ("books", None, 240, 240),
        ("code", "python", 4, 2),
        ("code", "shell", 6, 6),
        ("web", None, 482, 242),
    ]


def test_supply_by_several_labels_has_a_row_per_combination(counted: Counted) -> None:
    answer = answers.supply(counted.catalog, "licence, language", None)
    by_licence = answers.supply(counted.catalog, "licence", None)

    assert answer.columns == ("licence", "language", *SUPPLY_COLUMNS)
    assert [(row["licence"], row["language"], row["documents_seen"]) for row in answer.rows] == [
        (None, None, 5),  # of the web and of books
        (None, "python", 2),
        (None, "shell", 1),
        ("a", None, 2),
        ("b", None, 1),
    ]
    assert sum(row["tokens_seen"] for row in answer.rows) == sum(row["tokens_seen"] for row in by_licence.rows)
    assert answer.extra["total"] == by_licence.extra["total"]


def test_a_label_that_is_named_twice_is_one_column(counted: Counted) -> None:
    assert answers.supply(counted.catalog, "licence,licence", None) == answers.supply(counted.catalog, "licence", None)


def test_supply_by_more_than_four_labels_is_refused(counted: Counted) -> None:
    five = "generated,language,licence,licence_file,vendored"
    with pytest.raises(UsageError, match="--by: takes at most 4 labels, not 5"):
        answers.supply(counted.catalog, five, None)
    assert len(answers.supply(counted.catalog, five.rpartition(",")[0], None).columns) == 4 + len(SUPPLY_COLUMNS)


@pytest.mark.slow
def test_a_label_with_a_comma_in_its_name_can_be_asked_for(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "x.jsonl", ["a", "b"], kind=["x", "y"])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web", labels={"a,b": "kind"})

    assert [row["a,b"] for row in answers.supply(tmp_path / "x.duckdb", "a,b", None).rows] == ["x", "y"]


def test_a_domain_of_bad_records_is_a_row_of_zeros(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.jsonl").write_text("nonsense\n")
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    (row,) = answers.supply(tmp_path / "x.duckdb", "domain", None).rows

    assert row == {"domain": "web", **dict.fromkeys(SUPPLY_COLUMNS, 0), "bad_records": 1}


def test_duplicates_are_limited_and_all_counted(counted: Counted) -> None:
    everything = answers.duplicates(counted.catalog, 100, None)
    some = answers.duplicates(counted.catalog, 1, None)

    assert (len(everything.rows), everything.extra["total"]) == (4, 4)
    assert some.rows == everything.rows[:1]
    assert some.extra["total"] == 4
    assert answers.duplicates(counted.catalog, 0, None).rows == []


def test_the_status_has_sources_tokenizers_and_size(counted: Counted) -> None:
    answer = answers.status(counted.catalog)

    assert [row["source"] for row in answer.rows] == ["blog", "books", "code", "web"]
    assert answer.extra["tokenizers"] == [{"tokenizer": "words", "vocabulary_sha256": "0" * 64, "counter": "the tests"}]
    assert answer.extra["catalog_bytes"] > counted.catalog.stat().st_size
    assert answer.extra["last_ingest"] is not None


@pytest.mark.slow
def test_the_supply_view_is_right_if_only_other_sources_share_text(tmp_path: Path) -> None:
    texts = [text(seed) for seed in range(410)]
    sources = {"web": texts[:300], "books": texts[280:400], "news": texts[400:]}
    for domain, given in sources.items():
        for place, each in enumerate([[one] for one in given] if domain == "news" else [given]):
            write_jsonl(tmp_path / domain / f"{place}.jsonl", each)
        count_into(tmp_path / "c.duckdb", tmp_path / domain, domain)
    # As no row of `store.uncounted` is of a source, DuckDB 2.0 would squeeze `coalesce(sum(…), 0)` into a byte.
    unique = "select source, bytes_unique, tokens_unique from supply where tokens_unique > 100 order by source"
    by_domain = "select domain, sum(tokens_unique)::bigint from supply group by domain order by domain"

    assert ask(tmp_path / "c.duckdb", unique) == [
        (source, sum(map(len, sources[source])), 120 * len(sources[source])) for source in sorted(sources)
    ]
    assert ask(tmp_path / "c.duckdb", by_domain) == [(name, 120 * len(sources[name])) for name in sorted(sources)]
