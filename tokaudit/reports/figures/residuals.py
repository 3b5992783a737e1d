"""How far the loss of each run lies from the fit."""

import math
from collections.abc import Sequence
from typing import Final

import altair as alt
import numpy as np

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count
from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.reports.charts.axes import key, log_axis, log_scale
from tokaudit.reports.charts.colours import FIRST, INK, SECOND
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("line", "flops", "params", "tokens", "loss", "predicted", "above")
_ONCE, _REPEATED = "tokens seen once", "tokens repeated"
_NAMED: Final = 3
"""Runs that are named in the chart: those farthest from the fit."""
_FAR: Final = 5.0
"""Times the median distance beyond which a run is named."""
_APART: Final = 0.12
"""Share of the chart's width or height by which two names lie apart, so that both can be read."""
_PERCENT: Final = "datum.value == 0 ? '0' : format(100 * datum.value, '+.3~r') + ' %'"


def _draw(made: MadeFit) -> Drawing | str:
    rows = [_row(run) for run in made.fit.residuals if run["predicted"] is not None]
    if not rows:
        return f"The method {made.method} gives no loss for these runs, so there are no residuals."
    rows.sort(key=lambda row: -abs(row["above"]))
    middle = float(np.median([abs(row["above"]) for row in rows]))
    named = _named(rows, _FAR * middle)
    words = dict.fromkeys(_COLUMNS[1:4], format_count) | {"above": _percent}
    words |= dict.fromkeys(_COLUMNS[4:6], "{:.4g}".format)
    return Drawing(
        _chart(repeated=any(row["epochs"] == _REPEATED for row in rows)).properties(
            datasets={"runs": rows, "named": named}
        ),
        _says(rows, middle, len(made.fit.runs)),
        Table(_COLUMNS, rows, people=ForPeople(words=words, keep=("line", "above"))),
        (Origin("command", made.command("residuals")),),
        height=300,
    )


def _row(run: Row) -> Row:
    unique = run["unique_tokens"]
    epochs = _REPEATED if unique is not None and run["tokens"] > unique * (1 + 1e-9) else _ONCE
    above = run["loss"] / run["predicted"] - 1
    return {name: run[name] for name in _COLUMNS[:-1]} | {"above": above, "epochs": epochs}


def _named(rows: Sequence[Row], far: float) -> list[Row]:
    """The runs to name, the farthest first, without those whose names would cover each other."""
    places = np.array([[math.log(row["flops"]), row["above"]] for row in rows])
    places /= np.ptp(places, axis=0).clip(min=1e-9)
    named: list[int] = []
    for place in range(min(_NAMED, len(rows))):
        free = all((abs(places[place] - places[other]) > _APART).any() for other in named)
        if free and abs(rows[place]["above"]) > far:
            named.append(place)
    return [rows[place] for place in named]


def _says(rows: Sequence[Row], middle: float, runs: int) -> str:
    most = rows[0]
    side = "above" if most["above"] > 0 else "below"
    return (
        f"Half of the {len(rows):,} runs have a loss within {100 * middle:.2g} % of the fit's. The farthest is"
        f" {100 * abs(most['above']):.2g} % {side} it (line {most['line']})."
        + (f" For {runs - len(rows):,} more, the fit gives no loss." if runs > len(rows) else "")
    )


def _percent(share: float) -> str:
    return f"{100 * share:+.2f} %"


def _chart(*, repeated: bool) -> alt.LayerChart | alt.FacetChart:
    runs, named = (alt.Chart(alt.NamedData(name)) for name in ("runs", "named"))
    kinds = [_ONCE, _REPEATED]
    x = alt.X("flops:Q").scale(log_scale()).axis(log_axis("training FLOPs of the run", grid=False, powers=True))
    y = alt.Y("above:Q").scale(zero=True).axis(title="loss above or below the fit's", labelExpr=_PERCENT, tickCount=6)
    legend = key() if repeated else None
    marks = runs.mark_point(filled=True, size=45, opacity=0.65).encode(
        x=x,
        y=y,
        color=alt.Color("epochs:N").scale(domain=kinds, range=[FIRST, SECOND]).legend(legend),
        shape=alt.Shape("epochs:N").scale(domain=kinds, range=["circle", "triangle-up"]).legend(legend),
    )
    zero = alt.Chart(alt.InlineData([{"above": 0}])).mark_rule(color=INK, strokeWidth=1.5).encode(y=alt.Y("above:Q"))
    names = named.transform_calculate(label="'line ' + datum.line").mark_text(color=INK, dy=-10)
    return alt.layer(zero, marks, names.encode(x=alt.X("flops:Q"), y=alt.Y("above:Q"), text=alt.Text("label:N")))


FIGURE: Final = Figure("Distance of the runs from the fit", MadeFit, _draw)
