"""What each domain has against what the run needs of it."""

from collections.abc import Iterator
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.planning.plan import Plan
from tokaudit.reports.charts.colours import ENOUGH, INK, REPEAT, STRAINED
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.protocol import Table

_SPANS: Final = ((1, "used once", ENOUGH), (4, "repeated up to 4 times", REPEAT), (16, "up to 16 times", STRAINED))


def _draw(plan: Plan) -> Drawing | str:
    rows = list(_rows(plan))
    if not rows:
        return "The plan has no supply, so there is nothing to compare its need with."
    names, colours = [name for _, name, _ in _SPANS], [colour for *_, colour in _SPANS]
    bars = (
        alt.Chart(alt.NamedData("spans"))
        .mark_bar(height={"band": 0.5})
        .encode(
            x=alt.X("low:Q").scale(type="log").title("tokens").axis(format="~s"),
            x2="high:Q",
            y=alt.Y("domain:N").sort(None).title(None),
            color=alt.Color("span:N").scale(domain=names, range=colours).title(None),
        )
    )
    needs = (
        alt.Chart(alt.NamedData("needs"))
        .mark_tick(color=INK, thickness=3, height={"band": 0.8})
        .encode(x="needed:Q", y=alt.Y("domain:N").sort(None))
    )
    chart = alt.layer(bars, needs).properties(height=alt.Step(36), datasets={"spans": rows, "needs": rows})
    return Drawing(chart, "", Table(("domain",), []), (Origin("formula", ""),))


def _rows(plan: Plan) -> Iterator[Row]:
    for entry in plan.domains:
        if entry.tokens_unique:
            below = entry.tokens_unique / 100
            for most, name, _ in _SPANS:
                above = entry.tokens_unique * most
                yield {"domain": entry.domain, "span": name, "low": below, "high": above, "needed": entry.tokens_needed}
                below = above


FIGURE: Final = Figure("Supply against need", Plan, _draw, place=10)
