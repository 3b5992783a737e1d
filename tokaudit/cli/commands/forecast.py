"""``tokaudit forecast``: when the demand for text exceeds the stock."""

from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.forecast_options import forecast_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.planning.forecast.forecaster import ForecastOptions


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
def command(session: Session, /, *, options: "ForecastOptions") -> None:
    """Forecast when the largest training sets need more text than exists.

    Gives the year with an interval. JSON also has all projections, domains, settings with their sources, published
    years and a back-test.
    """
    from tokaudit.catalog.reference.corpora import AS_OF
    from tokaudit.planning.forecast.forecaster import make_forecast
    from tokaudit.reports.forecast_table import forecast_table

    made = make_forecast(options, session.catalog)
    emit(session, forecast_table(made, options), after=made.notes)
    session.say(f"stocks and training sets are those published {AS_OF}")


COMMAND: Final = command
