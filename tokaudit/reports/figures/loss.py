"""The loss of the run, split into what no budget removes, what size and tokens leave, and what repeats cost."""

from collections.abc import Mapping
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import percent
from tokaudit.planning.curves.loss import loss
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.plan import Plan
from tokaudit.planning.verdicts import MANY_EPOCHS
from tokaudit.reports.charts.axes import NARROW
from tokaudit.reports.charts.colours import FIRST, SECOND, THIRD
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.rows import TRACK, headings, height_of, place, tracks
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.plan_domains import listed
from tokaudit.reports.protocol import ForPeople, Table

_WORDS: Final = {
    "irreducible": "irreducible",
    "model_term": "too few parameters",
    "data_term": "too few tokens",
    "repeats": "limited data",
}
_COLOURS: Final = {"model_term": THIRD, "data_term": FIRST, "repeats": SECOND}
_ORIGIN: Final = (
    "L = E + A/N^alpha + B/D^beta (arXiv:2203.15556, eq. 2), of the run as given or the best run on the supply. "
    "Limited data costs L(N', D') - L(N, D), with effective parameters N' and tokens D' of arXiv:2305.16264, eq. 5 "
    "and 6, summed over the domains: repeated tokens and excess parameters count for less."
)


def _draw(made: MadePlan) -> Drawing | str:
    found = loss(made)
    if isinstance(found, str):
        return found
    rows = found["terms"]
    return Drawing(
        _chart(found), _says(made.plan, rows), _table(rows), (Origin("formula", _ORIGIN),), height_of(len(rows))
    )


def _chart(found: Mapping[str, list[Row]]) -> alt.LayerChart:
    order, words = f"indexof({list(_WORDS)}, datum.term)", f"{list(_WORDS.values())}[datum.place - 1]"
    rows = (
        alt.Chart(alt.NamedData("terms"))
        .transform_calculate(place=f"{order} + 1", reduced="datum.term == 'irreducible' ? 0 : datum.nats")
        .transform_window(end="sum(nats)", sort=[alt.SortField("place")], frame=[None, 0])
        .transform_joinaggregate(reducible="sum(reduced)")
        .transform_calculate(start="datum.end - datum.nats")
    )
    steps = rows.transform_filter("datum.term != 'irreducible'")
    title = ["loss in nats per token", "(the axis begins at the irreducible part)"]
    x = alt.X("start:Q").scale(zero=False, nice=False).axis(title=title, tickCount=5, grid=False)
    colour = alt.Color("term:N").scale(domain=list(_COLOURS), range=list(_COLOURS.values())).legend(None)
    bars = steps.mark_bar(yOffset=TRACK, height=12).encode(x=x, x2=alt.X2("end:Q"), y=place(), color=colour)
    share = "format(100 * datum.nats / datum.reducible, '.2~r') + ' % of what can be reduced'"
    more = f"datum.place == 1 || {NARROW} ? '' : ' \N{MIDDLE DOT} ' + {share}"
    texts = headings(rows, words, f"format(datum.nats, '.4f') + ' nats' + ({more})", narrow_remark="90")
    return layered([tracks(steps), bars, *texts], found)


def _says(plan: Plan, rows: list[Row]) -> str:
    nats = {row["term"]: row["nats"] for row in rows}
    parts = [f"{words} ({_nats(nats[term])})" for term, words in _WORDS.items() if term in _COLOURS and term in nats]
    first = f"{_run(rows[0]['run'], on_supply='repeats' in nats)} is {sum(nats.values()):.4f} nats per token."
    said = f"{first} Of these, {nats['irreducible']:.4f} are irreducible; the rest is {listed(parts)}."
    disputed = plan.far_beyond_data and "repeats" in nats
    return f"{said} Beyond {MANY_EPOCHS} epochs, sources disagree about the cost of limited data." if disputed else said


def _run(run: str, *, on_supply: bool) -> str:
    """``The loss of the best run on this supply``."""
    if run == "optimal" and on_supply:
        return "On this supply, the loss of the run that is best with unlimited data"
    return f"The loss of {'this run' if run == 'as given' else 'the best run'}{' on this supply' if on_supply else ''}"


def _table(rows: list[Row]) -> Table:
    total = sum(row["nats"] for row in rows)
    found = [{"part": _WORDS[row["term"]], "nats": row["nats"], "share": row["nats"] / total} for row in rows]
    found.append({"part": "total", "nats": total, "share": 1.0})
    words = {"nats": _nats, "share": percent}
    return Table(("part", "nats", "share"), found, people=ForPeople(words=words))


def _nats(nats: float) -> str:
    return "<0.0001" if 0 < nats < 0.00005 else f"{nats:.4f}"


FIGURE: Final = Figure("What the loss is made of", MadePlan, _draw, place=40)
