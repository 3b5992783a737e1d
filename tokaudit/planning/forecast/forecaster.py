"""A forecast as users see it: the futures of a model, with notes in words."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from tokaudit.catalog.reference.corpora import REGISTRY_AS_OF
from tokaudit.catalog.reference.stocks import training_sets
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_count, parse_count
from tokaudit.laws.find import find_law, law_names
from tokaudit.planning.defaults import DEFAULT_SAMPLES
from tokaudit.planning.forecast.assumptions import Changes, Setting, changed, published_years, settings_of
from tokaudit.planning.forecast.forecast import DEFINITION, Futures, Projection
from tokaudit.planning.forecast.outcomes import (
    BackTest,
    Outcome,
    PublishedComparison,
    StockRange,
    YearBand,
    YearRow,
)

WITHOUT_DATA: Final = {
    "encyclopedia": "only its articles are counted in all languages; its tokens are counted in English only",
    "forum": "its estimated stock lies on closed platforms",
    "legal": "no published mixture of a run gives its share",
    "math": "no estimate of its stock is published",
    "news": "no estimate of its stock is published",
}
"""Domains without a forecast, and why."""

_TOKENS: Final = "tokens"


@dataclass(frozen=True, slots=True)
class ForecastOptions:
    """The options of a forecast.

    Attributes:
        model: the model whose settings are used.
        projection: projection of the demand.
        law: name of a law, or tokens per parameter as text.
        overtraining: ratio of the tokens per parameter of runs to the compute-optimal ones at their compute.
        domain: the domain whose demand and stock are forecast; None: all text.
        changes: other intervals for settings, as `changed` takes them.
        seed, samples: random seed, and number of samples.
    """

    model: str
    projection: Projection
    law: str
    overtraining: float = 1.0
    domain: str | None = None
    changes: Changes = ()
    seed: int = 0
    samples: int = DEFAULT_SAMPLES


@dataclass(frozen=True, slots=True)
class Forecast:
    """The results of a forecast.

    Attributes:
        law: name of the law, or tokens per parameter as text.
        outcome: the years, by the projection and for the domain that were asked for.
        rows: the same, one row per year.
        bands: the middle 80 % of the samples of demand and stock, one row per year.
        unit: unit of demand and stock.
        projections: projection -> years, for every projection that the model can make.
        stocks: stocks at the start, by adjustment.
        domains: domain -> years, for the projection asked for.
        published: the authors' years next to ours.
        backtest: the forecast of the past next to the actual training sets; empty for a model that counts words, and
            with over-training.
        settings: the settings, with the user's changes.
        notes: what to know before using the numbers, one sentence each.
    """

    law: str
    outcome: Outcome
    rows: list[YearRow]
    bands: list[YearBand]
    unit: str
    projections: dict[Projection, Outcome]
    stocks: list[StockRange]
    domains: dict[str, Outcome]
    published: list[PublishedComparison]
    backtest: list[BackTest]
    settings: list[Setting]
    notes: list[str] = field(default_factory=list)


def make_forecast(options: ForecastOptions, catalog: Path) -> Forecast:
    """The forecast that the options ask for.

    Raises:
        UsageError: the model, law, setting or domain is unknown, or the model has no settings for the projection.
        CatalogError: the law is in the catalog, and it can't be read.
    """
    settings = changed(settings_of(options.model), options.changes)
    demand = demand_of_compute(options.law, catalog)
    futures = Futures(
        settings, demand.tokens_for, overtraining=options.overtraining, seed=options.seed, samples=options.samples
    )
    _check(options, futures)
    unit = settings["set_size"].unit
    tested = unit == _TOKENS and options.overtraining == 1
    with np.errstate(over="ignore", invalid="ignore"):  # the user's settings may overflow
        projections = {name: futures.outcome(name, options.domain) for name in futures.projections}
        found = Forecast(
            law=demand.law,
            outcome=projections[options.projection],
            rows=futures.rows(options.projection, options.domain),
            bands=futures.bands(options.projection, options.domain),
            unit=unit,
            projections=projections,
            stocks=futures.stocks(),
            domains={name: futures.outcome(options.projection, name) for name in futures.domains},
            published=futures.compare_with(published_years(options.model)),
            backtest=futures.back_test(training_sets()) if tested else [],
            settings=list(settings.values()),
        )
    return replace(found, notes=list(_notes(found, options, demand)))


class DemandOfCompute(NamedTuple):
    """How many tokens compute calls for.

    Attributes:
        tokens_for: FLOPs -> tokens.
        law: name of the law, or tokens per parameter as the user typed them.
        words: the same in words.
        notes: which law an everyday name stands for.
        warnings: warnings of the law.
    """

    tokens_for: Callable[[float], float]
    law: str
    words: str
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()


def demand_of_compute(law: str, catalog: Path) -> DemandOfCompute:
    """Demand by a law, or by tokens per parameter written as a number.

    Raises:
        UsageError: no law has that name, and it is not a number.
        CatalogError: the law may be in the catalog, and it can't be read.
    """
    # Text that begins with a letter is not a ratio, and then the catalog is not read here. A saved law's name may begin
    # with a digit.
    if not (law[:1].isalpha() or law in law_names(catalog)):
        try:
            ratio = parse_count(law)
        except UsageError as error:
            raise UsageError(
                f"--law: {law!r} is not a law (see `tokaudit laws`) and not a positive number of tokens per parameter"
            ) from error
        return DemandOfCompute(lambda flops: math.sqrt(ratio * flops / 6), law, f"{ratio:g} tokens per parameter")
    found = find_law(law, catalog)
    return DemandOfCompute(
        lambda flops: found.law.optimum(flops).tokens, found.name, found.name, found.notes, found.law.metadata.warnings
    )


def _check(options: ForecastOptions, futures: Futures) -> None:
    model, projection, domain = options.model, options.projection, options.domain
    if projection not in futures.projections:
        raise UsageError(f"--demand {projection}: model {model} has no settings for it (it has: historical)")
    if domain is not None and domain not in futures.domains:
        why = f": {WITHOUT_DATA[domain]}" if domain in WITHOUT_DATA else ""
        known = ", ".join(futures.domains) or f"none of {model}"
        raise UsageError(f"--domain: there is no forecast for {domain!r}{why} (known: {known})")


def _notes(found: Forecast, options: ForecastOptions, demand: DemandOfCompute) -> Iterator[str]:
    """What to know before using a forecast, one sentence each."""
    yield from demand.notes
    yield DEFINITION
    if len(found.projections) > 1:
        yield (
            f"projection compute: {demand.words} gives the tokens for the FLOPs of the settings compute and"
            " compute_growth"
        )
        yield "the authors' own compute projection is missing from their repository, so these settings are not theirs"
        yield "projection mixture: half of the samples are historical, half compute"
        yield from (f"{demand.words}: {warning}" for warning in demand.warnings)
    over = options.overtraining
    if over != 1:
        yield (
            f"over-training {over:g}: runs have {over:g} times the tokens per parameter at the same compute, so"
            f" {over**0.5:.3g} times the tokens, in every projection; there is no back-test"
        )
    yield from map(_comparison_note, found.published)
    if found.domains:
        years = ", ".join(f"{name} {_years(outcome)}" for name, outcome in found.domains.items())
        yield f"by domain, with each domain's share of the demand from the settings: {years}"
    if found.backtest:
        yield _tested(found.backtest)


def document(found: Forecast, options: ForecastOptions) -> dict[str, Any]:
    """All of a forecast except its rows, under the names of its JSON fields."""
    whole = asdict(found)
    outcome = whole["outcome"]
    return {
        **{name: outcome[name] for name in ("year_median", "year_low", "year_high", "exhausted_at_start", "never")},
        "model": options.model,
        "demand": options.projection,
        "law": found.law,
        "overtraining": options.overtraining,
        "domain": options.domain,
        "unit": found.unit,
        "seed": options.seed,
        "samples": options.samples,
        "definition": DEFINITION,
        "bands": whole["bands"],
        "projections": whole["projections"],
        "stocks": whole["stocks"],
        "domains": [{"domain": name, **by_domain} for name, by_domain in whole["domains"].items()],
        "domains_without_data": WITHOUT_DATA,
        **{name: whole[name] for name in ("published", "backtest", "settings", "notes")},
        "registry_as_of": REGISTRY_AS_OF,
    }


def summary(forecast: Forecast) -> str:
    """The years in one sentence."""
    if forecast.outcome.year_median is None:
        return f"Demand exceeds the stock, in {forecast.unit}, in fewer than half of the samples."
    return f"Demand exceeds the stock, in {forecast.unit}, in {_years(forecast.outcome)}: median, middle 80 %."


def _comparison_note(row: PublishedComparison) -> str:
    ours = "none" if row.year_median is None else _years(row)
    printed = f"{row.published_median:g} ({row.published_low:g} to {row.published_high:g})"
    return f"projection {row.projection}: published {printed}, here {ours} (middle {100 * row.level:.0f} %)" + (
        f"; {row.note}" if row.note else ""
    )


def _tested(rows: list[BackTest]) -> str:
    largest = {row.year: row for row in sorted(rows, key=lambda row: row.tokens_total)}
    found = [
        f"{year}: {format_count(row.tokens_total)} ({row.run}), forecast {format_count(row.demand_median)}, percentile"
        f" {row.percentile_total:.0f}"
        for year, row in sorted(largest.items())
    ]
    return (
        "back-test, the largest training set of each year against the historical demand in the middle of the year:"
        f" {'; '.join(found)} (training sets count repeats and synthetic text; natural and unique tokens are rarely"
        " published)"
    )


def _years(found: Outcome | PublishedComparison) -> str:
    low, median, high = (
        "never" if year is None else f"{year:.1f}" for year in (found.year_low, found.year_median, found.year_high)
    )
    return f"{median} ({low} to {high})"
