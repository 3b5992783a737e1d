"""How large groups of duplicates are, and how many tokens the groups of each size repeat."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from tokaudit.audit.overview import Overview
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_number_of, percent
from tokaudit.reports.charts.bars import BAR, LABELS, LEAST, label, labels, log_length
from tokaudit.reports.charts.colours import FIRST
from tokaudit.reports.charts.rows import height_of, place
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.overview_words import group_size, groups_sentence
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("documents_from", "documents_to", "groups", "documents_extra", "tokens_extra", "share_of_extra")


def _draw(overview: Overview) -> Drawing | str:
    rows = overview.group_sizes.rows
    if not rows:
        return groups_sentence(rows)
    extra = sum(row["tokens_extra"] for row in rows)
    named = [label(at, group_size(row), *_numbers(row, extra)) for at, row in enumerate(rows, 1)]
    bars = [{"place": at, "low": LEAST, "groups": row["groups"]} for at, row in enumerate(rows, 1)]
    drawn = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(color=FIRST, **BAR)
        .encode(
            x=log_length([row["groups"] for row in rows], "groups of this size (log scale)"),
            x2=alt.X2("groups:Q"),
            y=place(),
        )
    )
    chart = alt.layer(drawn, *labels(named)).properties(datasets={"bars": bars, LABELS: named})
    made_by = Origin("command", overview.group_sizes.command), Origin("SQL", overview.group_sizes.sql)
    return Drawing(chart, groups_sentence(rows), _table(rows, extra), made_by, height_of(len(named)))


def _share(row: Row, extra: int) -> float | None:
    return row["tokens_extra"] / extra if extra else None


def _numbers(row: Row, extra: int) -> tuple[str, str]:
    """The numbers of a bar, whole and in short."""
    tokens, share = format_count(row["tokens_extra"]), percent(_share(row, extra))
    groups = format_number_of(row["groups"], "group")
    return f"{groups}, {tokens} tokens repeated ({share})", f"{tokens} tokens ({share})"


def _table(rows: Sequence[Row], extra: int) -> Table:
    words = {"tokens_extra": format_count, "share_of_extra": percent}
    people = ForPeople(words=words)
    return Table(_COLUMNS, [{**row, "share_of_extra": _share(row, extra)} for row in rows], people=people)


FIGURE: Final = Figure("Sizes of groups of duplicates", Overview, _draw, place=90)
