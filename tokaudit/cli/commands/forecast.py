"""``tokaudit forecast``: when demand for text passes what there is of it."""

import math
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.commands.plan import DEFAULT_LAW
from tokaudit.cli.output import say
from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.planning.forecast.forecast import Projection

_COLUMNS: Final = ("year", "demand_median", "stock_median", "probability_exhausted")


@click.command()
@click.option("--model", metavar="NAME", default="villalobos2024", show_default=True, help="Whose settings.")
@click.option(
    "--demand",
    type=click.Choice(["historical", "compute", "mixture"]),
    default="historical",
    show_default=True,
    help="How demand grows: as training sets have grown, as compute allows, or half of the samples each.",
)
@click.option(
    "--law",
    "law_name",
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
def forecast(
    session: Session,
    /,
    *,
    model: str,
    demand: "Projection",
    law_name: str,
    overtraining: str,
    domain: str | None,
    changes: tuple[str, ...],
    seed: int,
    samples: int,
) -> None:
    """Forecast when the largest training sets need more text than there is, with an interval.

    JSON has all projections, domains, settings with their sources, published years and a back-test.
    """
    from tokaudit.catalog.reference.stocks import training_sets
    from tokaudit.core.units import format_count, parse_count
    from tokaudit.planning.forecast.assumptions import changed, settings_of
    from tokaudit.planning.forecast.forecast import DEFINITION, Futures
    from tokaudit.planning.forecast.forecaster import WITHOUT_DATA, make_forecast, summary
    from tokaudit.reports.rows import write_rows

    settings = changed(settings_of(model), changes)
    over = parse_count(overtraining, "--overtraining")
    tokens_for, law, law_notes = _tokens_for(law_name, session)
    futures = Futures(settings, tokens_for, overtraining=over, seed=seed, samples=samples)
    made = make_forecast(
        model,
        settings,
        futures,
        training_sets(),
        projection=demand,
        domain=domain,
        law=law,
        law_notes=law_notes,
        overtraining=over,
    )
    for note in made.notes:
        say(session, note)
    rows = [asdict(row) for row in made.rows]
    if session.format in ("table", "markdown"):
        print(summary(made), end="\n\n")
        for row in rows:
            row |= {name: format_count(row[name]) for name in ("demand_median", "stock_median")}
            row |= {"year": str(row["year"]), "probability_exhausted": f"{row['probability_exhausted']:.3f}"}
    asked = {"model": model, "demand": demand, "law": law_name, "overtraining": over, "domain": domain}
    found = asdict(made)
    extra = {
        **{name: found["outcome"][name] for name in ("year_median", "year_low", "year_high")},
        **{name: found["outcome"][name] for name in ("exhausted_at_start", "never")},
        **asked,
        "unit": made.unit,
        "seed": seed,
        "samples": samples,
        "definition": DEFINITION,
        **{name: found[name] for name in ("projections", "stocks")},
        "domains": [{"domain": name, **outcome} for name, outcome in found["domains"].items()],
        "domains_without_data": WITHOUT_DATA,
        **{name: found[name] for name in ("published", "backtest")},
        "settings": [asdict(setting) for setting in settings.values()],
        "notes": made.notes,
    }
    write_rows(rows, sys.stdout, session.format, columns=_COLUMNS, extra=extra)


def _tokens_for(law_name: str, session: Session) -> tuple[Callable[[float], float], str, tuple[str, ...]]:
    """FLOPs -> tokens, by a law or a ratio, its name in words, and what to know of it."""
    from tokaudit.core.units import parse_count
    from tokaudit.laws.find import find_law, law_names

    # A saved law may begin with a digit; what begins with a letter is no ratio, and then no catalog need be readable.
    if not (law_name[:1].isalpha() or law_name in law_names(session.catalog)):
        ratio = parse_count(law_name, "--law (no law has that name; as tokens a param)")
        return lambda flops: math.sqrt(ratio * flops / 6), f"{ratio:g} tokens a param", ()
    law, _ = find_law(law_name, session.catalog)
    return lambda flops: law.optimum(flops).tokens, law_name, law.metadata.warnings


COMMAND: Final[click.Command] = forecast
