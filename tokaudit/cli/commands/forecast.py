"""``tokaudit forecast``: when the demand for text exceeds the stock."""

from typing import Any, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.forecast_options import forecast_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("year", "demand_median", "stock_median", "probability_exhausted")


@click.command(
    "forecast",
    cls=Command,
    group="Plan",
    examples=(
        "tokaudit forecast",
        "tokaudit forecast --demand compute --overtraining 5",
        "tokaudit forecast --domain code --seed 1 --json",
    ),
)
@forecast_options
@click.pass_obj
def command(session: Session, /, *, overtraining: str, **values: Any) -> None:
    """Forecast when the largest training sets need more text than exists.

    Gives the year with an interval. JSON also has all projections, domains, settings with their sources, published
    years and a back-test.
    """
    from dataclasses import asdict

    from tokaudit.catalog.reference.corpora import AS_OF, REGISTRY_AS_OF
    from tokaudit.core.units import format_count, parse_count
    from tokaudit.planning.forecast.forecaster import ForecastOptions, document, make_forecast, summary

    options = ForecastOptions(**values, overtraining=parse_count(overtraining, "--overtraining"))
    made = make_forecast(options, session.catalog)
    people = ForPeople(
        words={
            "demand_median": format_count,
            "stock_median": format_count,
            "probability_exhausted": "{:.3f}".format,
        },
        before=[summary(made)],
    )
    extra = document(made, options) | {"registry_as_of": REGISTRY_AS_OF}
    emit(session, Table(_COLUMNS, list(map(asdict, made.rows)), extra, people=people), after=made.notes)
    session.say(f"stocks and training sets are those published {AS_OF}")


COMMAND: Final = command
