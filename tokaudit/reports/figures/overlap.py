"""How much of the text of each domain is also in each other one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from tokaudit.audit.overview import Overview
from tokaudit.core.printable import printable
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, percent
from tokaudit.reports.charts.colours import FIRST, GRID, INK, PAPER
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.overview_words import overlap_sentence, share_shared, tokens_seen
from tokaudit.reports.protocol import ForPeople, Table

_MOST: Final = 20
_FEW: Final = 8
"""Rows up to which cells are high and have percent signs."""
_STEPS: Final = {
    "none": (0.0, 0.0),
    "under 1 %": (0.01, 0.1),
    "1\N{EN DASH}5 %": (0.05, 0.22),
    "5\N{EN DASH}20 %": (0.2, 0.38),
    "20\N{EN DASH}50 %": (0.5, 0.6),
    "50 % or more": (1.0, 1.0),
}
"""Steps of shares: the end of each, and how dark its cells are."""
_DARKEST: Final = list(_STEPS)[-1]
"""Step whose numbers are written in the colour of the paper."""
_HIGH: Final = 36
_LOW: Final = 24
"""Pixels of a row's height if there are few, or many."""
_NAMED: Final = 4
"""Columns up to which they have their names; more have the numbers of the rows."""
_WIDTH: Final = 110
"""Pixels of a name at most."""
_GAP: Final = 6
_CELL: Final = 20
"""Pixels of a cell's width below which its number would run into the next."""
_ROUNDED_UP: Final = 0.005
"""Share below which a rounded percentage would be 0."""
_COLUMNS: Final = (
    *("a", "b", "tokens_shared", "share_of_a", "documents_shared"),
    *("documents_shared_exact", "tokens_shared_exact"),
)


def _draw(overview: Overview) -> Drawing | str:
    by, rows, says = overview.overlap_by, overview.overlap.rows, overlap_sentence(overview)
    if not any(row["documents_shared"] for row in rows):
        return says
    seen = tokens_seen(overview)
    largest = sorted({row["a"] for row in rows}, key=lambda name: (-seen.get(name, 0), name))
    names = _names(largest[:_MOST])
    cells = [_cell(row, names, seen) for row in rows if {row["a"], row["b"]} <= names.rows.keys()]
    if len(largest) > _MOST:
        says += f" The chart shows the {_MOST} largest of {len(largest):,} {by}s."
    made_by = Origin("command", overview.overlap.command), Origin("SQL", overview.overlap.sql)
    height = len(names.rows) * (_HIGH if len(names.rows) <= _FEW else _LOW)
    return Drawing(_chart(cells, names), says, _table(rows, seen), made_by, height)


@dataclass(frozen=True, slots=True)
class _Names:
    """Texts of a row and of a column of the chart, by the name that they stand for."""

    rows: Mapping[str, str]
    columns: Mapping[str, str]


def _names(shown: Sequence[str]) -> _Names:
    """The names themselves if they are few; else rows have a number too, and columns have it alone."""
    if len(shown) <= _NAMED:
        return _Names(*(({name: printable(name) for name in shown},) * 2))
    rows = {name: f"{at}  {printable(name)}" for at, name in enumerate(shown, 1)}
    return _Names(rows, {name: str(at) for at, name in enumerate(shown, 1)})


def _cell(row: Row, names: _Names, seen: Mapping[str, int]) -> Row:
    share = share_shared(row, seen)
    step = next((name for name, (end, _) in _STEPS.items() if share < end), _DARKEST) if share else "none"
    few = len(names.rows) <= _FEW
    text = percent(share) if few else "<1" if 0 < share < _ROUNDED_UP else f"{100 * share:.0f}"
    return {"row": names.rows[row["a"]], "column": names.columns[row["b"]], "step": step, "text": text}


def _chart(cells: Sequence[Row], names: _Names) -> alt.LayerChart | alt.FacetChart:
    count = len(names.rows)
    plain: dict[str, Any] = {"domain": False, "ticks": False, "grid": False}
    title = ["share of the row's tokens", "that are also in the column"]
    limit = alt.expr(f"width / {count} - {_GAP}") if count <= _NAMED else _WIDTH
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X("column:N")
        .scale(domain=list(names.columns.values()))
        .title(title)
        .axis(**plain, orient="top", titleAnchor="start", labelAngle=0, labelLimit=limit, labelOverlap="parity"),
        y=alt.Y("row:N")
        .scale(domain=list(names.rows.values()))
        .title(None)
        .axis(**plain, labelLimit=_WIDTH, labelPadding=6),
    )
    itself = base.mark_rect(color=GRID, opacity=0.5).properties(data=alt.NamedData("itself"))
    frames = base.mark_rect(color="transparent", stroke=GRID, strokeWidth=1)
    grounds = base.mark_rect(color=FIRST).encode(
        opacity=alt.Opacity("step:O")
        .scale(type="ordinal", domain=list(_STEPS), range=[dark for _, dark in _STEPS.values()])
        .legend(alt.Legend(title=None, columns=2) if count > _FEW else None)
    )
    shown = alt.expr(f"width < {count * _CELL} ? '' : datum.text")
    numbers = base.mark_text(fontSize=11, text=shown).encode(
        color=alt.when(alt.datum.step == _DARKEST).then(alt.value(PAPER)).otherwise(alt.value(INK)),
    )
    same = [{"row": names.rows[name], "column": names.columns[name]} for name in names.rows]
    return alt.layer(itself, grounds, frames, numbers).properties(datasets={"cells": cells, "itself": same})


def _table(rows: Sequence[Row], seen: Mapping[str, int]) -> Table:
    words = {"tokens_shared": format_count, "tokens_shared_exact": format_count, "share_of_a": percent}
    return Table(
        _COLUMNS, [{**row, "share_of_a": share_shared(row, seen)} for row in rows], people=ForPeople(words=words)
    )


FIGURE: Final = Figure("Overlap of domains or sources", Overview, _draw, place=80)
