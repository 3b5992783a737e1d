"""The figure of a forecast: its numbers are the forecast's, and years beyond the chart are left out."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made.drawings import drawn, marks, rows_of

from tokaudit.core.rows import Row
from tokaudit.planning.defaults import DEFAULT_LAW, DEFAULT_MODEL
from tokaudit.planning.forecast.forecaster import ForecastOptions, make_forecast
from tokaudit.planning.forecast.made_forecast import MadeForecast
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures.forecast import FIGURE

DEFAULT = ForecastOptions(DEFAULT_MODEL, "historical", DEFAULT_LAW, samples=500)


def made(**changes: Any) -> MadeForecast:
    options = replace(DEFAULT, **changes)
    return MadeForecast(options, make_forecast(options, Path("none.duckdb")))


def _drawing(subject: MadeForecast) -> Drawing:
    return drawn("forecast", subject)


def _rows(subject: MadeForecast, name: str) -> list[Row]:
    return rows_of(_drawing(subject), name)


def test_the_rows_are_the_medians_and_the_middle_of_the_samples() -> None:
    subject = made()
    found = subject.forecast
    lines = _rows(subject, "lines")
    demand, stock = lines[: len(lines) // 2], lines[len(lines) // 2 :]

    assert [row["median"] for row in demand] == [row.demand_median for row in found.rows]
    assert [row["median"] for row in stock] == [row.stock_median for row in found.rows]
    assert [(row["low"], row["high"]) for row in demand] == [(row.demand_low, row.demand_high) for row in found.bands]
    assert [(row["low"], row["high"]) for row in stock] == [(row.stock_low, row.stock_high) for row in found.bands]


def test_the_years_of_exhaustion_are_marked() -> None:
    subject = made()
    (mark,) = _rows(subject, "crossing")
    outcome = subject.forecast.outcome

    assert (mark["low"], mark["median"], mark["high"]) == (outcome.year_low, outcome.year_median, outcome.year_high)
    assert mark["label"] == f"{outcome.year_median:.1f}"
    assert f"in {mark['label']} (" in _drawing(subject).says


def test_a_median_beyond_the_chart_is_not_marked() -> None:
    subject = made(changes=["pages=1e14:1e17"])
    (mark,) = _rows(subject, "crossing")

    assert subject.forecast.outcome.year_median is not None
    assert subject.forecast.outcome.year_median > 2040
    assert (mark["median"], mark["label"], mark["high"]) == (None, None, 2040)
    assert marks(_drawing(subject), "line")


def test_a_stock_that_lasts_for_ever_has_no_mark_and_says_so() -> None:
    subject = made(changes=["data_growth=0.0001:0.0002"])

    assert _rows(subject, "crossing") == []
    assert "fewer than half of the samples. In 100 % of the samples it does not until 2100." in _drawing(subject).says


def test_the_largest_training_set_of_each_year_is_a_dot() -> None:
    subject = made()
    sets = _rows(subject, "sets")
    largest: dict[int, int] = {}
    for row in subject.forecast.backtest:
        largest[row.year] = max(largest.get(row.year, 0), row.tokens_total)

    assert [(row["year"] - 0.5, row["tokens"]) for row in sets] == sorted(largest.items())
    assert _drawing(subject).says.endswith(f"of {sets[-1]['run']}.")


def test_a_model_that_counts_words_has_no_training_sets_of_tokens() -> None:
    subject = made(model="villalobos2022")

    assert _rows(subject, "sets") == []
    assert "Dots" not in _drawing(subject).says


def test_numbers_beyond_all_bounds_are_not_drawn() -> None:
    subject = made()
    endless = replace(subject.forecast.bands[0], demand_high=float("inf"))
    bands = [endless] * len(subject.forecast.bands)

    assert FIGURE.draw(replace(subject, forecast=replace(subject.forecast, bands=bands))) == (
        "The settings lead to numbers that are too large to draw."
    )


def test_the_command_makes_the_forecast() -> None:
    assert _drawing(made(domain="code")).made_by[0].text == "tokaudit forecast --domain code --samples 500"


def test_the_table_has_a_row_per_year() -> None:
    table = _drawing(made()).table

    assert [row["year"] for row in table.rows] == list(range(2024, 2041))
    assert set(table.people.words) < set(table.columns) == set(table.rows[0])


@pytest.mark.parametrize("projection", ["compute", "mixture"])
def test_each_projection_is_drawn(projection: str) -> None:
    assert marks(_drawing(made(projection=projection)), "line")
