"""A forecast as a table: the years in one sentence above a row per calendar year."""

from dataclasses import asdict
from typing import Final

from tokaudit.core.units import format_count
from tokaudit.planning.forecast.forecaster import Forecast, ForecastOptions, document, summary
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("year", "demand_median", "stock_median", "probability_exhausted")


def forecast_table(made: Forecast, options: ForecastOptions) -> Table:
    """The rows of a forecast, with all of the rest as further fields.

    Args:
        made: the forecast.
        options: what it was asked with.
    """
    people = ForPeople(
        words={
            "demand_median": format_count,
            "stock_median": format_count,
            "probability_exhausted": "{:.3f}".format,
        },
        before=[summary(made)],
    )
    return Table(_COLUMNS, list(map(asdict, made.rows)), document(made, options), people=people)
