"""A catalog as the card of a data set."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from made.overviews import HOSTILE, an_overview, bad_row, group_row, left_out_row, overlap_row
from made.samples import SMALL_DOMAINS, Counted, Run
from markdown_it import MarkdownIt

from tokaudit.audit.overview import overview
from tokaudit.core.units import format_count
from tokaudit.pipeline.forget import forget
from tokaudit.reports.card import card

HEADINGS = ["What it is", "Deduplication", "Overlap", "What was left out", "How it was counted", "Limits"]
PARSER = MarkdownIt("commonmark").enable("table")


def headings(text: str) -> list[str]:
    """The headings of the second level, as a reader of Markdown finds them."""
    tokens = PARSER.parse(text.split("\n---\n", 1)[1])
    return [after.content for token, after in pairwise(tokens) if (token.type, token.tag) == ("heading_open", "h2")]


def test_a_card_has_the_numbers_of_the_commands(run: Run, counted: Counted) -> None:
    text = card(overview(counted.catalog, None))
    supply = run("--catalog", counted.catalog, "supply", "--format", "json", "-q").json
    rows = {
        row["domain"]: [format_count(row[name]) for name in ("tokens_seen", "tokens_unique_exact", "tokens_unique")]
        for row in [*supply["rows"], {**supply["total"], "domain": "whole data set"}]
    }

    assert headings(text) == HEADINGS
    for domain, numbers in rows.items():
        assert f"\n| {domain} | {' | '.join(numbers)} |" in text, domain
    overlap = run("--catalog", counted.catalog, "overlap", "--format", "json", "-q").json["rows"]
    for row in overlap:
        shared = f"{row['documents_shared']} | {format_count(row['tokens_shared'])}"
        assert (f"\n| {row['a']} | {row['b']} | {shared} |" in text) == (row["documents_shared"] > 0)
    assert text.endswith(".\n")


def test_no_path_of_the_machine_is_in_a_card(counted: Counted) -> None:
    text = card(overview(counted.catalog, None))

    assert str(counted.folder) not in text
    assert "/" not in text


def test_the_head_is_yaml(counted: Counted) -> None:
    text = card(overview(counted.catalog, None))

    assert yaml.safe_load(text.split("---\n")[1]) == {"size_categories": ["n<1K"]}


def test_an_emptied_catalog_has_a_card(copy: Path) -> None:
    for source in SMALL_DOMAINS:
        forget(copy, source, print)
    text = card(overview(copy, None))

    assert headings(text) == HEADINGS
    assert "Nothing is counted." in text
    assert "The catalog is empty" in text


def test_one_source_gives_the_card_its_name() -> None:
    assert "\n# Dataset card for a\\_b\n" in card(an_overview({"a_b": (3, 3, 3)}))
    assert "\n# Dataset card\n" in card(an_overview({"a": (3, 3, 3), "b": (3, 3, 3)}))


def test_many_sources_are_cut_and_counted() -> None:
    text = card(an_overview({f"d{at}": (10, 10, 10) for at in range(60)}))

    assert "\n10 more sources.\n" in text
    assert "\n10 more domains.\n" in text or "\n11 more domains.\n" in text
    assert "\n10 more sources were counted likewise.\n" in text


def test_hostile_names_break_nothing() -> None:
    names = dict.fromkeys(HOSTILE, (10, 9, 8))
    shared = [overlap_row(a, b, 5) for a in HOSTILE for b in HOSTILE if a != b]
    labels = [{"domain": HOSTILE[0], "name": "licence", "value": HOSTILE[1], "documents": 110}]
    left = [left_out_row(HOSTILE[0], HOSTILE[1], 2)]
    bad, groups = [bad_row("a", "cut", 1)], [group_row(2, 2, 5, 50)]
    of = an_overview(names, shared=shared, groups=groups, bad=bad, left=left, labels=labels)
    text = card(replace(of, notes=HOSTILE, tokenizer=HOSTILE[3], counter=HOSTILE[4]))
    tokens = PARSER.parse(text.split("\n---\n", 1)[1])
    inside = [child for token in tokens for child in token.children or ()]

    assert headings(text) == HEADINGS
    assert {token.type for token in tokens if token.type.startswith(("html", "hr", "code"))} == set()
    assert {child.type for child in inside} <= {"text", "strong_open", "strong_close", "softbreak", "text_special"}
    assert [token.type for token in tokens].count("fence") == 1
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_commands_are_in_one_fence_that_none_of_them_closes() -> None:
    of = an_overview({"a": (1, 1, 1)})
    (source,) = of.counted
    text = card(replace(of, counted=[replace(source, command="tokaudit ingest PATH --domain '```'")]))
    (fence,) = (token for token in PARSER.parse(text.split("\n---\n", 1)[1]) if token.type == "fence")

    assert fence.content.splitlines() == [
        "tokaudit ingest PATH --domain '```'",
        "tokaudit supply --by domain",
        "tokaudit overlap",
    ]


def test_cleaning_is_said_for_the_sources_that_had_it() -> None:
    of = an_overview({"a": (1, 1, 1), "b": (1, 1, 1)})
    first, second = of.counted
    mixed = card(replace(of, counted=[replace(first, clean="none"), replace(second, steps=("step-1",))]))

    assert "- Cleaning: none, so text is counted as it stands in the file (a).\n- Cleaning: step-1 (b).\n" in mixed
    assert "- Cleaning: the default, which removes nothing here.\n" in card(of)


@pytest.mark.parametrize(("complete", "words"), [(True, "final and of all"), (False, "not final, or not of all")])
def test_a_card_says_whether_its_numbers_are_complete(*, complete: bool, words: str) -> None:
    of = replace(an_overview({"a": (1, 1, 1)}), complete=complete)

    assert f"The numbers are {words} the input." in card(of)


def test_labels_say_of_which_documents_they_are() -> None:
    labels = [{"domain": "a", "name": "language", "value": "de", "documents": 50}]

    assert "Languages, as labelled: de 50 % of all documents (50 % of them have such a label)." in card(
        an_overview({"a": (100, 100, 100)}, labels=labels)
    )
