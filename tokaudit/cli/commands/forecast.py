"""``tokaudit forecast``: when demand for text passes what there is of it."""

from typing import Any, Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.planning.defaults import DEFAULT_LAW

_COLUMNS: Final = ("year", "demand_median", "stock_median", "probability_exhausted")


@click.command("forecast")
@click.option("--model", metavar="NAME", default="villalobos2024", show_default=True, help="Whose settings.")
@click.option(
    "--demand",
    "projection",
    type=click.Choice(["historical", "compute", "mixture"]),
    default="historical",
    show_default=True,
    help="How demand grows: as training sets have grown, as compute allows, or half of the samples each.",
)
@click.option(
    "--law",
    metavar="NAME|RATIO",
    default=DEFAULT_LAW,
    show_default=True,
    help="How many tokens compute calls for: by a law, or RATIO tokens a param.",
)
@click.option(
    "--overtraining",
    metavar="X",
    default="1",
    help="Runs have X times the compute-optimal tokens a param at their compute: √X times the tokens.",
)
@click.option("--domain", metavar="NAME", help="The demand for text of one domain, and its stock.")
@click.option(
    "--set",
    "changes",
    metavar="NAME=LOW:HIGH",
    multiple=True,
    help="Another interval, or value, for a setting; may be given again.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of chance.")
@click.option("--samples", type=click.IntRange(100, 1_000_000), default=100_000, show_default=True, help="How many.")
@click.pass_obj
def command(session: Session, /, *, overtraining: str, **values: Any) -> None:
    """Forecast when the largest training sets need more text than there is, with an interval.

    JSON has all projections, domains, settings with their sources, published years and a back-test.
    """
    from dataclasses import asdict

    from tokaudit.core.units import format_count, parse_count
    from tokaudit.planning.forecast.forecaster import ForecastOptions, document, make_forecast, summary
    from tokaudit.reports.protocol import ForPeople, Table

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
    emit(session, Table(_COLUMNS, list(map(asdict, made.rows)), document(made, options), people=people), made.notes)


COMMAND: Final = command
