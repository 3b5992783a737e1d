"""Points that show a verdict by colour and shape."""

import altair as alt
from made.drawings import marks

from tokaudit.reports.charts.colours import ENOUGH, EXHAUSTED, LIGHT
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.verdict_marks import UNKNOWN, margins, verdict_points
from tokaudit.reports.figure import Drawing
from tokaudit.reports.protocol import Table


def _drawing(*constraints: str, filled: str = "true") -> Drawing:
    rows = alt.Chart(alt.NamedData("rows"))
    x = alt.X("value:Q")
    data = [{"place": at, "value": at, "constraint": each} for at, each in enumerate(constraints, 1)]
    marked = layered([margins(rows, x, 0), verdict_points(rows, x, filled=filled)], {"rows": data})
    return Drawing(marked, "", Table((), []), (), 44 * len(data))


def test_each_verdict_has_a_shape_of_its_own() -> None:
    points = marks(_drawing("data", "model", "compute", UNKNOWN), "symbol")
    assert len({point.get("d") for point in points}) == 4


def test_each_verdict_has_a_colour_of_its_own() -> None:
    points = marks(_drawing("data", "model", "compute", UNKNOWN), "symbol")
    assert len({point.get("stroke") for point in points}) == 4
    assert (points[0].get("stroke"), points[2].get("stroke")) == (LIGHT[EXHAUSTED], LIGHT[ENOUGH])


def test_a_point_that_is_not_filled_is_an_outline() -> None:
    first, second = marks(_drawing("data", "data", filled="datum.place == 1"), "symbol")
    assert first.get("fill-opacity") != "0"
    assert second.get("fill-opacity") == "0"
