"""Horizontal bars with their names and numbers above them, so that long names leave the bars their width."""

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from tokaudit.core.errors import printable
from tokaudit.core.rows import Row
from tokaudit.reports.charts.colours import MUTED

LABELS: Final = "labels"
"""Name of the data set with a row per bar."""
BAR: Final[dict[str, Any]] = {"height": 14, "yOffset": 8}
"""Size and place of a bar below its labels."""
STEP: Final = 46
"""Pixels from one bar to the next."""
PERCENT: Final = "format(100 * datum.value, '.0f') + ' %'"
"""Labels of an axis of shares."""
LEAST: Final = 0.5
"""Where bars on a log scale begin, so that one of length 1 is seen."""
_ABOVE: Final = -9
_LETTER: Final = 7.2
"""Pixels of a letter, on average, in the widest of the fonts."""
_NARROW: Final = 460
"""Pixels below which the short numbers are written."""


def label(row: int, name: str, numbers: str, short: str) -> Row:
    """A row of `LABELS`.

    Args:
        row: place of the bar, from 0.
        name: its name, on the left.
        numbers: its numbers, on the right.
        short: what of them is written on narrow screens.
    """
    return {"row": row, "name": printable(name), "numbers": numbers, "short": short}


def place() -> alt.Y:
    """The bars' places from top to bottom, which have no axis."""
    return alt.Y("row:O").sort(None).axis(None).scale(padding=0)


def labels(rows: Sequence[Row]) -> alt.LayerChart | alt.FacetChart:
    """Two layers of text from `LABELS`: names, cut where the numbers begin, and numbers."""
    numbers, short = (max((len(row[key]) for row in rows), default=0) for key in ("numbers", "short"))
    taken = alt.expr(f"width - (width < {_NARROW} ? {short * _LETTER:.0f} : {numbers * _LETTER:.0f}) - 8")
    base = alt.Chart(alt.NamedData(LABELS)).encode(y=place())
    left = base.mark_text(align="left", dy=_ABOVE, fontWeight=600, limit=taken).encode(x=alt.value(0), text="name:N")
    right = base.mark_text(
        align="right",
        dy=_ABOVE,
        color=MUTED,
        text=alt.expr(f"width < {_NARROW} ? datum.short : datum.numbers"),
    ).encode(x=alt.value("width"))
    return alt.layer(left, right)


def log_length(numbers: Sequence[int], title: str) -> alt.X:
    """The length of bars of counts on a log scale from the field ``low``, which is `LEAST`, with a label per decade."""
    return (
        alt.X("low:Q")
        .scale(type="log", domainMin=LEAST, domainMax=max(10, *(2 * number for number in numbers)), nice=False)
        .axis(values=[10**power for power in range(16)], format=",d", labelOverlap="greedy", grid=False)
        .title(title)
    )
