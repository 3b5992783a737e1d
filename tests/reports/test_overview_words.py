"""What a catalog says, in sentences."""

import pytest
from made.overviews import HOSTILE, an_overview, bad_row, group_row, left_out_row, overlap_row

from tokaudit.audit.reasons import reasons
from tokaudit.core.printable import printable
from tokaudit.reports.overview_words import groups_sentence, overlap_sentence, reasons_sentence, supply_sentence

TWO = {"web": (1000, 800, 700), "books": (500, 500, 500)}
ONE = {"web": (1000, 900, 900)}


@pytest.mark.parametrize(
    ("supply", "total", "sentence"),
    [
        ({}, None, "Nothing is counted."),
        ({"web": (10, 10, 10)}, None, "Of 10 tokens seen, 10 (100 %) are unique: there are no duplicates."),
        (ONE, None, "Of 1.00K tokens seen, 900 (90 %) are unique; 10 % are exact duplicates."),
        (
            TWO,
            None,
            (
                "Of 1.50K tokens seen, 1.20K (80 %) are unique; 13 % are exact duplicates and 6.67 % are"
                " near-duplicates. Within its own domain, web repeats the most: 30 %."
            ),
        ),
        (
            {"web": (10, 10, 10), "books": (10, 10, 10)},
            (20, 15, 15),
            "Of 20 tokens seen, 15 (75 %) are unique; 25 % are exact duplicates.",
        ),
        (
            TWO,
            (1500, 1200, 1000),
            (
                "Of 1.50K tokens seen, 1.00K (67 %) are unique; 20 % are exact duplicates and 13 % are near-duplicates."
                " Within its own domain, web repeats the most: 30 %. Text that domains share counts once in the whole"
                " catalog."
            ),
        ),
    ],
)
def test_the_supply_in_a_sentence(
    supply: dict[str, tuple[int, int, int]], total: tuple[int, int, int] | None, sentence: str
) -> None:
    assert supply_sentence(an_overview(supply, total=total)) == sentence


def test_the_overlap_names_the_pair_with_the_most_tokens() -> None:
    shared = [overlap_row("web", "books", 300), overlap_row("books", "web", 250)]
    assert (
        overlap_sentence(an_overview(TWO, shared=shared)) == "30 % of the tokens of web are also in books: 300 tokens."
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_names_in_sentences_are_short_and_on_one_line(name: str) -> None:
    shared = [overlap_row(name, "b", 5), overlap_row("b", name, 1)]
    of = an_overview({name: (10, 5, 5), "b": (10, 10, 10)}, shared=shared)
    for says in (supply_sentence(of), overlap_sentence(of)):
        assert printable(name)[:59] in says
        assert printable(says) == says
        assert len(says) < 200


def test_no_overlap_has_its_reason() -> None:
    nothing = [overlap_row("web", "books", 0), overlap_row("books", "web", 0)]

    assert overlap_sentence(an_overview(ONE)) == "There is only one source, so no two share text."
    assert overlap_sentence(an_overview(TWO, shared=nothing)).startswith("No two domains share text")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "No document has a duplicate, so there are no groups."),
        ([group_row(2, 2, 1, 0)], "1 group of duplicates repeats 1 document and 0 tokens."),
        (
            [group_row(2, 2, 5, 100), group_row(1001, None, 1, 300)],
            (
                "6 groups of duplicates repeat 1,005 documents and 400 tokens. 75 % of these tokens are in groups of"
                " over 1,000 documents."
            ),
        ),
        (
            [group_row(2, 2, 5, 10), group_row(4, 5, 1, 30)],
            (
                "6 groups of duplicates repeat 8 documents and 40 tokens. 75 % of these tokens are in groups of"
                " 4\N{EN DASH}5 documents."
            ),
        ),
    ],
)
def test_the_groups_in_a_sentence(rows: list[dict[str, object]], sentence: str) -> None:
    assert groups_sentence(rows) == sentence


def test_what_was_left_out_in_a_sentence() -> None:
    bad, hidden, vcs = [bad_row("a", "cut", 1)], left_out_row("a", "hidden", 4), left_out_row("a", "vcs", 1)
    found = [
        reasons_sentence(reasons(an_overview(ONE, bad=bad, left=left)))
        for bad, left in (([], []), (bad, []), ([], [vcs]), (bad, [hidden, vcs]))
    ]

    assert found == [
        "Nothing was left out: every file and record below the ingested paths was counted.",
        "Text may be missing: 1 record could not be read.",
        "No text is missing. 1 file was left out by rules (folders of version control).",
        "Text may be missing: 1 record could not be read. 5 files were left out by rules, most of them hidden files.",
    ]
