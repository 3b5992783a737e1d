"""Charts with a row per thing: its name and a remark above a track of marks, so that names take no width from marks.

Such a chart is as readable at 300 pixels as at 1,000, and a name of any length is cut before the remark.
"""

from typing import Final

import altair as alt

from tokaudit.reports.charts.axes import LEFT, NARROW, RIGHT, TO_RIGHT
from tokaudit.reports.charts.colours import GRID, INK, MUTED

_STEP: Final = 44
"""Height of a row in pixels."""
MOST: Final = 40
"""The most rows of a chart; its table has all."""
TRACK: Final = 9
"""Offset of marks from the middle of a row, in pixels."""
_HEADING: Final = -9


def height_of(rows: int) -> int:
    """Height of a chart of so many rows, in pixels."""
    return _STEP * min(rows, MOST)


def place() -> alt.Y:
    """The row of a mark, by the field ``place``, from 1."""
    return alt.Y("place:O").axis(None).scale(paddingInner=0, paddingOuter=0)


def headings(
    rows: alt.Chart,
    name: str,
    remark: str,
    *,
    bold: str = "false",
    narrow_remark: str = "130",
    wide_remark: str = "width / 2",
) -> list[alt.Chart]:
    """The texts above the tracks.

    Args:
        rows: a chart without marks, whose rows have the field ``place``.
        name: an expression of the text at the left, which is cut if it would touch the remark.
        remark: an expression of the text at the right.
        bold: an expression of whether the name is bold.
        narrow_remark: an expression of the pixels that a narrow chart keeps for the remark.
        wide_remark: likewise of a wide chart.
    """
    name_text = rows.transform_calculate(name_text=name).mark_text(
        align="left",
        baseline="middle",
        dy=_HEADING,
        limit=alt.ExprRef(f"width - ({NARROW} ? {narrow_remark} : {wide_remark})"),
        fontWeight=alt.ExprRef(f"{bold} ? 700 : 400"),
    )
    remark_text = rows.transform_calculate(remark_text=remark).mark_text(
        align="right", baseline="middle", dy=_HEADING, color=MUTED
    )
    return [
        name_text.encode(x=LEFT, y=place(), text=alt.Text("name_text:N")),
        remark_text.encode(x=RIGHT, y=place(), text=alt.Text("remark_text:N")),
    ]


def tracks(rows: alt.Chart) -> alt.Chart:
    """A thin line along each track, from one end of the chart to the other."""
    lines: alt.Chart = rows.mark_rule(color=GRID, yOffset=TRACK)
    return lines.encode(x=LEFT, x2=TO_RIGHT, y=place())


def bound_ticks(rows: alt.Chart, bound: float) -> alt.Chart:
    """A short line across each track at a number."""
    ticks: alt.Chart = rows.mark_tick(color=INK, thickness=2, height=16, orient="vertical", yOffset=TRACK)
    return ticks.encode(x=alt.datum(bound), y=place())
