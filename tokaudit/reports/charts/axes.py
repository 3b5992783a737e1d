"""Axes and numbers of charts, as people read them: counts such as 1B and 10T, decades of a log axis, shares in %.

The texts are expressions of Vega: a page replaces the rows of a chart, and the words have to follow.
"""

from typing import Any, Final

import altair as alt

from tokaudit.core.printable import HIDDEN
from tokaudit.reports.charts.colours import PAPER

NARROW: Final = "width < 480"
"""An expression of whether a chart is narrow, as on a phone."""
# The edges of a chart, for marks that do not depend on a scale; altair does not say the types of these calls.
LEFT: Final = alt.XValue(0)  # type: ignore[no-untyped-call]
RIGHT: Final = alt.XValue("width")  # type: ignore[no-untyped-call]
TO_RIGHT: Final = alt.X2Value("width")  # type: ignore[no-untyped-call]
TOP: Final = alt.YValue(0)  # type: ignore[no-untyped-call]
TO_TOP: Final = alt.Y2Value(0)  # type: ignore[no-untyped-call]
HALO: Final[dict[str, Any]] = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}
"""Attributes of a text that keeps lines away from the same text, which is drawn on it."""
_POWERS_FROM: Final = 1e18
_SUFFIXES_FROM: Final = 999.5
_SMALL: Final = 0.001
_DECADE: Final = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-6"


def log_axis(title: str | list[str], *, grid: bool = True, powers: bool = False) -> alt.Axis:
    """An axis of counts with a label and a line at each decade alone; for a log scale.

    Args:
        title: title of the axis.
        grid: whether lines cross the chart.
        powers: whether labels are powers of ten, as FLOPs have them, rather than counts such as 1B.
    """
    label = _power("datum.value", exact=True) if powers else _count("datum.value", exact=True)
    return alt.Axis(
        title=title,
        labelExpr=f"{_DECADE} ? {label} : ''",
        grid=grid,
        gridOpacity=alt.condition(_DECADE, alt.value(1), alt.value(0)),
        tickOpacity=alt.condition(_DECADE, alt.value(1), alt.value(0)),
        tickCount=8,
        labelOverlap="parity",
        labelSeparation=6,
        labelFlush=False,
    )


def log_scale() -> alt.Scale:
    """A log scale that begins and ends at a decade, so that at least two are labelled."""
    return alt.Scale(type="log", nice=True)


def share_axis(title: str | list[str]) -> alt.Axis:
    """An axis of shares from 0 to 1, in per cent, without lines across the chart."""
    return alt.Axis(
        title=title, grid=False, labelExpr="format(100 * datum.value, '~r') + ' %'", tickCount=6, labelFlush=False
    )


def count_words(value: str) -> str:
    """An expression that writes a count as `core.units.format_count` does: ``1.4T``, ``128M``, ``5.76e23``.

    Args:
        value: an expression of the count, above zero, such as ``datum.tokens``.
    """
    return _count(value, exact=False)


def percent_words(value: str) -> str:
    """An expression that writes a share, 0 to 1, in per cent with three digits at most."""
    return f"(format(100 * {value}, {value} >= 0.995 ? 'd' : {value} >= 0.1 ? '.0f' : '.3~r') + ' %')"


def name_words(value: str) -> str:
    """An expression that writes a user's name on one line: what `printable` escapes is replaced.

    Args:
        value: an expression of the name.
    """
    unfit = f"[{HIDDEN}]".replace("\\", "\\\\")
    return f"replace('' + {value}, regexp('{unfit}', 'g'), '\N{REPLACEMENT CHARACTER}')"


def key(title: str | None = None, **more: Any) -> alt.Legend:
    """A legend above the chart, in one column where the chart is narrow.

    Args:
        title: what stands before its entries.
        more: further attributes.
    """
    columns = alt.ExprRef(f"{NARROW} ? 1 : 0")
    return alt.Legend(title=title, titleOrient="left", labelLimit=0, columns=columns, **more)


def _count(value: str, *, exact: bool) -> str:
    digits = "" if exact else ".3"
    power = _power(value, exact=exact)
    suffixed = f"replace(replace(format({value}, '{digits}~s'), 'G', 'B'), 'k', 'K')"
    plain = f"format({value}, '{'~r' if exact else '.3~r'}')"
    return (
        f"({value} >= {_POWERS_FROM:g} || {value} < {_SMALL:g} ? {power} : "
        f"{value} >= {_SUFFIXES_FROM:g} ? {suffixed} : {plain})"
    )


def _power(value: str, *, exact: bool) -> str:
    return f"replace(format({value}, '{'' if exact else '.2'}~e'), '+', '')"
