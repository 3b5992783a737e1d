"""Published runs by parameters and tokens, with the plan, the law's best runs, and the reach of the supply."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import altair as alt

from tokaudit.core.printable import printable
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power
from tokaudit.planning.curves.runs import runs
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.plan import Plan
from tokaudit.planning.verdicts import MANY_EPOCHS
from tokaudit.reports.charts.axes import HALO, LEFT, count_words, key, log_axis
from tokaudit.reports.charts.colours import ENOUGH, INK, MUTED, REPEAT, SECOND, STRAINED
from tokaudit.reports.charts.labels import RIGHT, SIDES, Box, Label, Point, Space, placed
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.plan_steps import uncertain_size
from tokaudit.reports.protocol import ForPeople, Table
from tokaudit.reports.units_words import ratio, run_size, tokens_per_parameter

_HEIGHT: Final = 420
_PLAN: Final = "this plan"
_WIDTHS: Final = ((0, 480, 230, 6), (480, 800, 480, 12), (800, 9999, 800, 20))
"""From and below which width of the chart, the width for which names are placed, and the most names."""
_NEAREST: Final = 3
_WELL_KNOWN: Final = (
    *("GPT-3-175B", "Chinchilla-70B", "Llama-3.1-405B", "Llama-3-8B", "PaLM-540B", "DeepSeek-V3", "Gopher-280B"),
    *("Llama-2-70B", "LLaMA-65B", "Llama-3-70B", "Qwen3-0.6B", "OLMo-2-32B", "Falcon-180B", "DeepSeek-V4-Pro"),
)
"""Names by which readers find their way."""
_KINDS: Final = ("dense", "mixture of experts (active)", _PLAN)
_COLUMNS: Final = ("run", "params", "all params", "tokens", "tokens per parameter", "FLOPs", "own epochs", "known")
_NOTES: Final = (
    "The params of a mixture of experts are its active ones; 'all params' are all of them.",
    "Own epochs are tokens per unique token of the run's own text, where that is known.",
    "Numbers are read in the run's paper, second-hand, or recalled and not checked against a source.",
)
_ROOM: Final = 1.5
_NEAR: Final = 10
_AXES: Final = 90
_LINE_NAME: Final = (125, 16)


def _draw(made: MadePlan) -> Drawing:
    found = runs(made)
    chart = _chart(found, f"best by {printable(made.plan.law)}")
    return Drawing(chart, _says(made.plan, found), _table(found), (Origin("command", made.command),), height=_HEIGHT)


def _chart(found: Mapping[str, list[Row]], law: str) -> alt.LayerChart:
    reach = _in_sight(found)
    space = _space(found, reach)
    x = alt.X("params:Q").scale(type="log", domain=space.x, nice=False).axis(log_axis("parameters"))
    y = alt.Y("tokens:Q").scale(type="log", domain=space.y, nice=False).axis(log_axis("tokens trained on"))
    line = alt.Chart(alt.NamedData("law")).mark_line(color=MUTED, strokeWidth=1.5, clip=True).encode(x=x, y=y)
    datasets = {
        "runs": list(_marks(found)),
        "law": found["law"],
        "supply": reach,
        "names": list(_names(found, reach, space, law)),
    }
    layers = [*_reach(y), line, *_name_texts(halo=True), _points(x, y), *_name_texts()]
    return layered(layers, datasets)


def _marks(found: Mapping[str, list[Row]]) -> Iterator[Row]:
    for row in found["runs"]:
        yield {**row, "kind": _KINDS[1 if row["experts"] else 0]}
    yield {**found["here"][0], "run": _PLAN, "kind": _PLAN}


def _points(x: alt.X, y: alt.Y) -> alt.Chart:
    own = f"datum.kind == '{_PLAN}'"
    words = {"size": count_words("datum.params"), "length": count_words("datum.tokens")}
    points: alt.Chart = (
        alt.Chart(alt.NamedData("runs")).transform_calculate(**words).mark_point(strokeWidth=1.5, opacity=1)
    )
    return points.encode(
        x=x,
        y=y,
        shape=alt.Shape("kind:N").scale(domain=_KINDS, range=["circle", "square", "diamond"]).legend(key()),
        stroke=alt.Stroke("kind:N").scale(domain=_KINDS, range=[INK, INK, SECOND]).legend(key()),
        fill=alt.Fill("kind:N").scale(domain=_KINDS, range=[INK, "transparent", SECOND]).legend(key()),
        size=alt.condition(own, alt.value(220), alt.value(45)),
        tooltip=[
            alt.Tooltip("run:N"),
            alt.Tooltip("size:N", title="parameters"),
            alt.Tooltip("length:N", title="tokens"),
        ],
    )


def _name_texts(*, halo: bool = False) -> Iterator[alt.Chart]:
    """The names of points; with ``halo``, what keeps lines away from them."""
    names = alt.Chart(alt.NamedData("names")).transform_filter("width >= datum.least && width < datum.most")
    yield names.mark_text(
        baseline="middle",
        fontSize=11,
        align=alt.ExprRef("datum.align"),
        dx=alt.ExprRef("datum.dx"),
        dy=alt.ExprRef("datum.dy"),
        fontWeight=alt.ExprRef(f"datum.name == '{_PLAN}' ? 700 : 400"),
        **(HALO if halo else {}),
    ).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("name:N"))


def _in_sight(found: Mapping[str, list[Row]]) -> list[Row]:
    """The lines of the supply that lie near the runs; others would leave no room for them."""
    tokens = [row["tokens"] for row in (*found["runs"], *found["here"])]
    return [row for row in found["supply"] if min(tokens) / _NEAR < row["tokens"] < max(tokens) * _NEAR]


def _space(found: Mapping[str, list[Row]], reach: Sequence[Row]) -> Space:
    """The space of the marks, with some room around them."""
    params = [row["params"] for row in (*found["runs"], *found["here"])]
    tokens = [row["tokens"] for row in (*found["runs"], *found["here"], *reach)]
    across, up = ((min(values) / _ROOM, max(values) * _ROOM) for values in (params, tokens))
    return Space(0, _HEIGHT - _AXES, across, up)


def _reach(y: alt.Y) -> Iterator[alt.Chart]:
    """Lines at the tokens of 1, 4 and 16 epochs, with their names."""
    lines = alt.Chart(alt.NamedData("supply"))
    colour = alt.Color("epochs:O").scale(domain=[1, 4, MANY_EPOCHS], range=[ENOUGH, REPEAT, STRAINED]).legend(None)
    yield lines.mark_rule(strokeWidth=2, strokeDash=[6, 3]).encode(y=y, color=colour)
    text = lines.transform_calculate(name="datum.epochs + (datum.epochs > 1 ? ' epochs' : ' epoch') + ' of the supply'")
    named = text.mark_text(align="left", baseline="bottom", dx=4, dy=-2, fontSize=11, color=MUTED)
    yield named.encode(x=LEFT, y=y, text=alt.Text("name:N"))


def _names(found: Mapping[str, list[Row]], reach: Sequence[Row], space: Space, law: str) -> Iterator[Row]:
    """The names of the plan, of the line, and of runs, for each width of the chart."""
    here = found["here"][0]
    own = Point(_PLAN, here["params"], here["tokens"], radius=9)
    points = [own, *(Point(row["run"], row["params"], row["tokens"]) for row in found["runs"])]
    for least, most, width, count in _WIDTHS:
        room = replace(space, width=width)
        taken = [_line_name(room, row["tokens"]) for row in reach]
        labels = list(placed(points, [_PLAN], room, taken))
        taken += [label.box for label in labels]
        lines = [_line(room, row["tokens"]) for row in reach]
        labels += _name_of_law(found["law"], law, points, room, [*taken, *lines])
        taken += [label.box for label in labels]
        labels += list(placed(points, _wanted(own, points[1:]), room, taken))[:count]
        yield from ({**label.row(), "least": least, "most": most} for label in labels)


def _wanted(own: Point, runs: Sequence[Point]) -> list[str]:
    """The names of runs: those known best, those nearest to the plan, and then others known well."""
    known = [name for name in _WELL_KNOWN if any(run.name == name for run in runs)]
    near = sorted(runs, key=lambda run: math.hypot(math.log(run.x / own.x), math.log(run.y / own.y)))
    return list(dict.fromkeys([*known[:2], *(run.name for run in near[:_NEAREST]), *known]))


def _name_of_law(
    line: Sequence[Row], law: str, points: Sequence[Point], room: Space, taken: Sequence[Box]
) -> list[Label]:
    """The name of the law's line, next to the first of its points with room for it; empty if there is none."""
    for sides in (RIGHT, SIDES):
        for row in line:
            if room.y[0] < row["tokens"] < room.y[1]:
                spot = Point(law, row["params"], row["tokens"])
                if found := list(placed([*points, spot], [law], room, taken, sides)):
                    return found
    return []


def _line(space: Space, tokens: float) -> Box:
    """The box of a line of the supply."""
    _, y = space.at(space.x[0], tokens)
    return 0, y - 1, space.width, y + 1


def _line_name(space: Space, tokens: float) -> Box:
    """The box of the name of a line of the supply."""
    _, y = space.at(space.x[0], tokens)
    return 0, y - _LINE_NAME[1], _LINE_NAME[0], y


def _says(plan: Plan, found: Mapping[str, list[Row]]) -> str:
    here, known = found["here"][0], found["runs"]
    size = run_size(here["params"], here["tokens"])
    first = f"This plan has {size}, {tokens_per_parameter(here['params'], here['tokens'])}."
    uncertain = uncertain_size(plan)
    if uncertain and not (plan.budget.params and plan.budget.tokens):
        first = f"This plan has {uncertain.words}; its mark is by {printable(plan.law)} alone."
    elif plan.loss and found["supply"] and not plan.constrained and not (plan.budget.params and plan.budget.tokens):
        first = f"More compute no longer helps, so the mark is the best run with unlimited data: {size}."
    if not found["supply"]:
        more = sum(row["tokens"] > here["tokens"] for row in known)
        return f"{first} {more} of {len(known)} published runs were trained on more tokens."
    once, four, _ = (row["tokens"] for row in found["supply"])
    beyond, far = (sum(row["tokens"] > tokens for row in known) for tokens in (once, four))
    reach = f"With this mixture, the supply gives {format_count(once)} tokens before a domain is repeated."
    more = f"{beyond} of {len(known)} published runs were trained on more, and {far} on more than four times as many."
    return f"{first} {reach} {more}"


def _table(found: Mapping[str, list[Row]]) -> Table:
    here = found["here"][0]
    own = {
        "run": _PLAN,
        **here,
        "tokens per parameter": here["tokens"] / here["params"],
        "FLOPs": 6 * here["params"] * here["tokens"],
    }
    rows = [own, *map(_table_row, sorted(found["runs"], key=lambda row: -row["flops"]))]
    words = dict.fromkeys(("params", "all params", "tokens", "own epochs"), format_count)
    people = ForPeople(
        words={**words, "tokens per parameter": ratio, "FLOPs": format_power}, keep=("run", "params", "tokens")
    )
    return Table(_COLUMNS, rows, people=people, notes=_NOTES)


def _table_row(row: Row) -> Row:
    return {
        "run": row["run"],
        "params": row["params"],
        "all params": row["params_total"] if row["experts"] else None,
        "tokens": row["tokens"],
        "tokens per parameter": row["tokens_per_param"],
        "FLOPs": row["flops"],
        "own epochs": row["epochs"],
        "known": row["status"],
    }


FIGURE: Final = Figure("Published runs next to this plan", MadePlan, _draw, place=120)
