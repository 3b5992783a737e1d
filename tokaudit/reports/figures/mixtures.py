"""The verdict of a plan with its own mixture and with others."""

from dataclasses import asdict
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_number_of, percent
from tokaudit.planning.case import SHARE_BOUND
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_mixture import MixtureVerdict
from tokaudit.planning.verdicts import MANY_EPOCHS
from tokaudit.reports.charts.axes import NARROW, log_axis, log_scale, share_axis
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.rows import bound_ticks, headings, height_of, tracks
from tokaudit.reports.charts.verdict_marks import UNKNOWN, margins, verdict_points
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.plan_domains import listed, short_name
from tokaudit.reports.plan_verdict import SUBJECTS
from tokaudit.reports.plan_words import mixtures_table

_SHARE: Final = "compute_equivalent_share"
_EPOCHS: Final = "most_epochs"
_MOST_NAMES: Final = 3
_ORIGIN: Final = (
    "compute_equivalent_share = C_free(L) / C: the smallest budget that reaches the loss L of the plan with unlimited "
    "unique data, as a share of its own (effective tokens and parameters: arXiv:2305.16264, eq. 5 and 6, summed over "
    f"the domains). For a budget, data is the constraint below {SHARE_BOUND:.2f}."
)


def _draw(plan: Plan) -> Drawing | str:
    if not plan.mixtures:
        return _nothing(plan)
    field = _SHARE if any(each.compute_equivalent_share is not None for each in plan.mixtures) else _EPOCHS
    rows = [_row(each, at) for at, each in enumerate(plan.mixtures, 1)]
    bounds = _bounds(plan, field)
    table, made_by = mixtures_table(plan.mixtures), (Origin("formula", _ORIGIN),)
    return Drawing(_chart(plan, rows, bounds, field), _says(plan), table, made_by, height_of(len(rows)))


def _nothing(plan: Plan) -> str:
    if plan.budget.params_total is not None:
        return "The law was fitted on dense models, so there is no verdict on a mixture of experts with any mixture."
    if not any(entry.tokens_unique is not None for entry in plan.domains):
        return "The plan has no supply, so no mixtures of its domains can be compared."
    return "The supply has one domain, so there is nothing to mix."


def _row(each: MixtureVerdict, at: int) -> Row:
    verdict = SUBJECTS[each.constraint] if each.constraint else "no verdict"
    level = f" ({each.certainty})" if each.certainty else ""
    domain = short_name(each.binding_domain) if each.binding_domain else ""
    scarce = f"{domain}, {format_count(each.most_epochs)} epochs" if domain else "no repeats"
    return {
        "place": at,
        **asdict(each),
        "constraint": each.constraint or UNKNOWN,
        "verdict": f"{verdict}{level}",
        "scarce": scarce if each.most_epochs is not None else domain,
    }


def _bounds(plan: Plan, field: str) -> list[float]:
    """Numbers at which a verdict changes: for a budget alone, the share; for a law without a loss, the epochs."""
    if field == _EPOCHS:
        return [1, 4, MANY_EPOCHS]
    return [] if plan.budget.params and plan.budget.tokens else [SHARE_BOUND]


def _chart(plan: Plan, rows: list[Row], bounds: list[float], field: str) -> alt.LayerChart:
    data = alt.Chart(alt.NamedData("mixtures"))
    known = data.transform_filter(f"isValid(datum.{field})")
    layers = [tracks(data)]
    if field == _SHARE:
        x = alt.X(f"{field}:Q").scale(domain=[0, 1]).axis(share_axis(_title(plan, bounds)))
        layers += [margins(known, x, bound) for bound in bounds]
    else:
        x = alt.X(f"{field}:Q").scale(log_scale()).axis(log_axis("epochs of the domain that is used most", grid=False))
    name = "datum.place == 1 ? datum.mixture + ' (this plan)' : datum.mixture"
    remark = f"{NARROW} || datum.scarce == '' ? datum.verdict : datum.verdict + ' \N{MIDDLE DOT} ' + datum.scarce"
    layers += [bound_ticks(data, bound) for bound in bounds]
    layers += [verdict_points(known, x), *headings(data, name, remark, bold="datum.place == 1")]
    return layered(layers, {"mixtures": rows})


def _ideal(plan: Plan) -> str:
    """What a smaller budget would need to reach the same loss."""
    given = plan.budget.params and plan.budget.tokens
    return f"unlimited data{' and the best size' if given else ''}"


def _title(plan: Plan, bounds: list[float]) -> list[str]:
    title = ["compute that reaches the same loss", f"with {_ideal(plan)}"]
    return [*title, f"(below {percent(bounds[0])}, data is the constraint)"] if bounds else title


def _says(plan: Plan) -> str:
    own, others = plan.mixtures[0], plan.mixtures[1:]
    share = own.compute_equivalent_share
    ideal = f"with {_ideal(plan)}"
    does = f" ({percent(share)} of the compute reaches the same loss {ideal})" if share is not None else ""
    first = f"With the plan's mixture, {own.mixture}, {_subject(own)} is the constraint{does}."
    return f"{first} {_others(own, others)}"


def _subject(each: MixtureVerdict) -> str:
    return SUBJECTS[each.constraint] if each.constraint else "nothing known"


def _others(own: MixtureVerdict, others: tuple[MixtureVerdict, ...]) -> str:
    if not others:
        return "No other known mixture fits this supply."
    turned: dict[str, list[str]] = {}
    for each in others:
        if each.constraint != own.constraint:
            turned.setdefault(_subject(each), []).append(each.mixture)
    of = f" of {format_number_of(len(others), 'other mixture')} that {'fits' if len(others) == 1 else 'fit'}"
    if not turned:
        count = f"the {len(others)} other mixtures that fit" if len(others) > 1 else f"the mixture {others[0].mixture}"
        return f"It is the same with {count}."
    said = [
        f"{len(names)}{'' if at else of}, it is {what} ({listed(names[:_MOST_NAMES], len(names[_MOST_NAMES:]))})"
        for at, (what, names) in enumerate(turned.items())
    ]
    return f"With {'; with '.join(said)}."


FIGURE: Final = Figure("The verdict under known mixtures", Plan, _draw, place=50)
