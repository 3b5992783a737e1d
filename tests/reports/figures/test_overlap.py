"""How much of the text of each domain is also in each other one."""

from itertools import permutations

import pytest
from made.drawings import drawn, rows_of, svg_of
from made.overviews import HOSTILE, an_overview, overlap_row
from made.samples import Counted, Run

from tokaudit.audit.overview import Overview, overview
from tokaudit.core.rows import Row
from tokaudit.reports.figures import FIGURES


def shared(names: list[str], tokens: int = 10) -> list[Row]:
    """Rows of an overlap in which every pair shares as much."""
    return [overlap_row(a, b, tokens) for a, b in permutations(names, 2)]


def many(count: int) -> Overview:
    """An overview of so many domains of different sizes."""
    names = [f"d{at}" for at in range(count)]
    return an_overview({name: (1000 + at, 1000, 1000) for at, name in enumerate(names)}, shared=shared(names))


def cells(of: Overview) -> dict[tuple[str, str], tuple[str, str]]:
    """Row and column -> step and text of each cell."""
    found = rows_of(drawn("overlap", of), "cells")
    return {(cell["row"], cell["column"]): (cell["step"], cell["text"]) for cell in found}


def test_the_table_has_the_numbers_of_the_overlap(run: Run, counted: Counted) -> None:
    printed = run("--catalog", counted.catalog, "overlap", "--format", "json", "-q").json["rows"]
    seen = {row["domain"]: row["tokens_seen"] for row in overview(counted.catalog, None).domains.rows}
    table = drawn("overlap", overview(counted.catalog, None)).table

    assert table.rows == [{**row, "share_of_a": row["tokens_shared"] / seen[row["a"]]} for row in printed]


def test_a_cell_is_the_share_of_the_rows_tokens() -> None:
    of = an_overview(
        {"a": (1000, 1, 1), "b": (200, 1, 1)}, shared=[overlap_row("a", "b", 30), overlap_row("b", "a", 20)]
    )

    assert cells(of) == {("a", "b"): ("1\N{EN DASH}5 %", "3 %"), ("b", "a"): ("5\N{EN DASH}20 %", "10 %")}


@pytest.mark.parametrize(
    ("tokens", "step"),
    [
        (0, "none"),
        (9, "under 1 %"),
        (10, "1\N{EN DASH}5 %"),
        (199, "5\N{EN DASH}20 %"),
        (200, "20\N{EN DASH}50 %"),
        (500, "50 % or more"),
        (1000, "50 % or more"),
    ],
)
def test_steps_begin_at_their_first_share(tokens: int, step: str) -> None:
    rows = [overlap_row("a", "b", tokens), overlap_row("b", "a", 1)]

    assert cells(an_overview({"a": (1000, 1, 1), "b": (1000, 1, 1)}, shared=rows))["a", "b"][0] == step


def test_many_columns_have_the_numbers_of_the_rows() -> None:
    assert set(cells(many(4))) == set(permutations(["d3", "d2", "d1", "d0"], 2))
    assert set(cells(many(5))) == {(f"{row}  d{5 - row}", str(column)) for row, column in permutations(range(1, 6), 2)}


def test_cells_of_many_columns_have_no_percent_signs() -> None:
    assert {text[-2:] for _, text in cells(many(8)).values()} == {" %"}
    assert {text for _, text in cells(many(9)).values()} == {"1"}


def test_the_largest_of_forty_domains_are_drawn_and_all_are_in_the_table() -> None:
    drawing = drawn("overlap", many(40))

    assert len(rows_of(drawing, "cells")) == 20 * 19
    assert len(rows_of(drawing, "itself")) == 20
    assert rows_of(drawing, "itself")[0] == {"row": "1  d39", "column": "1"}
    assert len(drawing.table.rows) == 40 * 39
    assert drawing.says.endswith("The chart shows the 20 largest of 40 domains.")


def test_nothing_shared_is_a_sentence() -> None:
    of = an_overview({"a": (10, 10, 10), "b": (10, 10, 10)}, shared=shared(["a", "b"], 0))

    assert str(FIGURES.get("overlap").draw(of)).startswith("No two domains share text")


def test_one_source_is_a_sentence() -> None:
    assert FIGURES.get("overlap").draw(an_overview({"a": (10, 10, 10)})) == (
        "There is only one source, so no two share text."
    )


def test_documents_without_tokens_are_no_fault() -> None:
    rows = [overlap_row("a", "b", 0) | {"documents_shared": 3}, overlap_row("b", "a", 0)]

    assert cells(an_overview({"a": (0, 0, 0), "b": (10, 10, 10)}, shared=rows))["a", "b"] == ("none", "0 %")


@pytest.mark.parametrize("count", [2, len(HOSTILE)])
def test_hostile_names_stay_texts(count: int) -> None:
    names = list(HOSTILE[:count])
    of = an_overview(dict.fromkeys(names, (100, 100, 100)), shared=shared(names))
    picture = svg_of(drawn("overlap", of))

    assert "<script" not in picture
    assert "<img" not in picture
    assert "\u202e" not in picture
