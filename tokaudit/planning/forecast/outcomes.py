"""What a forecast says, field by field as in its JSON."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class YearRow:
    """One calendar year, at its beginning; medians over the samples."""

    year: int
    demand_median: float
    stock_median: float
    probability_exhausted: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """When a stock is exhausted.

    Attributes:
        year_median, year_low, year_high: 50th, 10th and 90th percentile; None if fewer samples are ever exhausted.
        exhausted_at_start: share of the samples in which it was at the start already; their year is the start's.
        never: share of the samples that are not exhausted by ``HORIZON``.
    """

    year_median: float | None
    year_low: float | None
    year_high: float | None
    exhausted_at_start: float
    never: float


@dataclass(frozen=True, slots=True)
class StockRange:
    """A stock at the start: median and middle interval of the samples, ``level`` of them inside."""

    adjusted: str
    median: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """Published years beside ours at the same level; ours are None where the projection can't be made."""

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
    """A training set beside the historical demand in the middle of its year; None where a count is not published.

    Attributes:
        demand_low, demand_median, demand_high: 10th, 50th and 90th percentile of the forecast.
        tokens_total, tokens_natural, tokens_unique: as in `stocks.TrainingSet`.
        percentile_total, percentile_natural, percentile_unique: where each falls in the forecast, 0 to 100.
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
