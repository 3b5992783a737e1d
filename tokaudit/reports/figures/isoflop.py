"""The loss of runs of the plan's FLOPs by their size, with unlimited data and on the supply, and the best of each."""

from collections.abc import Iterator, Mapping
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power, percent
from tokaudit.planning.curves.isoflop import isoflop
from tokaudit.planning.intervals import is_wide
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.plan import Constrained, Plan
from tokaudit.planning.plan_certainty import OptimumInterval
from tokaudit.reports.charts.axes import HALO, NARROW, count_words, key, log_axis
from tokaudit.reports.charts.colours import FIRST, SECOND
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.protocol import ForPeople, Table
from tokaudit.reports.units_words import run_size

_HEIGHT: Final = 360
_DATA: Final = {"unlimited": FIRST, "supply": SECOND}
_WORDS: Final = {"unlimited": "unlimited data (dashed)", "supply": "this supply"}
_EVERY: Final = 5
"""People see every so many rows of the table."""
_BEST: Final = "best run"
_COLUMNS: Final = {"unlimited": "loss with unlimited data", "supply": "loss on this supply"}
_BEST_OF: Final = {"unlimited": "with unlimited data", "supply": "on this supply"}


def _draw(made: MadePlan) -> Drawing | str:
    found = isoflop(made)
    if isinstance(found, str):
        return found
    return Drawing(_chart(found), _says(made.plan), _table(found), (Origin("command", made.command),), height=_HEIGHT)


def _chart(found: Mapping[str, list[Row]]) -> alt.LayerChart:
    x = alt.X("params:Q").scale(type="log", nice=False).axis(log_axis("parameters"))
    y = alt.Y("loss:Q").scale(zero=False, nice=False, padding=30).axis(title="loss in nats per token", tickCount=6)
    names = list(_WORDS.values())
    legend = key(symbolOpacity=1, symbolDash=[1, 0], symbolStrokeWidth=0)  # of the points, not of lines or ranges
    colour = alt.Color("data_words:N").scale(domain=names, range=list(_DATA.values())).legend(legend)
    shape = alt.Shape("data_words:N").scale(domain=names, range=["circle", "diamond"]).legend(legend)
    dash = alt.StrokeDash("data_words:N").scale(domain=names, range=[[5, 4], [1, 0]]).legend(legend)
    curve = _named("curve").mark_line(strokeWidth=2.5, clip=True).encode(x=x, y=y, color=colour, strokeDash=dash)
    best = _named("best")
    # Without a range, the line has no length.
    bounds = {name: f"datum.{name} || datum.params" for name in ("params_low", "params_high")}
    ranges = best.transform_calculate(**bounds).mark_rule(strokeWidth=5, opacity=0.35, clip=True)
    points = best.mark_point(filled=True, size=150, opacity=1)
    layers = [
        curve,
        ranges.encode(x=alt.X("params_low:Q"), x2=alt.X2("params_high:Q"), y=y, color=colour),
        points.encode(x=x, y=y, color=colour, shape=shape),
        *_names(best, x, y),
    ]
    return layered(layers, found)


def _named(data: str) -> alt.Chart:
    """A data set with the kind of data in words."""
    words = f"datum.data == 'unlimited' ? '{_WORDS['unlimited']}' : '{_WORDS['supply']}'"
    return alt.Chart(alt.NamedData(data)).transform_calculate(data_words=words)


def _names(best: alt.Chart, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """The sizes of the best runs: below the curve of unlimited data, and above that of the supply."""
    above = "datum.data == 'supply'"
    more = f"({NARROW} ? '' : ' on ' + {count_words('datum.tokens')} + ' tokens')"
    end = f"isFinite(datum.params_high) && datum.params_high ? ' to ' + {count_words('datum.params_high')} : ' or more'"
    span = f"{count_words('datum.params_low')} + ({end})"
    name = f"datum.uncertain ? {span} : {count_words('datum.params')} + {more}"
    named = best.transform_calculate(name=name)
    for halo in (HALO, {}):
        text = named.mark_text(dy=alt.ExprRef(f"{above} ? -18 : 18"), baseline="middle", fontWeight=700, **halo)
        yield text.encode(x=x, y=y, text=alt.Text("name:N"))


def _says(plan: Plan) -> str:
    flops, there = format_power(plan.budget.flops), plan.constrained
    first = f"With unlimited data, {flops} FLOPs are best spent on {_free(plan)}"
    if there is None:
        has_supply = any(entry.tokens_unique for entry in plan.domains)
        return f"{first} On this supply, more compute no longer helps." if has_supply else first
    if plan.far_beyond_data:
        return f"{first} On this supply, sources disagree: the best size is {_between(there)} parameters."
    best = f"{run_size(there.params, there.tokens)}: loss {_nats(there.loss)} nats"
    if format_count(there.params_low) == format_count(there.params_high):
        return f"{first} On this supply, they are best spent on {best}."
    others = f"Other constants of repetition, which fit almost equally well, give {_between(there)} parameters."
    return f"{first} On this supply, they are best spent on {best}. {others}"


def _free(plan: Plan) -> str:
    """The best run with unlimited data, and its range if the law has draws, up to the full stop."""
    assert plan.optimal is not None
    best = f"{run_size(plan.optimal.params, plan.optimal.tokens)}: loss {plan.optimal.loss:.4f} nats."
    if plan.interval is None:
        return best
    level = f"{percent(plan.interval.level)} of the law's draws"
    if is_wide(plan.interval):
        return f"{_between(plan.interval)} parameters (in {level})."
    return f"{best} In {level}, the best size is {_between(plan.interval)} parameters."


def _between(bounds: OptimumInterval | Constrained) -> str:
    return f"{format_count(bounds.params_low)} to {format_count(bounds.params_high)}"


def _table(found: Mapping[str, list[Row]]) -> Table:
    sizes: dict[float, Row] = {}
    for row in found["curve"]:
        size = sizes.setdefault(row["params"], {"params": row["params"], "tokens": row["tokens"]})
        size[_COLUMNS[row["data"]]] = row["loss"]
    rows = list(sizes.values())
    best = [
        {
            "params": row["params"],
            "tokens": row["tokens"],
            _COLUMNS[row["data"]]: row["loss"],
            _BEST: _BEST_OF[row["data"]],
        }
        for row in found["best"]
    ]
    people = ForPeople(
        rows=sorted([*rows[::_EVERY], *best], key=_by_size),
        words={"params": format_count, "tokens": format_count, **dict.fromkeys(_COLUMNS.values(), _nats)},
    )
    columns = [name for name in _COLUMNS.values() if any(name in row for row in rows)]
    return Table(("params", "tokens", *columns, _BEST), sorted([*rows, *best], key=_by_size), people=people)


def _by_size(row: Row) -> float:
    return float(row["params"])


def _nats(loss: float) -> str:
    return f"{loss:.4f}"


FIGURE: Final = Figure("Loss by model size at this budget", MadePlan, _draw, place=30)
