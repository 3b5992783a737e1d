"""A Monte Carlo forecast of when demand for text exceeds the stock, after arXiv:2211.04325.

Demand and stock are in the unit of the model's settings, tokens or words. This module reads no files.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Literal, get_args

import numpy as np

from tokaudit.catalog.reference.stocks import TrainingSet
from tokaudit.core.types import Float64
from tokaudit.planning.forecast.assumptions import PublishedYears, Setting
from tokaudit.planning.forecast.outcomes import (
    BackTest,
    Outcome,
    PublishedComparison,
    StockRange,
    YearBand,
    YearRow,
)

Projection = Literal["historical", "compute", "mixture"]
"""How demand grows: as training sets have grown, as compute allows under a law, or half of the samples each."""

PROJECTIONS: Final[tuple[Projection, ...]] = get_args(Projection)
YEARS: Final = range(2024, 2041)
HORIZON: Final = 2100
"""A sample that is not exhausted by this year counts as never exhausted."""

DEFINITION: Final = (
    "text counts as exhausted when the largest training set (repeats included) reaches the effective stock (after"
    " quality filtering and repetition); years are the 50th, 10th and 90th percentile over the samples, and 2029.5 is"
    " the middle of 2029; each row is for the beginning of its year"
)

_MIDDLE: Final = 0.8  # share of the samples between year_low and year_high
_PUBLISHED_LEVEL: Final = 0.95  # level at which the paper prints its stocks
_LAW_POINTS: Final = 64
_LOG_FLOPS: Final = (0.0, 690.0)


class Futures:
    """Samples of how stock and demand may develop.

    Args:
        settings: name -> setting of one model; their order changes nothing.
        tokens_for: training FLOPs -> tokens that a run with so many FLOPs needs.
        overtraining: ratio of the tokens per parameter of a run to the compute-optimal ones at its compute; the run
            then needs the square root of the ratio times the tokens, in every projection.
        seed: random seed; each setting has its own stream, so that changing one leaves the others as they are.
        samples: number of samples.
    """

    def __init__(
        self,
        settings: Mapping[str, Setting],
        tokens_for: Callable[[float], float],
        *,
        overtraining: float = 1.0,
        seed: int = 0,
        samples: int = 100_000,
    ) -> None:
        self._draws = draws = {name: _draw(setting, seed, samples) for name, setting in settings.items()}
        self._start = settings["start"].low
        self._samples = samples
        more = math.log(overtraining) / 2
        self._historical = _Line(np.log(draws["set_size"]) + more, math.log(10) * draws["data_growth"])
        self._compute: Callable[[float], Float64] | None = None
        if "compute" in draws:
            flops = _Line(np.log(draws["compute"]), np.log(draws["compute_growth"]))
            law = _logarithmic(tokens_for, flops, HORIZON - self._start)
            self._compute = lambda years: law(flops.after(years)) + more

    @property
    def domains(self) -> list[str]:
        """Domains to which the settings give a share of the demand."""
        return [name.removesuffix(".share") for name in self._draws if name.endswith(".share")]

    @property
    def projections(self) -> list[Projection]:
        """Projections that the settings can make."""
        return list(PROJECTIONS) if self._compute else ["historical"]

    def stocks(self) -> list[StockRange]:
        """The stock at the start: raw, then after each adjustment of the model in turn."""
        values = self._raw()
        found = [_range("raw", values)]
        for adjusted in ("quality", "repetition"):
            if adjusted in self._draws:
                values = values * self._draws[adjusted]
                found.append(_range(adjusted, values))
        return found

    def outcome(self, projection: Projection, domain: str | None = None) -> Outcome:
        """When the stock of all text, or of one of ``domains``, is exhausted."""
        first = self._first(projection, domain)
        low, median, high = _years(first, _MIDDLE)
        at_start, never = np.mean(first <= self._start), np.mean(np.isinf(first))
        return Outcome(median, low, high, float(at_start), float(never))

    def rows(self, projection: Projection, domain: str | None = None) -> list[YearRow]:
        """The same, one row per year."""
        first, stock = self._first(projection, domain), self._stock(domain)
        found = []
        for year in YEARS:
            medians = (self._demand(year - self._start, projection, domain), stock.after(year - self._start))
            demand, left = (float(np.exp(np.median(values))) for values in medians)
            found.append(YearRow(year, demand, left, float(np.mean(first <= year))))
        return found

    def bands(self, projection: Projection, domain: str | None = None) -> list[YearBand]:
        """The middle of the samples of demand and stock, one row per year."""
        stock, ends = self._stock(domain), [(1 - _MIDDLE) / 2, (1 + _MIDDLE) / 2]
        found = []
        for year in YEARS:
            pair = (self._demand(year - self._start, projection, domain), stock.after(year - self._start))
            demand, left = (np.exp(np.quantile(values, ends)).tolist() for values in pair)
            found.append(YearBand(year, *demand, *left))
        return found

    def compare_with(self, published: Iterable[PublishedYears]) -> list[PublishedComparison]:
        """Published years next to ours."""
        found = []
        for row in published:
            ours: tuple[float | None, float | None, float | None] = (None, None, None)
            if row.projection in self.projections:
                ours = _years(self._first(row.projection, None), row.level)
            low, median, high = ours
            printed = (row.projection, row.year_median, row.year_low, row.year_high, row.level)
            found.append(PublishedComparison(*printed, median, low, high, row.source, row.note))
        return found

    def back_test(self, sets: Iterable[TrainingSet]) -> list[BackTest]:
        """The training sets since the start, in the given order, next to the historical demand."""
        found = []
        for row in sets:
            if row.year < self._start:
                continue
            demand = np.exp(self._demand(row.year + 0.5 - self._start, "historical", None))
            low, median, high = (float(value) for value in np.quantile(demand, [0.1, 0.5, 0.9]))
            counts = (row.tokens_total, row.tokens_natural, row.tokens_unique)
            percentiles = [_percentile(demand, tokens) for tokens in counts]
            found.append(
                BackTest(
                    year=row.year,
                    run=row.run,
                    demand_low=low,
                    demand_median=median,
                    demand_high=high,
                    tokens_total=row.tokens_total,
                    percentile_total=percentiles[0],
                    tokens_natural=row.tokens_natural,
                    percentile_natural=percentiles[1],
                    tokens_unique=row.tokens_unique,
                    percentile_unique=percentiles[2],
                )
            )
        return found

    def _first(self, projection: Projection, domain: str | None) -> Float64:
        """The time at which each sample is exhausted, (samples,); infinite: never."""
        stock = self._stock(domain)
        first = np.full(self._samples, np.inf)
        before = np.full(self._samples, np.nan)
        for years in range(math.ceil(HORIZON - self._start) + 1):
            after = self._demand(years, projection, domain) - stock.after(years)
            new = np.isinf(first) & (after >= 0)
            # Within a year, both are nearly straight lines in the logarithm.
            first[new] = self._start + years - (after[new] / (after[new] - before[new]) if years else 0.0)
            before = after
            if not np.isinf(first).any():
                break
        first[first > HORIZON] = np.inf
        return first

    def _raw(self) -> Float64:
        """The whole stock at the start, unadjusted, (samples,)."""
        draws = self._draws
        if "stock" in draws:
            return draws["stock"]
        # A token has at least one byte, but 6 minus a lognormal variable may be below 1 and below 0.
        raw: Float64 = draws["pages"] * draws["bytes_per_page"] / np.maximum(draws["bytes_per_token"], 1.0)
        return raw

    def _stock(self, domain: str | None) -> "_Line":
        """The stock after quality filtering and repetition. A domain's own stock is taken as usable in full."""
        draws = self._draws
        factors = [self._raw(), *_named(draws, "quality", "repetition")]
        if f"{domain}.stock" in draws:
            factors = [draws[f"{domain}.stock"], *_named(draws, "repetition")]
        growths = _named(draws, f"{domain}.growth") or _named(draws, "page_growth", "web_growth", "stock_growth")
        return _Line(np.log(math.prod(factors, start=np.float64(1))), np.log(math.prod(growths, start=np.float64(1))))

    def _demand(self, years: float, projection: Projection, domain: str | None) -> Float64:
        """Logarithm of the largest training set, or of the domain's part of it, ``years`` after the start."""
        demand = self._historical.after(years)
        if projection != "historical":
            if self._compute is None:
                raise ValueError(f"the settings have no compute, so there is no projection {projection!r}")
            compute = self._compute(years)
            # Pairs of mirror images stay together.
            demand = compute if projection == "compute" else np.where(np.arange(len(compute)) % 4 < 2, demand, compute)
        return demand + np.log(self._draws[f"{domain}.share"]) if domain else demand


@dataclass(frozen=True, slots=True)
class _Line:
    """Exponential growth of each sample: logarithm at the start, and the growth of the logarithm per year."""

    at_start: Float64
    growth: Float64

    def after(self, years: float) -> Float64:
        """The logarithm after ``years``."""
        return self.at_start + self.growth * years


def _named(draws: Mapping[str, Float64], *names: str) -> list[Float64]:
    return [draws[name] for name in names if name in draws]


def _draw(setting: Setting, seed: int, samples: int) -> Float64:
    """Samples of a setting; the same name and seed give the same samples."""
    low, high = setting.low, setting.high
    if setting.distribution == "constant":
        return np.full(samples, low)
    if setting.distribution == "6-lognormal":
        low, high = 6 - high, 6 - low
    if setting.distribution != "normal":
        low, high = math.log(low), math.log(high)
    assert setting.level is not None
    spread = (high - low) / 2 / NormalDist().inv_cdf((1 + setting.level) / 2)
    # Each value is drawn with its mirror image, so that medians of products have almost no noise.
    half = np.random.default_rng([seed, *setting.name.encode()]).standard_normal((samples + 1) // 2)
    values: Float64 = (low + high) / 2 + spread * np.stack([half, -half], axis=1).ravel()[:samples]
    if setting.distribution == "normal":
        return values
    return 6 - np.exp(values) if setting.distribution == "6-lognormal" else np.exp(values)


def _logarithmic(tokens_for: Callable[[float], float], flops: _Line, years: float) -> Callable[[Float64], Float64]:
    """Logarithm of FLOPs -> logarithm of tokens, by interpolation, because laws are nearly straight there."""
    # Beyond what a float can represent, demand exceeds every stock.
    ends = np.clip(np.concatenate([flops.after(0), flops.after(years + 1)]), *_LOG_FLOPS)
    places = np.linspace(ends.min(), ends.max(), _LAW_POINTS)
    values = np.log([tokens_for(math.exp(place)) for place in places])
    return lambda log_flops: np.interp(log_flops, places, values)


def _range(adjusted: str, values: Float64) -> StockRange:
    tail = (1 - _PUBLISHED_LEVEL) / 2
    low, median, high = (float(value) for value in np.quantile(values, [tail, 0.5, 1 - tail]))
    return StockRange(adjusted, median, low, high, _PUBLISHED_LEVEL)


def _years(first: Float64, level: float) -> tuple[float | None, float | None, float | None]:
    """Lower end, median and upper end of the middle samples; None if that sample is never exhausted."""
    levels = [(1 - level) / 2, 0.5, (1 + level) / 2]
    # The value of one sample, because a finite and an infinite value have no mean.
    low, median, high = (
        float(year) if np.isfinite(year) else None for year in np.quantile(first, levels, method="inverted_cdf")
    )
    return low, median, high


def _percentile(values: Float64, value: float | None) -> float | None:
    return None if value is None else 100 * float(np.mean(values < value))
