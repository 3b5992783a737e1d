"""Words of numbers on charts, which Vega computes."""

import altair as alt
import pytest
from made.drawings import texts

from tokaudit.core.units import format_count, percent
from tokaudit.reports.charts.axes import count_words, key, log_axis, log_scale, name_words, percent_words, share_axis
from tokaudit.reports.figure import Drawing
from tokaudit.reports.protocol import Table


def _written(expression: str, values: list[float] | list[str]) -> list[str]:
    """What the expression writes for each value."""
    rows = [{"value": value, "at": at} for at, value in enumerate(values)]
    chart = alt.Chart(alt.NamedData("rows")).transform_calculate(text=expression).mark_text()
    chart = chart.encode(y=alt.Y("at:O").axis(None), text="text:N").properties(datasets={"rows": rows})
    return texts(Drawing(chart, "", Table((), []), ()))[: len(values)]


def _labels(low: float, high: float) -> list[str]:
    """The labels of an axis between two counts, from the left."""
    chart = alt.Chart(alt.NamedData("rows")).mark_point()
    chart = chart.encode(x=alt.X("value:Q").scale(log_scale()).axis(log_axis("a title")))
    chart = chart.properties(datasets={"rows": [{"value": low}, {"value": high}]})
    return [text for text in texts(Drawing(chart, "", Table((), []), ())) if text][:-2]


def test_counts_are_written_as_in_reports_without_zeros_at_the_end() -> None:
    values = [0.0123, 1.0, 4.155, 46.66, 999.4, 1234.0, 12.8e6, 1.5e9, 3.456e12, 2.2e15]
    assert _written(count_words("datum.value"), values) == [
        *("0.0123", "1", "4.16", "46.7", "999", "1.23K", "12.8M", "1.5B", "3.46T", "2.2P")
    ]
    assert format_count(3.456e12) == "3.46T"


def test_counts_from_1e18_on_and_below_a_thousandth_are_powers_of_ten() -> None:
    assert _written(count_words("datum.value"), [5.76e23, 1e24, 2e-7]) == ["5.76e23", "1e24", "2e-7"]


@pytest.mark.parametrize("share", [0.0257, 0.5, 0.924, 0.994, 1.0])
def test_shares_are_written_as_in_reports(share: float) -> None:
    assert _written(percent_words("datum.value"), [share]) == [percent(share)]


def test_a_log_axis_labels_decades_alone() -> None:
    assert _labels(3e8, 4e12) == ["100M", "1B", "10B", "100B", "1T", "10T"]


def test_a_log_axis_labels_two_decades_at_least() -> None:
    assert _labels(2e9, 3e9) == ["1B", "10B"]


def test_an_axis_of_shares_is_in_per_cent() -> None:
    chart = alt.Chart(alt.NamedData("rows")).mark_point()
    chart = chart.encode(x=alt.X("value:Q").scale(domain=[0, 1]).axis(share_axis("a title")))
    chart = chart.properties(datasets={"rows": [{"value": 0.5}]})
    assert texts(Drawing(chart, "", Table((), []), ()))[:6] == ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]


def test_names_are_written_on_one_line_without_what_controls_it() -> None:
    names = ["a\nb", "\x1b[31m", "\u202ex", "a\u200bb", "<b>", "{{7*7}}", "\N{GRINNING FACE}", "❤\ufe0f\u200d🔥"]
    found = [r"a\x0ab", r"\x1b[31m", r"\u202ex", r"a\u200bb", *names[4:]]
    assert _written("datum.value", names) == found
    assert "\N{REPLACEMENT CHARACTER}" not in "".join(found)


def test_names_typed_into_a_page_are_written_without_what_misleads() -> None:
    expression = name_words("datum.value")

    assert all(each in expression for each in (r"\\u202a-\\u202e", r"\\ufeff", r"\\x00-\\x1f"))
    assert _written(expression, ["❤\ufe0f\u200d🔥", "<b>"]) == ["❤\ufe0f\u200d🔥", "<b>"]


def test_a_legend_stands_in_one_column_on_narrow_charts() -> None:
    assert key("lasts for").to_dict()["columns"] == {"expr": "width < 480 ? 1 : 0"}
    assert key(symbolOpacity=1).to_dict()["symbolOpacity"] == 1
