"""Demand for text against its stock, year by year, with the middle of the samples."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.core.units import format_count
from tokaudit.planning.forecast.forecaster import Forecast, summary
from tokaudit.planning.forecast.made_forecast import MadeForecast
from tokaudit.reports.charts.axes import TOP, key, log_axis, log_scale
from tokaudit.reports.charts.colours import FIRST, INK, MUTED, SECOND
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = (
    *("year", "demand_low", "demand_median", "demand_high"),
    *("stock_low", "stock_median", "stock_high", "probability_exhausted"),
)
_LINES: Final = {"the largest training set": ("demand", FIRST), "stock of text": ("stock", SECOND)}
"""Words of the legend -> field, colour."""
_NO_DASH: Final = [1, 0]
_DASH: Final = [6, 3]


def _draw(made: MadeForecast) -> Drawing | str:
    found = made.forecast
    years = [row for row in _years(found) if all(map(math.isfinite, row.values()))]
    if not years:
        return "The settings lead to numbers that are too large to draw."
    rows = list(_lines(years))
    datasets = {"lines": rows, "sets": list(_sets(found)), "crossing": list(_crossing(found, years))}
    words = dict.fromkeys(_COLUMNS[1:-1], format_count) | {"probability_exhausted": "{:.3f}".format}
    return Drawing(
        _chart(found.unit).properties(datasets=datasets),
        " ".join([summary(found), *_shares(found), *_so_far(datasets["sets"])]),
        Table(_COLUMNS, years, people=ForPeople(words=words, keep=("year", "demand_median", "stock_median"))),
        (Origin("command", made.command), Origin("formula", "Villalobos et al. 2024, arXiv:2211.04325")),
        height=340,
    )


def _years(found: Forecast) -> Iterator[Row]:
    for row, band in zip(found.rows, found.bands, strict=True):
        whole = asdict(row) | asdict(band)
        yield {name: whole[name] for name in _COLUMNS}


def _lines(years: list[Row]) -> Iterator[Row]:
    for words, (name, _) in _LINES.items():
        for row in years:
            numbers = {end: row[f"{name}_{end}"] for end in ("low", "median", "high")}
            yield {"line": words, "year": row["year"], **numbers}


def _sets(found: Forecast) -> Iterator[Row]:
    """The largest training set of each year, in its middle."""
    largest = {row.year: row for row in sorted(found.backtest, key=lambda row: row.tokens_total)}
    for year, row in sorted(largest.items()):
        yield {"year": year + 0.5, "tokens": row.tokens_total, "run": row.run}


def _crossing(found: Forecast, years: list[Row]) -> Iterator[Row]:
    """The years in which demand reaches the stock, as far as they are in the chart."""
    last = years[-1]["year"]
    low, median, high = found.outcome.year_low, found.outcome.year_median, found.outcome.year_high
    if low is not None and low < last:
        shown = median if median is not None and median <= last else None
        yield {"low": low, "median": shown, "high": min(high or last, last), "label": shown and f"{shown:.1f}"}


def _shares(found: Forecast) -> Iterator[str]:
    for share, words in (
        (found.outcome.exhausted_at_start, "it does so from the beginning"),
        (found.outcome.never, "it does not until 2100"),
    ):
        if share >= 0.005:
            yield f"In {100 * share:.0f} % of the samples {words}."


def _so_far(sets: list[Row]) -> Iterator[str]:
    for last in sets[-1:]:
        yield f"Dots are the largest training sets so far, the last {format_count(last['tokens'])} of {last['run']}."


def _chart(unit: str) -> alt.LayerChart | alt.FacetChart:
    lines, sets, crossing = (alt.Chart(alt.NamedData(name)) for name in ("lines", "sets", "crossing"))
    years = alt.Axis(format="d", grid=False, title=None, tickCount=8, labelFlush=False, labelSeparation=8)
    year, low = alt.X("year:Q").scale(nice=False, zero=False).axis(years), alt.Y("low:Q").scale(log_scale())
    names, colours = list(_LINES), [colour for _, colour in _LINES.values()]
    colour = alt.Color("line:N").scale(domain=names, range=colours).legend(key())
    dash = alt.StrokeDash("line:N").scale(domain=names, range=[_NO_DASH, _DASH])
    areas = [
        lines.transform_filter(alt.datum.line == name)
        .mark_area(color=colour, opacity=0.2)
        .encode(x=year, y=low.axis(log_axis(unit)), y2=alt.Y2("high:Q"))
        for name, colour in zip(names, colours, strict=True)
    ]
    median = crossing.encode(x=alt.X("median:Q"))
    return alt.layer(
        crossing.mark_rect(color=MUTED, opacity=0.12).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        median.mark_rule(color=INK, strokeDash=[2, 2]),
        *areas,
        lines.mark_line(strokeWidth=2.5).encode(x=alt.X("year:Q"), y=alt.Y("median:Q"), color=colour, strokeDash=dash),
        median.mark_text(color=INK, align="left", dx=5, dy=6, baseline="top", fontWeight="bold").encode(
            y=TOP, text=alt.Text("label:N")
        ),
        sets.mark_point(color=INK, filled=True, size=45, opacity=1).encode(x=alt.X("year:Q"), y=alt.Y("tokens:Q")),
    )


FIGURE: Final = Figure("Demand for text against its stock", MadeForecast, _draw)
