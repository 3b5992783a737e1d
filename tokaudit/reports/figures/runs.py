"""Published runs by parameters and tokens, with the plan, the law's best runs, and the reach of the supply."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power
from tokaudit.planning.curves.runs import runs
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.charts.axes import log_axis
from tokaudit.reports.charts.colours import ENOUGH, INK, MUTED, REPEAT, SECOND, STRAINED
from tokaudit.reports.charts.labels import Point, Space, placed
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.protocol import ForPeople, Table
from tokaudit.reports.units_words import run_size

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
_KINDS: Final = ("dense", "mixture of experts (active parameters)", _PLAN)
_SPANS: Final = ("1 epoch", "4 epochs", "16 epochs")


def _draw(made: MadePlan) -> Drawing:
    found = runs(made)
    table = Table(_COLUMNS, [_table_row(row) for row in _ordered(found)], people=_PEOPLE)
    return Drawing(_chart(found, made), _says(found, made), table, (Origin("command", made.command),), height=_HEIGHT)


def _chart(found: Mapping[str, list[Row]], made: MadePlan) -> alt.LayerChart:
    space = _space(found)
    x = alt.X("params:Q").scale(type="log", domain=space.x, nice=False).axis(log_axis("parameters"))
    y = alt.Y("tokens:Q").scale(type="log", domain=space.y, nice=False).axis(log_axis("tokens trained on"))
    line = alt.Chart(alt.NamedData("law")).mark_line(color=MUTED, strokeWidth=1.5, clip=True).encode(x=x, y=y)
    marks = [{**row, "kind": _KINDS[1 if row["experts"] else 0]} for row in found["runs"]]
    marks.append({**found["here"][0], "run": _PLAN, "kind": _PLAN})
    points = alt.Chart(alt.NamedData("runs")).mark_point(size=55, strokeWidth=1.5, opacity=1)
    points = points.encode(
        x=x,
        y=y,
        shape=alt.Shape("kind:N").scale(domain=_KINDS, range=["circle", "square", "diamond"]).title(None),
        stroke=alt.Stroke("kind:N").scale(domain=_KINDS, range=[INK, INK, SECOND]).title(None),
        fill=alt.Fill("kind:N").scale(domain=_KINDS, range=[INK, "transparent", SECOND]).title(None),
        size=alt.Size("kind:N").scale(domain=_KINDS, range=[45, 45, 180]).legend(None),
    )
    names = (
        alt.Chart(alt.NamedData("names"))
        .transform_filter("width >= datum.least && width < datum.most")
        .mark_text(
            baseline="middle",
            fontSize=11,
            align=alt.ExprRef("datum.align"),
            dx=alt.ExprRef("datum.dx"),
            dy=alt.ExprRef("datum.dy"),
            fontWeight=alt.ExprRef(f"datum.name == '{_PLAN}' ? 700 : 400"),
        )
        .encode(x="x:Q", y="y:Q", text="name:N")
    )
    datasets = {"runs": marks, "law": found["law"], "supply": found["supply"], "names": list(_names(found, space, made))}
    return alt.layer(*_reach(x, y), line, points, names).properties(datasets=datasets)


def _space(found):
    xs = [row["params"] for row in (*found["runs"], *found["here"])]
    ys = [row["tokens"] for row in (*found["runs"], *found["here"], *found["supply"])]
    return Space(0, _HEIGHT - 100, (min(xs) / 1.5, max(xs) * 1.5), (min(ys) / 1.5, max(ys) * 1.5))


FIGURE: Final = Figure("Published runs next to this plan", MadePlan, _draw, place=120)
