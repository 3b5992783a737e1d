"""What each domain has against what the run needs of it."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_number_of
from tokaudit.planning.curves.domains import domains
from tokaudit.planning.domain_plans import domain_verdict
from tokaudit.planning.plan import DomainPlan, Plan
from tokaudit.planning.verdicts import MANY_EPOCHS
from tokaudit.reports.charts.axes import NARROW, count_words, key, log_axis, log_scale, name_words
from tokaudit.reports.charts.colours import ENOUGH, INK, PAPER, REPEAT, STRAINED
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.rows import MOST, TRACK, headings, height_of, place, tracks
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.plan_domains import domain_table, listed, short_name

_EPOCHS: Final = {1: ENOUGH, 4: REPEAT, MANY_EPOCHS: STRAINED}
_SPANS: Final = {most: f"{most} epoch{'s' if most > 1 else ''}" for most in _EPOCHS}

_NEEDED: Final = "needed"
_USED: Final = "used on this supply"
_LEAST: Final = "min(datum.unique || 1e99, datum.unique_low || 1e99, datum.needed || 1e99, datum.used || 1e99)"
_ORDER: Final = "datum.unique > 0 ? round(1e6 * log(datum.needed / datum.unique)) : 1e99"  # ties are ties
_MOST_NAMES: Final = 3
_ORIGIN: Final = (
    "needed_i = w_i D, for the share w_i of each domain and the tokens D of the run as given, or of the best run with "
    "unlimited data. epochs_i = w_i D / U_i, for its unique tokens U_i and the tokens D of the run as given, or of "
    "the best run on this supply. All are the law's tokens. Up to 4 epochs, repeats are almost as good as new tokens; "
    "after 16 = R_D* + 1 epochs, one more counts for 37 % of new tokens (arXiv:2305.16264, section 6 and eq. 5)."
)


def _draw(plan: Plan) -> Drawing | str:
    found = domains(plan)
    if isinstance(found, str):
        return found
    height = height_of(len(found["domains"]))
    return Drawing(_chart(found), _says(plan), domain_table(plan), (Origin("formula", _ORIGIN),), height)


def _chart(found: Mapping[str, list[Row]]) -> alt.LayerChart:
    rows = _ranked()
    bounded = any(row["unique_low"] is not None or row["unique_high"] is not None for row in found["domains"])
    title = ["tokens (thin line: bounds of the supply)" if bounded else "tokens"]
    x = alt.X("low:Q").scale(log_scale()).axis(log_axis(title))
    layers = [tracks(rows), _spans(rows, x), *_bounds(rows), _marks(rows), *_headings(rows)]
    return layered(layers, found)


def _ranked() -> alt.Chart:
    """The domains, the scarcest first, as many as a chart can have, and where their bars begin."""
    return (
        alt.Chart(alt.NamedData("domains"))
        .transform_calculate(scarcity=_ORDER, least=_LEAST)
        .transform_window(
            place="row_number()",
            sort=[alt.SortField("scarcity", order="descending"), alt.SortField("share", order="descending")],
        )
        .transform_filter(f"datum.place <= {MOST}")
        .transform_joinaggregate(lowest="min(least)")
        .transform_calculate(base="pow(10, floor(log(datum.lowest) / LN10 - 0.1))")
    )


def _spans(rows: alt.Chart, x: alt.X) -> alt.Chart:
    """Bars that end where each domain has been used 1, 4 and 16 times."""
    names = list(_SPANS.values())
    ends = {name: f"{most} * datum.unique" for most, name in _SPANS.items()}
    once, four, _ = names
    before = f"datum.span == '{once}' ? datum.base : datum.span == '{four}' ? datum.unique : 4 * datum.unique"
    low = f"max(datum.base, {before})"  # without unique tokens, bars have no length
    bars: alt.Chart = (
        rows.transform_calculate(**ends)
        .transform_fold([*names], as_=["span", "end"])
        .transform_calculate(low=low, high="max(datum.low, datum.end)")
        .mark_bar(yOffset=TRACK)
    )
    return bars.encode(
        x=x,
        x2=alt.X2("high:Q"),
        y=place(),
        color=alt.Color("span:N").scale(domain=names, range=list(_EPOCHS.values())).legend(key("lasts for")),
        size=alt.condition(f"datum.span == '{once}'", alt.value(12), alt.value(6)),
    )


def _bounds(rows: alt.Chart) -> Iterator[alt.Chart]:
    """A thin line from the low to the high bound of the unique tokens; without bounds, it is not seen."""
    known = rows.transform_calculate(
        seen="datum.unique_low > 0 && datum.unique_high > datum.unique_low",
        from_="datum.seen ? datum.unique_low : datum.base",
        to_="datum.seen ? datum.unique_high : datum.base",
    )
    opacity = alt.ExprRef("datum.seen ? 1 : 0")
    lines = known.mark_rule(color=INK, yOffset=TRACK, opacity=opacity)
    yield lines.encode(x=alt.X("from_:Q"), x2=alt.X2("to_:Q"), y=place())
    for bound in ("from_", "to_"):
        ticks = known.mark_tick(color=INK, thickness=1, height=10, orient="vertical", yOffset=TRACK, opacity=opacity)
        yield ticks.encode(x=alt.X(f"{bound}:Q"), y=place())


def _marks(rows: alt.Chart) -> alt.Chart:
    """What the run needs of each domain, and what the run on the supply uses."""
    names = [_NEEDED, _USED]
    points: alt.Chart = (
        rows.transform_calculate(**{_NEEDED: "datum.needed", _USED: "datum.used"})
        .transform_fold([_USED, _NEEDED], as_=["kind", "tokens"])
        .transform_filter("datum.tokens > 0")
        .mark_point(strokeWidth=2, opacity=1, yOffset=TRACK)
    )
    return points.encode(
        x=alt.X("tokens:Q"),
        y=place(),
        shape=alt.Shape("kind:N").scale(domain=names, range=["diamond", "circle"]).legend(key()),
        fill=alt.Fill("kind:N").scale(domain=names, range=[INK, PAPER]).legend(key()),
        stroke=alt.Stroke("kind:N").scale(domain=names, range=[PAPER, INK]).legend(key()),
        size=alt.condition(f"datum.kind == '{_USED}'", alt.value(190), alt.value(130)),
    )


def _headings(rows: alt.Chart) -> list[alt.Chart]:
    epochs = f"{count_words('datum.epochs')} + (datum.epochs == 1 ? ' epoch' : ' epochs')"
    short = f"datum.verdict + (isValid(datum.epochs) ? ': ' + {epochs} : '')"
    sizes = f"'needs ' + {count_words('datum.needed')} + ', has ' + {count_words('datum.unique')} + ' \N{MIDDLE DOT} '"
    remark = f"!(datum.unique > 0) ? 'no unique tokens' : ({NARROW} ? '' : {sizes}) + {short}"
    return headings(rows, name_words("datum.domain"), remark, narrow_remark="155")


def _says(plan: Plan) -> str:
    return " ".join((_scarcest(plan), *_rest(plan)))


def _scarcest(plan: Plan) -> str:
    first = max(_used(plan), key=lambda entry: (round(math.log(_scarcity(entry)), 6), entry.share))
    name, given = short_name(first.domain), plan.budget.params and plan.budget.tokens
    run = "this run needs" if given else "with unlimited data, the best run needs"
    need = f"{run} {format_count(first.tokens_needed)} tokens of it"
    has = f"the supply has {format_count(first.tokens_unique)} unique ones"
    if not _is_short(first):
        return f"Every domain has enough. The scarcest is {name}: {need}, and {has}."
    return f"{name} is the scarcest domain: {need}, and {has}. {_use(first, given=bool(given))}"


def _use(entry: DomainPlan, *, given: bool) -> str:
    """How often the run on the supply uses the scarcest domain, and whether it counts for the verdict."""
    if entry.epochs is None:
        used = "More compute no longer helps."
    else:
        run = "This run" if given else "On this supply, the best run"
        verdict = f" ({entry.verdict})" if entry.verdict else ""
        used = f"{run} uses it for {format_count(entry.epochs)} epochs{verdict}."
    alone = f" {short_name(entry.domain)} stands for a wider category, so it alone decides nothing."
    return f"{used}{alone if entry.loose else ''}"


def _rest(plan: Plan) -> Iterator[str]:
    used = _used(plan)
    short = sum(map(_is_short, used))
    if short and len(used) > 1:
        yield f"{short:,} of {len(used):,} domains {'have' if short > 1 else 'has'} less than the run needs."
    if len(used) > MOST:
        yield f"The chart shows the {MOST} scarcest of {len(used):,} domains; the table has all."
    empty = [short_name(entry.domain) for entry in plan.domains if entry.tokens_unique == 0]
    if empty:
        yield f"The supply has no unique tokens of {listed(empty[:_MOST_NAMES], len(empty[_MOST_NAMES:]))}."
    if unused := len(plan.domains) - len(used) - len(empty):
        more = "more " if empty else ""
        count = format_number_of(unused, f"{more}domain")
        yield f"{count} of the supply {'are' if unused > 1 else 'is'} not in this mixture."


def _used(plan: Plan) -> list[DomainPlan]:
    return [entry for entry in plan.domains if entry.share]


def _is_short(entry: DomainPlan) -> bool:
    """Whether the supply has less of the domain than the run needs."""
    return domain_verdict(_scarcity(entry)) != "enough"


def _scarcity(entry: DomainPlan) -> float:
    """How often the run would use the domain to have what it needs."""
    return entry.tokens_needed / entry.tokens_unique if entry.tokens_unique else math.inf


FIGURE: Final = Figure("Supply against need", Plan, _draw, place=10)
