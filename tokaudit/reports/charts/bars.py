"""Horizontal bars in rows with their names and numbers above them, whose texts are known when the chart is made."""

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.reports.charts.axes import NARROW, log_axis
from tokaudit.reports.charts.rows import TRACK, headings
from tokaudit.reports.readable import readable_name

LABELS: Final = "labels"
"""Name of the data set with a row per bar."""
BAR: Final[dict[str, Any]] = {"height": 14, "yOffset": TRACK}
"""Size and place of a bar below its labels."""
LEAST: Final = 0.5
"""Where bars on a log scale begin, so that one of length 1 is seen."""
_LETTER: Final = 7.2
"""Pixels of a letter, on average, in the widest of the fonts."""
_GAP: Final = 8


def label(place: int, name: str, numbers: str, short: str) -> Row:
    """A row of `LABELS`.

    Args:
        place: place of the bar, from 1.
        name: its name, on the left.
        numbers: its numbers, on the right.
        short: what of them is written on narrow screens.
    """
    return {"place": place, "name": readable_name(name), "numbers": numbers, "short": short}


def labels(rows: Sequence[Row]) -> list[alt.Chart]:
    """Two layers of text from `LABELS`: names, cut where the numbers begin, and numbers."""
    short, numbers = (
        f"{max((len(row[key]) for row in rows), default=0) * _LETTER + _GAP:.0f}" for key in ("short", "numbers")
    )
    texts = alt.Chart(alt.NamedData(LABELS))
    remark = f"{NARROW} ? datum.short : datum.numbers"
    return headings(texts, "datum.name", remark, bold="true", narrow_remark=short, wide_remark=numbers)


def log_length(numbers: Sequence[int], title: str) -> alt.X:
    """The length of bars of counts on a log scale, from the field ``low``, which is `LEAST`."""
    return (
        alt.X("low:Q")
        .scale(type="log", domainMin=LEAST, domainMax=max(10, *(2 * number for number in numbers)), nice=False)
        .axis(log_axis(title, grid=False))
    )
