"""A forecast as it is shown: the futures of a model, with what to know of them in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.assumptions import Setting, published_years
from tokaudit.errors import UsageError
from tokaudit.forecast import DEFINITION, BackTest, Comparison, Futures, Outcome, Projection, StockRange, YearRow
from tokaudit.quantities import format_count
from tokaudit.stocks import TrainingSet

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
        backtest: the forecast of the past beside the training sets that came; empty for a model that counts words.
        notes: what to know, one sentence each.
    """

    outcome: Outcome
    rows: list[YearRow]
    unit: str
    projections: dict[str, Outcome]
    stocks: list[StockRange]
    domains: dict[str, Outcome]
    published: list[Comparison]
    backtest: list[BackTest]
    notes: list[str]


def make_forecast(
    model: str,
    settings: dict[str, Setting],
    futures: Futures,
    sets: Sequence[TrainingSet],
    *,
    projection: Projection,
    domain: str | None,
    law: str,
    overtraining: float,
) -> Forecast:
    """Everything that is asked of the futures of a model.

    Args:
        model: its name.
        settings: as changed by the user.
        futures: made from them.
        sets: the training sets to test against.
        projection: of the demand.
        domain: whose demand and stock; None: all.
        law: how many tokens compute calls for, in words.
        overtraining: that ``futures`` were made with.

    Raises:
        UsageError: the model has no such projection, or nothing is known of the domain.
    """
    if projection not in futures.projections:
        raise UsageError(f"--demand {projection}: {model} has no settings for it (it has: historical)")
    if domain is not None and domain not in futures.domains:
        why = f": {WITHOUT_DATA[domain]}" if domain in WITHOUT_DATA else ""
        known = ", ".join(futures.domains) or f"none of {model}"
        raise UsageError(f"--domain: there is no forecast for {domain!r}{why} (known: {known})")
    unit = settings["set_size"].unit
    backtest = futures.back_test(sets) if unit == _TOKENS and overtraining == 1 else []
    published = futures.beside(published_years(model))
    return Forecast(
        outcome=futures.outcome(projection, domain),
        rows=futures.rows(projection, domain),
        unit=unit,
        projections={name: futures.outcome(name, domain) for name in futures.projections},
        stocks=futures.stocks(),
        domains={name: futures.outcome(projection, name) for name in futures.domains},
        published=published,
        backtest=backtest,
        notes=_notes(futures, published, backtest, law, overtraining),
    )


def summary(forecast: Forecast) -> str:
    """The years in one sentence."""
    found = forecast.outcome
    if found.year_median is None:
        return "Demand does not pass the stock in half of the samples."
    first, *others = (_year(year) for year in (found.year_median, found.year_low, found.year_high))
    return f"Demand passes the stock in {first} (80 % of the samples: {' to '.join(others)})."


def _notes(
    futures: Futures, published: list[Comparison], backtest: list[BackTest], law: str, overtraining: float
) -> list[str]:
    notes = [DEFINITION]
    if len(futures.projections) > 1:
        notes.append(
            f"compute: tokens by {law} for FLOPs that grow as the settings compute and compute_growth say, which are"
            " not the authors' (their projection is missing from their repository); mixture: half historical, half this"
        )
    if overtraining != 1:
        notes.append(
            f"over-training {overtraining:g}: {overtraining:g} times the tokens a param at the same compute, so"
            f" {overtraining**0.5:.3g} times the tokens, in every projection; no back-test"
        )
    notes += [_beside(row) for row in published]
    notes += [
        f"{domain}: in {_year(outcome.year_median)} ({_year(outcome.year_low)} to {_year(outcome.year_high)})"
        for domain, outcome in ((name, futures.outcome("historical", name)) for name in futures.domains)
    ]
    if backtest:
        notes.append(_tested(backtest))
    return notes


def _beside(row: Comparison) -> str:
    printed = f"{row.published_median:g} ({row.level:.0%}: {row.published_low:g} to {row.published_high:g})"
    ours = f"{_year(row.year_median)} ({_year(row.year_low)} to {_year(row.year_high)})" if row.year_median else "none"
    return f"{row.projection}: published {printed}, here {ours}" + (f"; the published {row.note}" if row.note else "")


def _tested(rows: list[BackTest]) -> str:
    largest = {row.year: row for row in sorted(rows, key=lambda row: row.tokens_total)}
    found = [
        f"{year} {format_count(row.tokens_total)} ({row.run}) at the {row.percentile_total:.0f}th percentile"
        for year, row in sorted(largest.items())
    ]
    return (
        f"back-test of the historical demand in the middle of a year: {', '.join(found)}; totals count repeats and"
        " synthetic text, and few of the largest sets have their natural or unique tokens published"
    )


def _year(year: float | None) -> str:
    return "never" if year is None else f"{year:.1f}"
