"""What could not be read, and what was left out, by reason."""

from collections.abc import Iterator, Sequence
from typing import Final

import altair as alt

from tokaudit.audit.overview import Overview
from tokaudit.audit.reasons import Reason, reasons
from tokaudit.core.units import format_bytes
from tokaudit.reports.charts.bars import BAR, LABELS, LEAST, label, labels, log_length
from tokaudit.reports.charts.colours import MUTED, STRAINED
from tokaudit.reports.charts.rows import height_of, place
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.overview_words import how_many, reason_name, reasons_sentence
from tokaudit.reports.protocol import ForPeople, Table

_MOST: Final = 15
_MISSING: Final = "text may be missing"
_RULE: Final = "left out by a rule"
_COLUMNS: Final = ("reason", "code", "text_missing", "files", "records", "bytes", "example")


def _draw(overview: Overview) -> Drawing | str:
    found = reasons(overview)
    says = reasons_sentence(found)
    if not found:
        return says
    shown = found[:_MOST]
    named = [label(at, reason_name(each), _numbers(each), how_many(each)) for at, each in enumerate(shown, 1)]
    bars = [
        {"place": at, "low": LEAST, "number": each.number, "kind": _MISSING if each.text_missing else _RULE}
        for at, each in enumerate(shown, 1)
    ]
    drawn = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(**BAR)
        .encode(
            x=log_length([each.number for each in shown], "files or records (log scale)"),
            x2=alt.X2("number:Q"),
            y=place(),
            color=alt.Color("kind:N").scale(domain=[_MISSING, _RULE], range=[STRAINED, MUTED]).title(None),
        )
    )
    chart = alt.layer(drawn, *labels(named)).properties(datasets={"bars": bars, LABELS: named})
    if len(found) > _MOST:
        says += f" The chart shows {_MOST} of {len(found)} reasons."
    return Drawing(chart, says, _table(found), tuple(_made_by(overview)), height_of(len(named)))


def _numbers(reason: Reason) -> str:
    return how_many(reason) if reason.bytes is None else f"{how_many(reason)}, {format_bytes(reason.bytes)}"


def _table(found: Sequence[Reason]) -> Table:
    rows = [
        {name: getattr(each, name) for name in _COLUMNS if name != "reason"} | {"reason": reason_name(each)}
        for each in found
    ]
    return Table(_COLUMNS, rows, people=ForPeople(words={"bytes": format_bytes}))


def _made_by(overview: Overview) -> Iterator[Origin]:
    for found in (overview.left_out, overview.bad_records):
        yield Origin("command", found.command)
        yield Origin("SQL", found.sql)


FIGURE: Final = Figure("What was not counted, and why", Overview, _draw, place=100)
