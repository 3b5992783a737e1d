"""What is left of each domain without copies."""

from pathlib import Path

import pytest
from made.drawings import drawn, rows_of, svg_of
from made.overviews import HOSTILE, an_overview
from made.samples import Counted, Run, count_into, text, write_jsonl

from tokaudit.audit.overview import overview
from tokaudit.reports.figures import FIGURES
from tokaudit.reports.overview_words import supply_sentence


def test_the_table_has_the_numbers_of_the_supply(run: Run, counted: Counted) -> None:
    supply = run("--catalog", counted.catalog, "supply", "--format", "json", "-q").json
    table = drawn("unique", overview(counted.catalog, None)).table
    columns = ("tokens_seen", "tokens_unique_exact", "tokens_unique")
    rows = [
        *sorted(supply["rows"], key=lambda row: -row["tokens_seen"]),
        {"domain": "whole catalog", **supply["total"]},
    ]

    assert [[row[name] for name in ("domain", *columns)] for row in table.rows] == [
        [row[name] for name in ("domain", *columns)] for row in rows
    ]


def test_a_bar_is_the_tokens_seen_in_three_parts() -> None:
    parts = rows_of(drawn("unique", an_overview({"web": (1000, 800, 700)})), "parts")

    assert parts == [
        {"place": 1, "part": "unique", "low": 0, "high": 0.7},
        {"place": 1, "part": "near-duplicates", "low": 0.7, "high": 0.8},
        {"place": 1, "part": "exact duplicates", "low": 0.8, "high": 1},
    ]


def test_the_largest_domain_is_first_and_the_whole_last() -> None:
    of = an_overview({"a": (10, 10, 10), "b": (30, 20, 20), "c": (0, 0, 0)}, total=(40, 30, 25))
    labels = rows_of(drawn("unique", of), "labels")

    assert [(each["name"], each["numbers"]) for each in labels] == [
        ("b", "67 % unique: 20 of 30 tokens"),
        ("a", "100 % unique: 10 of 10 tokens"),
        ("whole catalog", "62 % unique: 25 of 40 tokens"),
    ]


def test_sources_of_one_domain_are_compared(tmp_path: Path) -> None:
    for source in ("a", "b"):
        write_jsonl(tmp_path / source / "x.jsonl", [text(0), text(len(source)), text(0)][: ord(source) - 95])
        count_into(tmp_path / "x.duckdb", tmp_path / source, "web")
    drawing = drawn("unique", overview(tmp_path / "x.duckdb", None))

    assert [(row["source"], row["tokens_unique"]) for row in drawing.table.rows] == [
        ("b", 240),
        ("a", 240),
        ("whole catalog", 240),
    ]
    assert "Within its own source, b repeats the most: 33 %. Text that sources share counts once" in drawing.says
    assert "--by source" in drawing.made_by[0].text


def test_one_source_has_no_second_bar_of_the_whole() -> None:
    assert len(rows_of(drawn("unique", an_overview({"web": (10, 9, 8)})), "labels")) == 1


def test_forty_domains_are_all_in_the_table() -> None:
    drawing = drawn("unique", an_overview({f"d{at}": (100 + at, 90, 80) for at in range(40)}))

    assert len(drawing.table.rows) == 41
    assert [each["name"] for each in rows_of(drawing, "labels")] == [
        *(f"d{at}" for at in range(39, 24, -1)),
        "whole catalog",
    ]
    assert drawing.says.endswith("The chart shows the 15 largest of 40 domains.")


@pytest.mark.parametrize("supply", [{}, {"web": (0, 0, 0)}])
def test_nothing_counted_is_a_sentence(supply: dict[str, tuple[int, int, int]]) -> None:
    assert FIGURES.get("unique").draw(an_overview(supply)) == "Nothing is counted, so there is no unique text to show."


def test_it_says_what_the_supply_says_and_what_made_it() -> None:
    of = an_overview({"web": (1000, 800, 700)})
    drawing = drawn("unique", of)

    assert drawing.says == supply_sentence(of)
    assert [(each.kind, each.text) for each in drawing.made_by] == [
        ("command", "tokaudit supply --by source"),
        ("SQL", "select 'supply --by source'"),
    ]


def test_hostile_names_stay_texts() -> None:
    drawing = drawn("unique", an_overview(dict.fromkeys(HOSTILE, (10, 9, 8))))
    picture = svg_of(drawing)

    assert "<script" not in picture
    assert "<img" not in picture
    assert "\u202e" not in picture
    assert "{{7*7}}" in picture
