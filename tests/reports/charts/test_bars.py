"""Bars with their names and numbers above them."""

import altair as alt

from tokaudit.reports.charts.bars import LABELS, LEAST, label, labels, log_length


def test_names_cannot_control_what_shows_them() -> None:
    assert label(0, "a\x1b[31m\n", "1 of 2", "1")["name"] == "a\\x1b[31m\\x0a"


def test_names_end_where_the_longest_numbers_begin() -> None:
    rows = [label(0, "a", "1 of 2", "1"), label(1, "b", "100 of 2000", "100")]
    chart = labels(rows).to_dict()
    left, right = chart["layer"]

    assert left["mark"]["limit"]["expr"] == "width - (width < 460 ? 22 : 79) - 8"
    assert right["mark"]["text"]["expr"] == "width < 460 ? datum.short : datum.numbers"
    assert chart["data"] == {"name": LABELS}


def test_a_log_scale_shows_one_and_ends_beyond_the_longest() -> None:
    scale = alt.Chart().mark_bar().encode(x=log_length([3, 4000], "groups")).to_dict()["encoding"]["x"]["scale"]

    assert (scale["type"], scale["domainMin"], scale["domainMax"]) == ("log", LEAST, 8000)
    assert LEAST < 1
