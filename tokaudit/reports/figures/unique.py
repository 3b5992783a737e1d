"""What is left without duplicates of each domain, or of each source if there is one domain only."""

from collections.abc import Iterator, Sequence
from typing import Final

import altair as alt

from tokaudit.audit.overview import Overview
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, percent
from tokaudit.reports.charts.axes import share_axis
from tokaudit.reports.charts.bars import BAR, LABELS, label, labels
from tokaudit.reports.charts.colours import FIRST, PAPER
from tokaudit.reports.charts.rows import height_of, place
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.overview_words import compared, share_unique, supply_sentence
from tokaudit.reports.protocol import ForPeople, Table

_MOST: Final = 15
_PARTS: Final = {"unique": 1.0, "near-duplicates": 0.55, "exact duplicates": 0.28}
"""Parts of the tokens seen, and how dark each is."""


def _draw(overview: Overview) -> Drawing | str:
    by, supply = compared(overview)
    found = [row for row in supply.rows if row["tokens_seen"]]
    if not found:
        return "Nothing is counted, so there is no unique text to show."
    found.sort(key=lambda row: -row["tokens_seen"])
    shown = found[:_MOST]
    total = [{by: "whole catalog", **overview.total}] if len(found) > 1 else []
    bars = [*shown, *total]
    named = [label(at, row[by], *_numbers(row)) for at, row in enumerate(bars, 1)]
    parts = [part for at, row in enumerate(bars, 1) for part in _parts(at, row)]
    stacked = (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(color=FIRST, stroke=PAPER, strokeWidth=1, **BAR)
        .encode(
            x=alt.X("low:Q").scale(domain=[0, 1], nice=False).axis(share_axis("share of the tokens seen")),
            x2=alt.X2("high:Q"),
            y=place(),
            opacity=alt.Opacity("part:O")
            .scale(type="ordinal", domain=list(_PARTS), range=list(_PARTS.values()))
            .title(None),
        )
    )
    chart = alt.layer(stacked, *labels(named)).properties(datasets={"parts": parts, LABELS: named})
    says = supply_sentence(overview)
    if len(found) > _MOST:
        says += f" The chart shows the {_MOST} largest of {len(found):,} {by}s."
    made_by = Origin("command", supply.command), Origin("SQL", supply.sql)
    return Drawing(chart, says, _table([*found, *total], by), made_by, height_of(len(named)))


def _numbers(row: Row) -> tuple[str, str]:
    """The numbers of a bar, whole and in short."""
    unique, seen = format_count(row["tokens_unique"]), format_count(row["tokens_seen"])
    share = f"{percent(share_unique(row))} unique"
    return f"{share}: {unique} of {seen} tokens", share


def _parts(at: int, row: Row) -> Iterator[Row]:
    """The parts of a bar, from left to right."""
    seen, exact, unique = (row[column] for column in ("tokens_seen", "tokens_unique_exact", "tokens_unique"))
    ends = [0, unique, exact, seen]
    for name, low, high in zip(_PARTS, ends, ends[1:], strict=False):
        if high > low:
            yield {"place": at, "part": name, "low": low / seen, "high": high / seen}


def _table(rows: Sequence[Row], by: str) -> Table:
    counts = ("tokens_seen", "tokens_unique_exact", "tokens_unique")
    people = ForPeople(words=dict.fromkeys(counts, format_count) | {"share_unique": percent})
    return Table(
        (by, *counts, "share_unique"), [{**row, "share_unique": share_unique(row)} for row in rows], people=people
    )


FIGURE: Final = Figure("What is left without duplicates", Overview, _draw, place=70)
