"""Points that show a verdict on a run: by colour and, for readers who see no colours, by shape."""

from typing import Final

import altair as alt

from tokaudit.reports.charts.colours import ENOUGH, EXHAUSTED, MUTED, STRAINED
from tokaudit.reports.charts.rows import TRACK, place

UNKNOWN: Final = "none"
"""The field's value where there is no verdict."""
_CONSTRAINTS: Final = ("data", "model", "compute", UNKNOWN)
_COLOURS: Final = (EXHAUSTED, STRAINED, ENOUGH, MUTED)
_SCALE: Final = alt.Scale(domain=_CONSTRAINTS, range=_COLOURS)
_SHAPES: Final = ("triangle-down", "square", "circle", "diamond")


def verdict_points(rows: alt.Chart, x: alt.X, *, filled: str = "true") -> alt.Chart:
    """A point per row on its track, by the field ``constraint``.

    Args:
        rows: a chart without marks.
        x: the place of the points.
        filled: an expression of whether the point is filled; the others are outlines.
    """
    points: alt.Chart = rows.mark_point(size=120, strokeWidth=2, yOffset=TRACK, opacity=1)
    opacity = alt.condition(filled, alt.value(1), alt.value(0))
    shape = alt.Shape("constraint:N").scale(domain=_CONSTRAINTS, range=_SHAPES).legend(None)
    return points.encode(
        x=x,
        y=place(),
        shape=shape,
        stroke=alt.Stroke("constraint:N").scale(_SCALE).legend(None),
        fill=alt.Fill("constraint:N").scale(_SCALE).legend(None),
        fillOpacity=opacity,
    )


def margins(rows: alt.Chart, x: alt.X, bound: float) -> alt.Chart:
    """A thick line per row from the bound of the verdict to its point.

    Args:
        rows: a chart without marks.
        x: the place of the points.
        bound: the number at which the verdict changes.
    """
    colour = alt.Color("constraint:N").scale(_SCALE).legend(None)
    lines: alt.Chart = rows.mark_rule(strokeWidth=3, yOffset=TRACK)
    return lines.encode(x=x, x2=alt.datum(bound), y=place(), color=colour)
