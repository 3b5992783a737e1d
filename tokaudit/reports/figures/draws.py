"""What resampled runs give for two constants of a fit: how well they are known, and how one depends on the other."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import altair as alt
import numpy as np

from tokaudit.core.rows import Row
from tokaudit.core.types import Float64
from tokaudit.core.units import format_count, format_power
from tokaudit.laws.fit.bootstrap import interval
from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.laws.fit.protocol import LEVEL, Fit
from tokaudit.reports.charts.axes import count_words, log_axis, log_scale
from tokaudit.reports.charts.colours import FIRST, INK, MUTED, SECOND
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.protocol import ForPeople, Table

_MOST: Final = 1000
"""Draws in the chart; of more, every so many-th."""
_FEWEST: Final = 10
_DECADE: Final = 10
"""Ratio of the largest to the least draw from which an axis is logarithmic."""
_TOGETHER: Final = 0.5
"""Correlation from which two constants are said to depend on each other."""


@dataclass(frozen=True, slots=True)
class _Constant:
    """One of two constants that are drawn against each other.

    Attributes:
        name: its name in sentences.
        title: title of its axis.
        value: its estimate.
        draws: its draws, (draws,).
        is_count: whether it is a number of something, rather than an exponent.
    """

    name: str
    title: str
    value: float
    draws: Float64
    is_count: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """Its interval."""
        return interval(self.draws)

    @property
    def words(self) -> str:
        """The estimate with its interval."""
        low, high = map(_number, self.ends)
        return f"{self.name} = {_number(self.value)} ({low} to {high})"

    def axis(self) -> tuple[alt.Scale, alt.Axis]:
        """Its scale and its axis."""
        if self.is_count and self.draws.max() > _DECADE * self.draws.min():
            return log_scale(), log_axis(self.title)
        words = count_words("datum.value") if self.is_count else alt.Undefined
        return alt.Scale(zero=False), alt.Axis(title=self.title, tickCount=6, labelExpr=words)


def _draw(made: MadeFit) -> Drawing | str:
    pair = _pair(made.fit)
    if pair is None:
        return "The fit has too few draws to show: few were asked for, or there are too few runs to resample."
    x, y = pair
    draws = [{"x": a, "y": b} for a, b in zip(x.draws.tolist(), y.draws.tolist(), strict=True)]
    rows = [{"constant": each.name, "value": each.value, "low": each.ends[0], "high": each.ends[1]} for each in pair]
    datasets = {
        "draws": draws[:: math.ceil(len(draws) / _MOST)],
        "estimate": [
            {"x": x.value, "y": y.value, **dict(zip(("left", "right", "low", "high"), (*x.ends, *y.ends), strict=True))}
        ],
        "alike": list(_alike(x, y)),
    }
    people = ForPeople(words=dict.fromkeys(("value", "low", "high"), _number))
    return Drawing(
        _chart(x, y).properties(datasets=datasets),
        f"{x.words} and {y.words}, {100 * LEVEL:.0f} % of {len(draws):,} fits to resampled runs. {_together(x, y)}",
        Table(("constant", "value", "low", "high"), rows, people=people),
        (Origin("command", made.command("draws")),),
        height=380,
    )


def _pair(fit: Fit) -> tuple[_Constant, _Constant] | None:
    """The two constants that say most about the fit, with the draws of both that are finite; None if these are few."""
    x, y = _constants(fit.constants, fit.draws, float(fit.runs.flops.max()))
    there = np.isfinite(x.draws) & np.isfinite(y.draws)
    if there.sum() < _FEWEST or not (math.isfinite(x.value) and math.isfinite(y.value)):
        return None
    return replace(x, draws=x.draws[there]), replace(y, draws=y.draws[there])


def _constants(values: Mapping[str, float], draws: Mapping[str, Float64], flops: float) -> tuple[_Constant, _Constant]:
    """The two constants, without draws if there are none.

    Args:
        values: constant -> value.
        draws: constant -> draws.
        flops: the largest budget of the runs.
    """
    none = np.empty(0)
    if "k_N" in values:
        name = f"parameters at {format_power(flops)} FLOPs"
        best = values["k_N"] * flops ** values["a"]
        drawn = draws["k_N"] * flops ** draws["a"] if draws else none
        exponent = _Constant("a", "a, exponent of the best parameters", values["a"], draws.get("a", none))
        return exponent, _Constant(name, f"best {name}", best, drawn, is_count=True)
    if "alpha" in draws or "R_D_star" not in values:
        exponents = {"alpha": "alpha, exponent of the parameters", "beta": "beta, exponent of the tokens"}
        alpha, beta = (_Constant(name, text, values[name], draws.get(name, none)) for name, text in exponents.items())
        return alpha, beta
    stars = {"R_D_star": "R_D*, for repeated tokens", "R_N_star": "R_N*, for excess parameters"}
    tokens, params = (
        _Constant(name.replace("_star", "*"), text, values[name], draws.get(name, none), is_count=True)
        for name, text in stars.items()
    )
    return tokens, params


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else format_count(value)


def _together(x: _Constant, y: _Constant) -> str:
    """How one depends on the other, and for exponents of the law what that means for the size of models."""
    across, along = (np.log(each.draws) if each.is_count else each.draws for each in (x, y))
    if min(np.ptp(across), np.ptp(along)) == 0:
        return "They do not vary."
    correlation = float(np.corrcoef(across, along)[0, 1])
    alike = "They hardly depend on each other"
    if abs(correlation) >= _TOGETHER:
        alike = f"They {'rise together' if correlation > 0 else 'move in opposite directions'}"
    more = ""
    if (x.name, y.name) == ("alpha", "beta"):
        share = float(np.mean(y.draws > x.draws))
        more = (
            f" In {100 * share:.0f} % of them beta is the greater, so that parameters should grow faster than tokens."
        )
    shown = f"{correlation:.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{alike} (correlation {shown}).{more}"


def _alike(x: _Constant, y: _Constant) -> Iterator[Row]:
    """The ends of the line on which both exponents are the same, as far as it lies among the draws."""
    if (x.name, y.name) == ("alpha", "beta"):
        low, high = max(x.draws.min(), y.draws.min()), min(x.draws.max(), y.draws.max())
        if low < high:
            yield {"x": float(low), "y": float(low), "label": ""}
            yield {"x": float(high), "y": float(high), "label": "alpha = beta"}


def _chart(x: _Constant, y: _Constant) -> alt.LayerChart | alt.FacetChart:
    draws, estimate, alike = (alt.Chart(alt.NamedData(name)) for name in ("draws", "estimate", "alike"))
    (x_scale, x_axis), (y_scale, y_axis) = x.axis(), y.axis()
    at = {"x": alt.X("x:Q").scale(x_scale).axis(x_axis), "y": alt.Y("y:Q").scale(y_scale).axis(y_axis)}
    place = {"x": alt.X("x:Q"), "y": alt.Y("y:Q")}
    return alt.layer(
        draws.mark_point(color=FIRST, filled=True, size=22, opacity=0.35).encode(**at),
        alike.mark_line(color=MUTED, strokeDash=[4, 4]).encode(**place),
        alike.mark_text(color=INK, align="right", dx=-8, fontSize=11).encode(**place, text=alt.Text("label:N")),
        estimate.mark_rule(color=SECOND, strokeWidth=2).encode(x=alt.X("left:Q"), x2=alt.X2("right:Q"), y=alt.Y("y:Q")),
        estimate.mark_rule(color=SECOND, strokeWidth=2).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), x=alt.X("x:Q")),
        estimate.mark_point(color=SECOND, filled=True, shape="diamond", size=140, opacity=1).encode(**place),
    )


FIGURE: Final = Figure("Two constants in resampled runs", MadeFit, _draw)
