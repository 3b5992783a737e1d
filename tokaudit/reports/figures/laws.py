"""What each scaling law says of a plan: the size of its best run, and its verdict."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_certainty import LawVerdict
from tokaudit.reports.charts.axes import NARROW, log_axis, log_scale
from tokaudit.reports.charts.colours import INK
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.rows import TRACK, bound_ticks, headings, height_of, place, tracks
from tokaudit.reports.charts.verdict_marks import UNKNOWN, verdict_points
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.plan_domains import listed
from tokaudit.reports.plan_verdict import SUBJECTS
from tokaudit.reports.plan_words import laws_table

_MOST_NAMES: Final = 3
_ORIGIN: Final = (
    "N_opt(C): the parameters of each law's best run for the plan's FLOPs with unlimited unique data; the verdict is "
    "that of a plan with this law, whose supply is counted in the law's tokens. `tokaudit laws` lists the laws and "
    "their papers."
)


def _draw(plan: Plan) -> Drawing | str:
    if not plan.sensitivity:
        return "No other law was asked, so there is nothing to compare."
    order = sorted(plan.sensitivity, key=lambda each: (each.law != plan.law, not each.votes, each.law))
    rows = [_row(each, at, plan) for at, each in enumerate(order, 1)]
    made_by = (Origin("formula", _ORIGIN),)
    return Drawing(_chart(rows, plan), _says(plan, order), laws_table(order), made_by, height_of(len(rows)))


def _row(each: LawVerdict, at: int, plan: Plan) -> Row:
    verdict = SUBJECTS[each.constraint] if each.constraint else "no verdict"
    run = f"{format_count(each.params)} on {format_count(each.tokens)} tokens"
    own = plan.interval if each.law == plan.law else None
    return {
        "place": at,
        **asdict(each),
        "constraint": each.constraint or UNKNOWN,
        "own": each.law == plan.law,
        "verdict": verdict,
        "vote": "" if each.votes else " (no vote)",
        "best": run,
        "params_low": own.params_low if own else None,
        "params_high": own.params_high if own else None,
    }


def _chart(rows: list[Row], plan: Plan) -> alt.LayerChart:
    data = alt.Chart(alt.NamedData("laws"))
    title = ["parameters of the best run with unlimited data", "(filled: has a vote; outline: shown without one)"]
    x = alt.X("params:Q").scale(log_scale()).axis(log_axis(title, grid=False))
    layers = [tracks(data)]
    if plan.budget.params:
        layers.append(bound_ticks(data, plan.budget.params))
        title.append("(mark: this run)")
    if any(row["params_low"] is not None for row in rows):
        whisker = data.transform_filter("isValid(datum.params_low)").mark_rule(color=INK, strokeWidth=2, yOffset=TRACK)
        layers.append(whisker.encode(x=alt.X("params_low:Q"), x2=alt.X2("params_high:Q"), y=place()))
    name = "datum.own ? datum.law + ' (this plan)' : datum.law"
    remark = f"{NARROW} ? datum.verdict : datum.verdict + datum.vote + ' \N{MIDDLE DOT} ' + datum.best"
    layers += [
        verdict_points(data, x, filled="datum.votes"),
        *headings(data, name, remark, bold="datum.own", narrow_remark="80"),
    ]
    return layered(layers, {"laws": rows})


def _says(plan: Plan, order: Sequence[LawVerdict]) -> str:
    votes = [each for each in order if each.votes] or list(order)
    low, high = min(each.params for each in votes), max(each.params for each in votes)
    size = f"{format_count(low)} to {format_count(high)}" if low < high else format_count(low)
    best = f"With unlimited data, the best run has {size} parameters by the laws with a vote"
    if plan.constraint is None:
        return f"{best}. Without a supply, no law can give a verdict."
    same = [each for each in votes if each.constraint == plan.constraint]
    first = f"{len(same)} of {len(votes)} laws with a vote say that {SUBJECTS[plan.constraint]} is the constraint"
    return f"{first}{_otherwise(plan, order)}. {best}."


def _otherwise(plan: Plan, order: Sequence[LawVerdict]) -> str:
    """``; hoffmann2022-approach3 says data``, of all laws that were asked."""
    said: dict[str, list[str]] = {}
    for each in order:
        if each.constraint and each.constraint != plan.constraint:
            said.setdefault(SUBJECTS[each.constraint], []).append(each.law if each.votes else f"{each.law} (no vote)")
    return "".join(
        f"; {listed(names[:_MOST_NAMES], len(names[_MOST_NAMES:]))} say{'' if len(names) > 1 else 's'} {what}"
        for what, names in said.items()
    )


FIGURE: Final = Figure("The verdict under each scaling law", Plan, _draw, place=60)
