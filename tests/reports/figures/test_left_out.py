"""What could not be read, and what was left out."""

from made.drawings import drawn, rows_of, svg_of
from made.overviews import HOSTILE, an_overview, bad_row, left_out_row
from made.samples import Counted, Run

from tokaudit.audit.overview import overview
from tokaudit.core.left_out_rules import RULES
from tokaudit.reports.figures import FIGURES

ONE = {"web": (1000, 900, 900)}


def test_the_table_has_the_numbers_of_the_queries(run: Run, counted: Counted) -> None:
    asked = ("--format", "json", "-q")
    left = run("--catalog", counted.catalog, "query", "left_out", *asked).json["rows"]
    bad = run("--catalog", counted.catalog, "query", "bad_records_by_code", *asked).json["rows"]
    rows = drawn("left-out", overview(counted.catalog, None)).table.rows

    assert {(row["code"], row["files"], row["records"], row["bytes"]) for row in rows} == {
        *((row["rule"], row["files"] - row["parts"], row["parts"], row["bytes"]) for row in left),
        *((row["code"], 0, row["records"], None) for row in bad),
    }


def test_each_reason_is_a_bar_and_says_whether_text_is_missing() -> None:
    of = an_overview(ONE, bad=[bad_row("a", "cut", 7)], left=[left_out_row("a", "status", 9, 4)])
    drawing = drawn("left-out", of)

    assert [(bar["number"], bar["kind"]) for bar in rows_of(drawing, "bars")] == [
        (7, "text may be missing"),
        (9, "left out by a rule"),
    ]
    assert [(each["name"], each["numbers"], each["short"]) for each in rows_of(drawing, "labels")] == [
        ("files or records that are cut off", "7 records", "7 records"),
        ("failed answers of servers", "5 files and 4 records, 1 kB", "5 files and 4 records"),
    ]


def test_nothing_left_out_is_a_sentence() -> None:
    assert FIGURES.get("left-out").draw(an_overview(ONE)) == (
        "Nothing was left out: every file and record below the ingested paths was counted."
    )


def test_many_reasons_are_cut_in_the_chart_alone() -> None:
    drawing = drawn("left-out", an_overview(ONE, left=[left_out_row("a", rule, 1) for rule in RULES]))

    assert len(rows_of(drawing, "bars")) == 15
    assert len(drawing.table.rows) == len(RULES)
    assert drawing.says.endswith(f"The chart shows 15 of {len(RULES)} reasons.")


def test_both_queries_made_it() -> None:
    made_by = drawn("left-out", an_overview(ONE, bad=[bad_row("a", "cut", 7)])).made_by

    assert [each.text for each in made_by] == [
        "tokaudit query left_out",
        "select 'query left_out'",
        "tokaudit query bad_records_by_code",
        "select 'query bad_records_by_code'",
    ]


def test_rules_of_later_versions_and_hostile_ones_stay_texts() -> None:
    picture = svg_of(drawn("left-out", an_overview(ONE, left=[left_out_row("a", rule, 1) for rule in HOSTILE])))

    assert "<script" not in picture
    assert "\u202e" not in picture
