"""The options of ``tokaudit forecast``: the model, its settings, and the samples."""

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any, Final

import click

from tokaudit.cli.command import with_options
from tokaudit.cli.completion import complete_laws, complete_models
from tokaudit.cli.number_types import WholeNumber
from tokaudit.core.option_bounds import LEAST_SAMPLES, MOST_SAMPLES
from tokaudit.planning.defaults import DEFAULT_LAW, DEFAULT_MODEL, DEFAULT_SAMPLES

_OPTIONS: Final = (
    click.option(
        "--model",
        metavar="NAME",
        default=DEFAULT_MODEL,
        show_default=True,
        help="Published forecast whose settings are used.",
        shell_complete=complete_models,
    ),
    click.option(
        "--demand",
        "projection",
        type=click.Choice(["historical", "compute", "mixture"]),
        default="historical",
        show_default=True,
        help="Growth of demand: as training sets grew, as compute allows, or half of the samples each.",
    ),
    click.option(
        "--law",
        metavar="NAME|RATIO",
        default=DEFAULT_LAW,
        show_default=True,
        help="Scaling law that turns compute into tokens (see `tokaudit laws`), or RATIO tokens per parameter.",
        shell_complete=complete_laws,
    ),
    click.option(
        "--overtraining",
        metavar="X",
        default="1",
        show_default=True,
        help="Runs have X times the compute-optimal tokens per parameter, so √X times the tokens.",
    ),
    click.option("--domain", metavar="NAME", help="Forecast the demand and stock of one domain."),
    click.option(
        "--set",
        "changes",
        metavar="NAME=LOW:HIGH",
        multiple=True,
        help="New interval or value of a setting; may be repeated.",
    ),
    click.option("--seed", metavar="N", type=WholeNumber(0), default=0, show_default=True, help="Random seed."),
    click.option(
        "--samples",
        metavar="N",
        type=WholeNumber(LEAST_SAMPLES, MOST_SAMPLES),
        default=DEFAULT_SAMPLES,
        show_default=True,
        help="Number of samples.",
    ),
)


def forecast_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The function with these options; it gets them together as ``options``, a `ForecastOptions`."""

    @wraps(command)
    def called(*given: Any, **named: Any) -> Any:
        from tokaudit.core.units import parse_count
        from tokaudit.planning.forecast.forecaster import ForecastOptions

        values = {field.name: named.pop(field.name) for field in fields(ForecastOptions)}
        values["overtraining"] = parse_count(values["overtraining"], "--overtraining")
        return command(*given, options=ForecastOptions(**values), **named)

    decorated: Callable[..., Any] = with_options(_OPTIONS)(called)
    return decorated
