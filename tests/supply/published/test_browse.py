"""Published corpora by criteria, and one in detail."""

import pytest
from made.corpora import CORPORA

from tokaudit.core.errors import UsageError
from tokaudit.supply.published.browse import choose, corpus_details, short, size

pytestmark = pytest.mark.usefixtures("made_reference")


def test_without_criteria_every_row_comes_in_the_order_of_the_file() -> None:
    assert choose() == list(CORPORA)


@pytest.mark.parametrize("domain", sorted({row.domain for row in CORPORA}))
def test_a_domain_has_its_own_rows(domain: str) -> None:
    assert choose(domain=domain) == [row for row in CORPORA if row.domain == domain] != []


def test_a_language_is_a_word_of_a_row_s_languages() -> None:
    said = {row.languages for row in choose(language="EN")}
    assert {"en", "en mostly", "en+zh", "multi (en, fr, 8 languages >10B tokens)"} <= said
    assert said.isdisjoint({"zh", "20 languages", "46 natural"})
    assert {row.corpus for row in choose(language="zh")} == {"Sky", "Two Tongues"}


def test_a_licence_is_part_of_its_name_or_unknown() -> None:
    found = {row.licence for row in choose(licence="odc by")}
    assert found == {"ODC-BY", "ODC-BY 1.0", "of Tongues (ODC-BY) and Tongues Archive (CC0)"}
    assert {row.licence for row in choose(licence="unknown")} == {""}


@pytest.mark.parametrize(
    ("year", "years"), [("2024", {2024}), ("2023-2025", {2023, 2024, 2025}), ("2030-2013", set()), ("1990", set())]
)
def test_a_year_is_one_or_a_range(year: str, years: set[int]) -> None:
    if years:
        assert {row.year for row in choose(year=year)} == years
    else:
        with pytest.raises(UsageError, match=rf"--year: no published corpus has '{year}' \(known: 2013; 2015; "):
            choose(year=year)


def test_rows_meet_all_criteria_and_may_be_none() -> None:
    found = choose(domain="books", availability="open", language="en")
    assert found
    assert {(row.domain, row.availability) for row in found} == {("books", "open")}
    assert choose(domain="books", language="zh") == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"domain": "book"}, r"--domain: no published corpus has 'book' \(known: books; code; "),
        ({"availability": "free"}, r"--availability: .*\(known: closed; gated; open; restricted; withdrawn\)"),
        ({"language": "tlh"}, r"--language: no published corpus has 'tlh' \(known: .*; en; "),
        ({"licence": "WTFPL"}, r"--licence: no published corpus has 'WTFPL' \(known: .*; unknown\)"),
        ({"year": "last"}, r"--year: 'last' is not a year \(write 2024 or 2023-2025\)"),
    ],
)
def test_a_value_that_no_row_has_is_refused_with_the_known_ones(asked: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose(**asked)


@pytest.mark.slow
@pytest.mark.parametrize("corpus", sorted({row.corpus for row in CORPORA}))
def test_a_corpus_has_all_its_rows_least_deduplicated_first(corpus: str) -> None:
    found = corpus_details(corpus)
    assert found.corpus == corpus
    assert sorted(row.name for row in found.rows) == sorted(row.name for row in CORPORA if row.corpus == corpus)
    order = [("repeated", "nominal", "exact", "near").index(row.counted) for row in found.rows]
    assert order == sorted(order)
    assert found.relatives == list(dict.fromkeys(found.relatives))
    counted = any(row.tokens and (row.extent == "whole" or row.standard) for row in found.rows)
    assert bool(found.disputes) is counted


@pytest.mark.parametrize(
    ("corpus", "beside"),
    [
        ("Crawl-Edu", "Crawl-Edu: 1.3T nominal, 375B exact, about 200B near"),
        ("Crawl", "Crawl: 15T nominal, 5T exact"),
        ("The Heap", "The Heap: 383B repeated, 260B nominal, 207B near"),
        ("Jam v1", "Jam v1: 1.2T nominal, 627B near as Slim Jam"),
        ("Llama Feed", "Llama Feed: 1.26T nominal (sum of its parts)"),
        ("Scholar", "Scholar: 59.9B words nominal"),
    ],
)
def test_the_counts_of_a_corpus_are_listed_side_by_side(corpus: str, beside: str) -> None:
    assert corpus_details(corpus).disputes[0] == beside


def test_differing_counts_of_one_kind_are_given_with_their_tokenizers() -> None:
    disputes = corpus_details("Baseline").disputes
    assert "near: from 750B (group/dedup, GPT-NeoX) to 1T (deduplicated (paper))" in disputes
    assert "group/dedup: from 750B to 1T" in disputes


def test_relatives_contain_its_text_or_are_contained_in_it() -> None:
    edges = {(edge.child, edge.relation, edge.parent) for edge in corpus_details("Slim Jam").relatives}
    assert ("Slim Jam", "dedup_of", "Jam v1") in edges
    assert ("Zebra", "overlaps", "Slim Jam") in edges
    assert {rate.corpus for rate in corpus_details("Pages").dedup} == {"Pages"}


@pytest.mark.parametrize("name", ["crawl edu", "CRAWL-EDU", "CrawlEdu"])
def test_a_corpus_is_found_in_any_spelling(name: str) -> None:
    assert corpus_details(name).corpus == "Crawl-Edu"


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("hea", "The Heap, Heap-val"),
        ("crwl", "Crawl"),
        ("slim gym", "Slim Jam"),
    ],
)
def test_an_unknown_corpus_is_refused_with_similar_names(name: str, like: str) -> None:
    with pytest.raises(UsageError, match=rf"^'{name}' is not a published corpus; similar names: {like}"):
        corpus_details(name)


@pytest.mark.parametrize("name", ["", "zzzz", "/"])
def test_without_similar_names_the_command_that_lists_them_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=r"^'.*' is not a published corpus \(`tokaudit corpora` lists them\)"):
        corpus_details(name)


@pytest.mark.parametrize(
    ("tokens", "written"),
    [(1_300_000_000_000, "1.3T"), (375_000_000_000, "375B"), (200_000_000_000, "200B"), (10**9, "1B"), (None, "-")],
)
def test_a_count_has_at_most_three_digits(tokens: int | None, written: str) -> None:
    assert short(tokens) == written


def test_counts_in_words_say_so() -> None:
    rows = {row.name: row for row in CORPORA}
    assert size(rows["Pages/en (words)"]) == "154B words"
    assert size(rows["Tongues Archive/all"]) == "-"
