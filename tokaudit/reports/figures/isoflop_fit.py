"""The runs of each budget with the parabola through them, and the sizes at which the loss is least."""

from collections.abc import Iterator
from typing import Final

import altair as alt
import numpy as np

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power
from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.laws.fit.protocol import Fit
from tokaudit.reports.charts.axes import log_axis, log_scale
from tokaudit.reports.charts.colours import FIRST, INK, SECOND
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("flops", "runs", "params", "tokens", "loss")
_POINTS: Final = 41
_BEYOND: Final = 1.15
"""Factor by which a parabola goes on beyond the sizes that were tried."""


def _draw(made: MadeFit) -> Drawing | str:
    fit = made.fit
    if not fit.parabolas:
        return (
            f"The method {made.method} draws no parabolas. --method isoflop does, for runs on a few budgets of FLOPs."
        )
    datasets = {"runs": list(_runs(fit)), "curve": list(_curve(fit)), "best": list(fit.frontier)}
    datasets["budgets"] = list(_budgets(datasets["curve"]))
    words = dict.fromkeys(("params", "tokens"), format_count) | {"flops": format_power, "loss": "{:.4g}".format}
    return Drawing(
        _chart().properties(datasets=datasets),
        _says(fit),
        Table(_COLUMNS, list(_optima(fit)), people=ForPeople(words=words, keep=("flops", "params"))),
        (
            Origin("command", made.command("frontier")),
            Origin("formula", "L = c0 + c1 ln N + c2 (ln N)^2 for each C; arXiv:2203.15556, approach 2"),
        ),
        height=380,
    )


def _says(fit: Fit) -> str:
    found, budgets, slope = len(fit.frontier), len(fit.parabolas), fit.exponents["a"]
    none = f" {budgets - found} of the {budgets} budgets show no optimum." if found < budgets else ""
    return (
        f"Ten times the compute is spent best on {10**slope:.2g} times the parameters and {10 ** (1 - slope):.2g} times"
        f" the tokens: the least loss of each of {found} budgets gives N = {fit.constants['k_N']:.3g} C^{slope:.3f}."
        f"{none}"
    )


def _runs(fit: Fit) -> Iterator[Row]:
    for parabola in fit.parabolas:
        for place in parabola.runs.tolist():
            yield {
                "flops": parabola.flops,
                "params": float(fit.runs.params[place]),
                "loss": float(fit.runs.loss[place]),
            }


def _curve(fit: Fit) -> Iterator[Row]:
    for parabola in fit.parabolas:
        sizes = fit.runs.params[parabola.runs]
        params = np.geomspace(sizes.min() / _BEYOND, sizes.max() * _BEYOND, _POINTS)
        for size, loss in zip(params.tolist(), parabola.loss(params).tolist(), strict=True):
            yield {"flops": parabola.flops, "params": size, "loss": loss}


def _budgets(curve: list[Row]) -> Iterator[Row]:
    """The right end of each curve, with its budget in words."""
    last = {row["flops"]: row for row in curve}
    for place, (flops, row) in enumerate(last.items()):
        yield {**row, "label": format_power(flops) if place else f"{format_power(flops)} FLOPs"}


def _optima(fit: Fit) -> Iterator[Row]:
    found = {row["flops"]: row for row in fit.frontier}
    for parabola in fit.parabolas:
        best = found.get(parabola.flops, dict.fromkeys(("params", "tokens", "loss")))
        yield {**best, "flops": parabola.flops, "runs": len(parabola.runs)}


def _chart() -> alt.LayerChart | alt.FacetChart:
    runs, curve, best, budgets = (alt.Chart(alt.NamedData(name)) for name in ("runs", "curve", "best", "budgets"))
    x = alt.X("params:Q").scale(log_scale()).axis(log_axis("parameters", grid=False))
    y = alt.Y("loss:Q").scale(zero=False).axis(title="loss, nats per token")
    return alt.layer(
        curve.mark_line(color=FIRST, strokeWidth=1.5).encode(x=x, y=y, detail=alt.Detail("flops:N")),
        best.mark_line(color=SECOND, strokeDash=[5, 4], strokeWidth=1.5).encode(
            x=alt.X("params:Q"), y=alt.Y("loss:Q"), order=alt.Order("flops:Q")
        ),
        runs.mark_point(color=FIRST, filled=True, size=28, opacity=0.8).encode(x=alt.X("params:Q"), y=alt.Y("loss:Q")),
        best.mark_point(color=SECOND, filled=True, shape="diamond", size=110, opacity=1).encode(
            x=alt.X("params:Q"), y=alt.Y("loss:Q")
        ),
        budgets.mark_text(color=INK, align="left", dx=5, fontSize=11).encode(
            x=alt.X("params:Q"), y=alt.Y("loss:Q"), text=alt.Text("label:N")
        ),
    )


FIGURE: Final = Figure("Loss by size at each budget", MadeFit, _draw)
