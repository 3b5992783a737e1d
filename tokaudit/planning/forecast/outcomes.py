"""The results of a forecast, field by field as in its JSON."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class YearRow:
    """Demand and stock at the beginning of one calendar year; medians over the samples."""

    year: int
    demand_median: float
    stock_median: float
    probability_exhausted: float


@dataclass(frozen=True, slots=True)
class YearBand:
    """Demand and stock at the beginning of one calendar year: 10th and 90th percentile over the samples."""

    year: int
    demand_low: float
    demand_high: float
    stock_low: float
    stock_high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """When a stock is exhausted.

    Attributes:
        year_median, year_low, year_high: 50th, 10th and 90th percentile; None if too few samples are ever exhausted.
        exhausted_at_start: share of the samples that are exhausted at the start; their year is that of the start.
        never: share of the samples that are not exhausted by ``HORIZON``.
    """

    year_median: float | None
    year_low: float | None
    year_high: float | None
    exhausted_at_start: float
    never: float


@dataclass(frozen=True, slots=True)
class StockRange:
    """A stock at the start: median of the samples, and the middle interval that contains ``level`` of them."""

    adjusted: str
    median: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """Published years next to ours at the same level; ours are None if the projection can't be made."""

    projection: str
    published_median: float
    published_low: float
    published_high: float
    level: float
    year_median: float | None
    year_low: float | None
    year_high: float | None
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class BackTest:
    """A training set next to the historical demand in the middle of its year; None if a count is not published.

    Attributes:
        demand_low, demand_median, demand_high: 10th, 50th and 90th percentile of the forecast.
        tokens_total, tokens_natural, tokens_unique: as in `stocks.TrainingSet`.
        percentile_total, percentile_natural, percentile_unique: percentile of each count in the forecast, 0 to 100.
    """

    year: int
    run: str
    demand_low: float
    demand_median: float
    demand_high: float
    tokens_total: int
    percentile_total: float | None
    tokens_natural: int | None
    percentile_natural: float | None
    tokens_unique: int | None
    percentile_unique: float | None
