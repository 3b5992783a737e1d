"""How large groups of duplicates are."""

from made.drawings import drawn, rows_of, svg_of
from made.overviews import an_overview, group_row
from made.samples import Counted, Run

from tokaudit.audit.overview import overview
from tokaudit.reports.figures import FIGURES

ONE = {"web": (1000, 900, 900)}
SIZES = [group_row(2, 2, 1500, 300), group_row(4, 5, 1, 100), group_row(1001, None, 2, 600)]


def test_the_table_has_the_numbers_of_the_query(run: Run, counted: Counted) -> None:
    printed = run("--catalog", counted.catalog, "query", "group_sizes", "--format", "json", "-q").json["rows"]
    rows = drawn("groups", overview(counted.catalog, None)).table.rows
    extra = sum(row["tokens_extra"] for row in printed)

    assert rows == [{**row, "share_of_extra": row["tokens_extra"] / extra} for row in printed]


def test_each_size_is_a_bar_with_the_tokens_of_its_copies() -> None:
    drawing = drawn("groups", an_overview(ONE, groups=SIZES))

    assert [bar["groups"] for bar in rows_of(drawing, "bars")] == [1500, 1, 2]
    assert [(each["name"], each["numbers"], each["short"]) for each in rows_of(drawing, "labels")] == [
        ("2 documents", "1,500 groups, 300 tokens repeated (30 %)", "300 tokens (30 %)"),
        ("4\N{EN DASH}5 documents", "1 group, 100 tokens repeated (10 %)", "100 tokens (10 %)"),
        ("over 1,000 documents", "2 groups, 600 tokens repeated (60 %)", "600 tokens (60 %)"),
    ]
    assert "over 1,000 documents" in svg_of(drawing)


def test_copies_without_tokens_have_no_share() -> None:
    drawing = drawn("groups", an_overview(ONE, groups=[group_row(2, 2, 1, 0)]))

    assert drawing.table.rows[0]["share_of_extra"] is None
    assert rows_of(drawing, "labels")[0]["short"] == "0 tokens (-)"


def test_no_groups_is_a_sentence() -> None:
    assert FIGURES.get("groups").draw(an_overview(ONE)) == "No document has a duplicate, so there are no groups."


def test_it_names_the_query_that_made_it() -> None:
    assert [(each.kind, each.text) for each in drawn("groups", an_overview(ONE, groups=SIZES)).made_by] == [
        ("command", "tokaudit query group_sizes"),
        ("SQL", "select 'query group_sizes'"),
    ]
