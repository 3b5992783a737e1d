"""A forecast as it is shown: the futures of a model, with what to know of them in words."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from tokaudit.catalog.reference.stocks import training_sets
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_count, parse_count
from tokaudit.laws.find import find_law, law_names
from tokaudit.planning.forecast.assumptions import Setting, changed, published_years, settings_of
from tokaudit.planning.forecast.forecast import DEFINITION, Futures, Projection
from tokaudit.planning.forecast.outcomes import BackTest, Outcome, PublishedComparison, StockRange, YearRow

WITHOUT_DATA: Final = {
    "encyclopedia": "only its articles are counted in all languages, and the tokens of English alone",
    "forum": "what is estimated lies on closed platforms",
    "legal": "no published mixture of a run names its share",
    "math": "no estimate of its stock is published",
    "news": "no estimate of its stock is published",
}
"""Domains that there is no forecast for, and why."""

_TOKENS: Final = "tokens"


@dataclass(frozen=True, slots=True)
class ForecastOptions:
    """What is asked of a forecast.

    Attributes:
        model: whose settings.
        projection: of the demand.
        law: a law's name, or tokens per parameter as text.
        overtraining: how many times the compute-optimal tokens per parameter runs have at their compute.
        domain: whose demand and stock; None: all.
        changes: other intervals for settings, as ``NAME=LOW:HIGH``.
        seed, samples: of the Monte Carlo.
    """

    model: str
    projection: Projection
    law: str
    overtraining: float = 1.0
    domain: str | None = None
    changes: Sequence[str] = ()
    seed: int = 0
    samples: int = 100_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a forecast says.

    Attributes:
        outcome: by the projection and for the domain that were asked for.
        rows: the same year by year.
        unit: of demand and stock.
        projections: by every projection of the demand that the model can make.
        stocks: at the start, by what they are adjusted for.
        domains: by domain, for the projection asked for.
        published: the authors' years beside ours.
        backtest: the forecast of the past beside the training sets that came; empty for a model that counts words, and
            with over-training.
        settings: as changed by the user.
        notes: what to know, one sentence each.
    """

    outcome: Outcome
    rows: list[YearRow]
    unit: str
    projections: dict[Projection, Outcome]
    stocks: list[StockRange]
    domains: dict[str, Outcome]
    published: list[PublishedComparison]
    backtest: list[BackTest]
    settings: list[Setting]
    notes: list[str] = field(default_factory=list)


def make_forecast(options: ForecastOptions, catalog: Path) -> Forecast:
    """Everything that is asked of the futures of a model.

    Raises:
        UsageError: an unknown model, law, setting or domain, or a projection that the model has no settings for.
        CatalogError: the law is one of the catalog's, and it can't be read.
    """
    settings = changed(settings_of(options.model), options.changes)
    tokens_for, law, law_notes = demand_of_compute(options.law, catalog)
    futures = Futures(
        settings, tokens_for, overtraining=options.overtraining, seed=options.seed, samples=options.samples
    )
    _check(options, futures)
    unit = settings["set_size"].unit
    tested = unit == _TOKENS and options.overtraining == 1
    with np.errstate(over="ignore", invalid="ignore"):  # where a user's settings are beyond all bounds
        projections = {name: futures.outcome(name, options.domain) for name in futures.projections}
        found = Forecast(
            outcome=projections[options.projection],
            rows=futures.rows(options.projection, options.domain),
            unit=unit,
            projections=projections,
            stocks=futures.stocks(),
            domains={name: futures.outcome(options.projection, name) for name in futures.domains},
            published=futures.compare_with(published_years(options.model)),
            backtest=futures.back_test(training_sets()) if tested else [],
            settings=list(settings.values()),
        )
    return replace(found, notes=list(_notes(found, options, law, law_notes)))


def demand_of_compute(law: str, catalog: Path) -> tuple[Callable[[float], float], str, Sequence[str]]:
    """FLOPs -> tokens, by a law or by so many tokens per parameter; its name in words, and what to know of it."""
    # A saved law may begin with a digit; what begins with a letter is no ratio, and then no catalog need be readable.
    if not (law[:1].isalpha() or law in law_names(catalog)):
        ratio = parse_count(law, "--law (no law has that name; as tokens a param)")
        return lambda flops: math.sqrt(ratio * flops / 6), f"{ratio:g} tokens a param", ()
    known, _ = find_law(law, catalog)
    return lambda flops: known.optimum(flops).tokens, law, known.metadata.warnings


def _check(options: ForecastOptions, futures: Futures) -> None:
    model, projection, domain = options.model, options.projection, options.domain
    if projection not in futures.projections:
        raise UsageError(f"--demand {projection}: {model} has no settings for it (it has: historical)")
    if domain is not None and domain not in futures.domains:
        why = f": {WITHOUT_DATA[domain]}" if domain in WITHOUT_DATA else ""
        known = ", ".join(futures.domains) or f"none of {model}"
        raise UsageError(f"--domain: there is no forecast for {domain!r}{why} (known: {known})")


def _notes(found: Forecast, options: ForecastOptions, law: str, law_notes: Sequence[str]) -> Iterator[str]:
    """What to know of a forecast, one sentence each."""
    yield DEFINITION
    if len(found.projections) > 1:
        yield (
            f"compute: tokens by {law} for FLOPs by the settings compute and compute_growth; these are not the"
            " authors', whose projection is missing from their repository; mixture: half historical, half compute"
        )
        yield from (f"{law}: {note}" for note in law_notes)
    over = options.overtraining
    if over != 1:
        yield (
            f"over-training {over:g}: {over:g} times the tokens a param at the same compute, so {over**0.5:.3g} times"
            " the tokens, in every projection; no back-test"
        )
    yield from map(_comparison_note, found.published)
    if found.domains:
        years = ", ".join(f"{name} {_years(outcome)}" for name, outcome in found.domains.items())
        yield f"by domain, as the settings share the demand out: {years}"
    if found.backtest:
        yield _tested(found.backtest)


def document(found: Forecast, options: ForecastOptions) -> dict[str, Any]:
    """What a forecast says beside its rows, by the names of its JSON."""
    whole = asdict(found)
    outcome = whole["outcome"]
    return {
        **{name: outcome[name] for name in ("year_median", "year_low", "year_high", "exhausted_at_start", "never")},
        "model": options.model,
        "demand": options.projection,
        "law": options.law,
        "overtraining": options.overtraining,
        "domain": options.domain,
        "unit": found.unit,
        "seed": options.seed,
        "samples": options.samples,
        "definition": DEFINITION,
        "projections": whole["projections"],
        "stocks": whole["stocks"],
        "domains": [{"domain": name, **by_domain} for name, by_domain in whole["domains"].items()],
        "domains_without_data": WITHOUT_DATA,
        **{name: whole[name] for name in ("published", "backtest", "settings", "notes")},
    }


def summary(forecast: Forecast) -> str:
    """The years in one sentence."""
    if forecast.outcome.year_median is None:
        return f"Demand passes the stock, in {forecast.unit}, in fewer than half of the samples."
    return f"Demand passes the stock, in {forecast.unit}, in {_years(forecast.outcome)}: median, middle 80 %."


def _comparison_note(row: PublishedComparison) -> str:
    ours = "none" if row.year_median is None else _years(row)
    printed = f"{row.published_median:g} ({row.published_low:g} to {row.published_high:g})"
    return f"{row.projection}: published {printed}, here {ours}, middle {row.level:.0%}" + (
        f"; {row.note}" if row.note else ""
    )


def _tested(rows: list[BackTest]) -> str:
    largest = {row.year: row for row in sorted(rows, key=lambda row: row.tokens_total)}
    found = [
        f"{year} {format_count(row.tokens_total)} ({row.run}) against {format_count(row.demand_median)}, percentile"
        f" {row.percentile_total:.0f}"
        for year, row in sorted(largest.items())
    ]
    return (
        "back-test, the largest training set of a year against the historical demand in its middle:"
        f" {', '.join(found)}; these count repeats and synthetic text, natural and unique tokens are published of few"
    )


def _years(found: Outcome | PublishedComparison) -> str:
    low, median, high = (
        "never" if year is None else f"{year:.1f}" for year in (found.year_low, found.year_median, found.year_high)
    )
    return f"{median} ({low} to {high})"
