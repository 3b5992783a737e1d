"""How often the best run repeats the supply as compute grows, with the plan between one epoch, four and exhaustion."""

from collections.abc import Iterator, Mapping
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power
from tokaudit.planning.curves.epochs import epochs
from tokaudit.planning.domain_plans import domain_verdict
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.plan import Plan
from tokaudit.planning.verdicts import MANY_EPOCHS
from tokaudit.reports.charts.axes import HALO, LEFT, NARROW, TO_TOP, count_words, log_axis, log_scale
from tokaudit.reports.charts.colours import EXHAUSTED, INK, MUTED, REPEAT, SECOND, STRAINED
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.plan_domains import short_name
from tokaudit.reports.protocol import ForPeople, Table

_HEIGHT: Final = 360
_BOUNDS: Final[list[Row]] = [
    {"bound": 1, "name": "1 epoch: every token is new"},
    {"bound": 4, "name": "4 epochs: repeats are almost as good as new"},
    {"bound": MANY_EPOCHS, "name": f"{MANY_EPOCHS} epochs: one more counts for about a third of new text"},
]
_BANDS: Final[list[Row]] = [
    {"low": 1, "high": 4, "band": "repeat"},
    {"low": 4, "high": MANY_EPOCHS, "band": "strained"},
]
_FAINT: Final = 0.16
_IF_SEEN: Final = alt.ExprRef("datum.seen ? 1 : 0")
"""Opacity of marks that are there in any case, because a scale needs numbers of each of its marks."""
_NO_HELP: Final = "['beyond, more compute', 'no longer helps']"
_NO_HELP_SHORT: Final = "['beyond, more', 'compute no', 'longer helps']"
_EVERY: Final = 5
"""People see every so many rows of the table: two per power of ten."""


def _draw(made: MadePlan) -> Drawing | str:
    found = epochs(made)
    if isinstance(found, str):
        return found
    if all(row["epochs"] is None for row in found["path"]):
        return (
            "With this supply, more compute no longer helps from far below this budget on; many runs are equally good."
        )
    table = _table(found)
    return Drawing(_chart(found), _says(made.plan, found), table, (Origin("command", made.command),), height=_HEIGHT)


def _chart(found: Mapping[str, list[Row]]) -> alt.LayerChart:
    x = alt.X("flops:Q").scale(log_scale()).axis(log_axis("training compute in FLOPs", grid=False, powers=True))
    y = alt.Y("at:Q").scale(log_scale()).axis(log_axis("epochs of the scarcest domain", grid=False))
    layers = [*_bands(), *_bounds(), _path(x, y), *_end(), *_here()]
    return layered(layers, {**found, "bounds": _BOUNDS, "bands": _BANDS})


def _path(x: alt.X, y: alt.Y) -> alt.Chart:
    """The line, as far as epochs are known."""
    path = _known().transform_calculate(seen="datum.end > 0", at="datum.seen ? datum.epochs : 1")
    line: alt.Chart = path.mark_line(color=INK, strokeWidth=2.5, opacity=_IF_SEEN)
    return line.encode(x=x, y=y)


def _known() -> alt.Chart:
    """The path with its first and last FLOPs, and the last ones with known epochs, or 0."""
    known = "isValid(datum.epochs) ? datum.flops : 0"
    path = alt.Chart(alt.NamedData("path")).transform_calculate(known=known)
    return path.transform_joinaggregate(first="min(flops)", last="max(flops)", end="max(known)")


def _bands() -> Iterator[alt.Chart]:
    """The ranges of epochs in which repeats count for less and less."""
    names = ["repeat", "strained"]
    colour = alt.Color("band:N").scale(domain=names, range=[REPEAT, STRAINED]).legend(None)
    yield (
        alt.Chart(alt.NamedData("bands"))
        .mark_rect(opacity=_FAINT)
        .encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=colour)
    )
    beyond = alt.Chart(alt.NamedData("bands")).transform_filter("datum.band == 'strained'")
    yield beyond.mark_rect(opacity=_FAINT, color=EXHAUSTED).encode(y=alt.Y("high:Q"), y2=TO_TOP)


def _bounds() -> Iterator[alt.Chart]:
    """Lines at 1, 4 and 16 epochs, with what they mean."""
    bounds = alt.Chart(alt.NamedData("bounds"))
    yield bounds.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=alt.Y("bound:Q"))
    short = bounds.transform_calculate(text=f"{NARROW} ? split(datum.name, ':')[0] : datum.name")
    text = short.mark_text(align="left", baseline="bottom", dx=4, dy=-2, fontSize=11, color=MUTED)
    yield text.encode(x=LEFT, y=alt.Y("bound:Q"), text=alt.Text("text:N"))


def _end() -> Iterator[alt.Chart]:
    """The end of the line; it is seen if more compute no longer helps beyond it."""
    end = (
        _known()
        .transform_filter("datum.flops == (datum.end || datum.first)")
        .transform_calculate(
            at="datum.epochs || 1",
            seen="datum.end > 0 && datum.end < datum.last",
            name=f"!datum.seen ? '' : {NARROW} ? {_NO_HELP_SHORT} : {_NO_HELP}",
        )
    )
    cross = end.mark_point(shape="cross", angle=45, filled=True, size=90, color=INK, opacity=_IF_SEEN)
    yield cross.encode(x=alt.X("flops:Q"), y=alt.Y("at:Q"))
    early = "log(datum.end / datum.first) < 0.6 * log(datum.last / datum.first)"
    text = end.mark_text(
        align=alt.ExprRef(f"{early} ? 'left' : 'right'"),
        baseline="bottom",
        dx=alt.ExprRef(f"{early} ? 10 : -10"),
        dy=-14,
        fontSize=11,
    )
    yield text.encode(x=alt.X("flops:Q"), y=alt.Y("at:Q"), text=alt.Text("name:N"))


def _here() -> Iterator[alt.Chart]:
    """The run's point and its name, which is kept free of lines; they are seen if its epochs are known.

    The name fits a plan and what a reader of the page asks instead.
    """
    name = f"datum.seen ? ['this run', {count_words('datum.epochs')} + ' epochs'] : ''"
    here = alt.Chart(alt.NamedData("here")).transform_calculate(
        at="datum.epochs || 1", seen="isValid(datum.epochs)", name=name
    )
    point = here.mark_point(filled=True, shape="diamond", size=220, color=SECOND, opacity=_IF_SEEN)
    yield point.encode(x=alt.X("flops:Q"), y=alt.Y("at:Q"))
    for halo in (HALO, {}):
        text = here.mark_text(align="left", baseline="top", dx=10, dy=4, fontWeight=700, **halo)
        yield text.encode(x=alt.X("flops:Q"), y=alt.Y("at:Q"), text=alt.Text("name:N"))


def _says(plan: Plan, found: Mapping[str, list[Row]]) -> str:
    disputed = [f"Beyond {MANY_EPOCHS} epochs, sources disagree about the best run."] if plan.far_beyond_data else []
    return " ".join((_now(plan, found["here"][0]), *_then(plan), *disputed))


def _now(plan: Plan, here: Row) -> str:
    budget = f"{format_power(here['flops'])} FLOPs"
    if here["epochs"] is None:
        return f"At {budget}, more compute no longer helps, so many runs are equally good on this supply."
    which = "this run" if plan.budget.params and plan.budget.tokens else "the best run on this supply"
    if domain_verdict(here["epochs"]) == "enough":
        return f"At {budget}, {which} uses no domain more than once ({format_count(here['epochs'])} epochs)."
    where = short_name(plan.binding_domain) if plan.binding_domain else "the scarcest domain"
    return f"At {budget}, {which} uses {where} for {format_count(here['epochs'])} epochs."


def _then(plan: Plan) -> Iterator[str]:
    """Until which budgets the supply lasts."""
    if plan.ceiling is None:
        return
    once, four = plan.ceiling.flops_one_epoch, plan.ceiling.flops_four_epochs
    more = f", and four epochs up to {format_power(four)}" if four else ""
    yield f"One epoch is enough for the best runs up to {format_power(once)} FLOPs{more}."


def _table(found: Mapping[str, list[Row]]) -> Table:
    rows = [_table_row(row) for row in found["path"]]
    people = ForPeople(rows=rows[::_EVERY], words={"FLOPs": format_power, "epochs": format_count})
    return Table(("FLOPs", "epochs", "verdict"), rows, people=people)


def _table_row(row: Row) -> Row:
    verdict = "more compute no longer helps" if row["epochs"] is None else domain_verdict(row["epochs"])
    return {"FLOPs": row["flops"], "epochs": row["epochs"], "verdict": verdict}


FIGURE: Final = Figure("Epochs as compute grows", MadePlan, _draw, place=20)
