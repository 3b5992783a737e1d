"""A forecast as it is shown: the futures of a model, with what to know of them in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tokaudit.catalog.reference.stocks import TrainingSet
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_count
from tokaudit.planning.forecast.assumptions import Setting, published_years
from tokaudit.planning.forecast.forecast import DEFINITION, Futures, Projection
from tokaudit.planning.forecast.outcomes import BackTest, Outcome, PublishedBeside, StockRange, YearRow

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
    projections: dict[Projection, Outcome]
    stocks: list[StockRange]
    domains: dict[str, Outcome]
    published: list[PublishedBeside]
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
    law_notes: Sequence[str],
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
        law_notes: what to know of the law.
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
    with np.errstate(over="ignore", invalid="ignore"):  # where a user's settings are beyond all bounds
        projections = {name: futures.outcome(name, domain) for name in futures.projections}
        domains = {name: futures.outcome(projection, name) for name in futures.domains}
        published = futures.beside(published_years(model))
        backtest = futures.back_test(sets) if unit == _TOKENS and overtraining == 1 else []
        notes = [DEFINITION]
        if len(projections) > 1:
            notes.append(
                f"compute: tokens by {law} for FLOPs by the settings compute and compute_growth; these are not the"
                " authors', whose projection is missing from their repository; mixture: half historical, half compute"
            )
            notes += [f"{law}: {note}" for note in law_notes]
        if overtraining != 1:
            notes.append(
                f"over-training {overtraining:g}: {overtraining:g} times the tokens a param at the same compute, so"
                f" {overtraining**0.5:.3g} times the tokens, in every projection; no back-test"
            )
        notes += [_beside(row) for row in published]
        if domains:
            years = ", ".join(f"{name} {_years(outcome)}" for name, outcome in domains.items())
            notes.append(f"by domain, as the settings share the demand out: {years}")
        if backtest:
            notes.append(_tested(backtest))
        return Forecast(
            outcome=projections[projection],
            rows=futures.rows(projection, domain),
            unit=unit,
            projections=projections,
            stocks=futures.stocks(),
            domains=domains,
            published=published,
            backtest=backtest,
            notes=notes,
        )


def summary(forecast: Forecast) -> str:
    """The years in one sentence."""
    if forecast.outcome.year_median is None:
        return f"Demand passes the stock, in {forecast.unit}, in fewer than half of the samples."
    return f"Demand passes the stock, in {forecast.unit}, in {_years(forecast.outcome)}: median, middle 80 %."


def _beside(row: PublishedBeside) -> str:
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


def _years(found: Outcome | PublishedBeside) -> str:
    low, median, high = (
        "never" if year is None else f"{year:.1f}" for year in (found.year_low, found.year_median, found.year_high)
    )
    return f"{median} ({low} to {high})"
