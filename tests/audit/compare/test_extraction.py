"""Extraction as a cause of the difference to a published corpus."""

from dataclasses import replace
from typing import Final

import pytest
from made.reference import EXTRACTORS, YIELDS
from made.registry import edge, published_row, row

from tokaudit.audit.compare.compare import compare
from tokaudit.audit.compare.extraction import extractors_by_name, how_extracted
from tokaudit.audit.compare.measured_source import Amount, CountedText, MeasuredSource
from tokaudit.catalog.reference.extractors import ExtractionFacts, PublishedExtractor
from tokaudit.catalog.reference.token_rates import NO_RATES

FACTS: Final = ExtractionFacts(EXTRACTORS, YIELDS)
RESILIPARSE: Final = PublishedExtractor("Crawl", "", "resiliparse", "read", "a paper", "")
MAIN, VISIBLE = "resiliparse 2.0.1: main content", "resiliparse 2.0.1: visible text"
PAGES, CRAWL, UNKNOWN = row("Pages", "en"), row("Crawl"), row("Tongues")
SEEN: Final = Amount(100, 40_000, 10_000)


def source(*extractors: str) -> MeasuredSource:
    return MeasuredSource("ours", "web", "gpt2", {"gpt2": CountedText(SEEN, SEEN, SEEN)}, "", extractors)


def test_both_extractors_are_named_with_the_published_ratio() -> None:
    (said,) = how_extracted([MAIN], [PAGES], FACTS)

    assert said == (
        f"pages were extracted by {MAIN}, but Pages/en counts the text of WET files"
        " (2 to 2.5 times the text that resiliparse takes from the same crawl: a table)"
    )


def test_a_ratio_from_two_samples_has_both_sources() -> None:
    (said,) = how_extracted([MAIN], [CRAWL], FACTS)

    assert said.endswith(
        "but Crawl/all counts what trafilatura extracted"
        " (0.75 to 0.9 times the text that resiliparse takes from the same crawl: another table, a table)"
    )


def test_a_single_published_ratio_is_not_a_range() -> None:
    (said,) = how_extracted(
        [MAIN], [PAGES], replace(FACTS, yields=[replace(each, tokens_per_page=None) for each in YIELDS])
    )

    assert "(2 times the text" in said


@pytest.mark.parametrize(
    ("ours", "rows"),
    [([], [PAGES, CRAWL]), ([MAIN], [UNKNOWN]), ([], []), ([MAIN], [])],
    ids=["no pages", "unknown extractor", "nothing", "no rows"],
)
def test_without_two_known_extractors_nothing_is_said(ours: list[str], rows: list[object]) -> None:
    assert how_extracted(ours, rows, FACTS) == []  # type: ignore[arg-type]


def test_the_same_extractor_is_no_cause_but_its_visible_text_is() -> None:
    facts = replace(FACTS, extractors=[RESILIPARSE])

    assert how_extracted([MAIN, "resiliparse 1.0: main content"], [CRAWL], facts) == []
    (said,) = how_extracted([VISIBLE], [CRAWL], facts)
    assert said == (
        f"pages were extracted by {VISIBLE}, but Crawl/all counts what resiliparse extracted"
        " (how much text that is in comparison is not published)"
    )


def test_visible_text_is_not_compared_with_yields_of_main_content() -> None:
    (said,) = how_extracted([VISIBLE], [PAGES], FACTS)

    assert "WET files (how much text that is in comparison is not published)" in said


def test_rows_with_other_extractors_are_named_one_by_one() -> None:
    both = [row("Jam v1", "Crawl"), row("Jam v1", "Code", domain="code"), row("Pages", "en"), CRAWL]
    (said,) = how_extracted([MAIN], both, FACTS)

    assert "but Jam v1/Crawl, Pages/en count the text of WET files (2 to 2.5 times" in said
    assert "; Crawl/all counts what trafilatura extracted (0.75 to" in said
    assert "Code" not in said


@pytest.mark.parametrize(
    ("child", "relation", "known"),
    [
        ("Crawl-Edu/near", "dedup_of", True),
        ("Crawl-Edu/near", "subset_of", True),
        ("Crawl-Edu/near", "recount_of", True),
        ("Crawl-Edu/near", "derived_from", False),
        ("Crawl-Edu/near", "rewrite_of", False),
        ("Crawl-Edu/far", "subset_of", False),
    ],
)
def test_a_selection_has_the_extractor_of_what_it_is_from(child: str, relation: str, known: bool) -> None:
    lineage = [
        edge("Crawl-Edu/one", "subset_of", "Crawl-Edu/two"),  # a circle ends
        edge("Crawl-Edu/two", "recount_of", "Crawl-Edu/one"),
        edge("Crawl-Edu/near", "recount_of", "Crawl-Edu/two"),
        edge(child, relation, "Crawl/v1"),  # type: ignore[arg-type]
    ]
    found = extractors_by_name([row("Crawl-Edu", "near"), row("Crawl")], replace(FACTS, lineage=lineage))

    assert found == {"Crawl/all": "trafilatura"} | ({"Crawl-Edu/near": "trafilatura"} if known else {})


@pytest.mark.parametrize("size", [{"bytes": 80_000}, {}, {"documents": 100, "bytes": 80_000}, {"documents": 100}])
def test_the_cause_fields_or_cleaning_names_both_extractors(size: dict[str, int]) -> None:
    published = published_row(corpus="Pages", component="en", tokens=20_000, tokenizer="gpt2", **size)
    found = compare(source(MAIN), [published], NO_RATES, FACTS)

    naming = [cause for cause in found.causes if MAIN in cause.how]
    assert [("fields" in cause.cause, "cleaning" in cause.cause) for cause in naming] == [(True, True)]
    assert "Pages/en counts the text of WET files" in naming[0].how
    assert "text field" not in naming[0].how
    assert found.measured["extractors"] == [MAIN]
    assert found.published["extractors"] == {"Pages/en": "WET"}


def test_a_source_without_pages_is_compared_as_before() -> None:
    published = published_row(corpus="Pages", component="en", tokens=20_000, tokenizer="gpt2")
    with_facts, without = (compare(source(), [published], NO_RATES, facts) for facts in (FACTS, ExtractionFacts()))

    assert with_facts.causes == without.causes
    assert not any("extract" in cause.how for cause in with_facts.causes)
