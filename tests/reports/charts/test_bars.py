"""Bars with their names and numbers above them."""

import altair as alt
from made.drawings import texts

from tokaudit.reports.charts.bars import LABELS, LEAST, label, labels, log_length
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.rows import height_of
from tokaudit.reports.figure import Drawing
from tokaudit.reports.protocol import Table


def test_names_cannot_control_what_shows_them() -> None:
    assert label(1, "a\x1b[31m\n", "1 of 2", "1")["name"] == "a\\x1b[31m\\x0a"


def test_names_end_where_the_longest_numbers_begin() -> None:
    rows = [label(1, "a", "1 of 2", "1"), label(2, "b", "100 of 2000", "100")]
    left, right = (layer.to_dict() for layer in labels(rows))

    assert left["mark"]["limit"]["expr"] == "width - (width < 480 ? 30 : 87)"
    assert right["transform"][0]["calculate"] == "width < 480 ? datum.short : datum.numbers"
    assert left["data"] == right["data"] == {"name": LABELS}


def _bars(*numbers: int) -> Drawing:
    rows = [{"place": at, "low": LEAST, "number": number} for at, number in enumerate(numbers, 1)]
    bars = alt.Chart(alt.NamedData("bars")).mark_bar().encode(x=log_length(numbers, "groups"), x2=alt.X2("number:Q"))
    return Drawing(layered([bars], {"bars": rows}), "", Table((), []), (), height_of(len(rows)))


def test_a_log_scale_shows_one_and_ends_beyond_the_longest() -> None:
    scale = _bars(3, 4000).chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]

    assert (scale["type"], scale["domainMin"], scale["domainMax"]) == ("log", LEAST, 8000)
    assert LEAST < 1


def test_counts_below_bars_are_written_as_on_other_axes() -> None:
    labelled = [text for text in texts(_bars(3, 4_000_000)) if text][:-2]  # then the titles

    assert labelled[0] == "1"
    assert labelled[-1] == "1M"
