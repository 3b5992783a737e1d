"""``tokaudit.forecast``: when the demand for text exceeds the stock."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, get_args

from tokaudit.api.argument_names import with_argument_names
from tokaudit.api.arguments import check_texts
from tokaudit.api.catalog import Catalog
from tokaudit.api.catalog_place import catalog_place
from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import Number, given_count, whole_number
from tokaudit.core.option_bounds import LEAST_SAMPLES, MOST_SAMPLES
from tokaudit.core.rows import Row
from tokaudit.planning.defaults import DEFAULT_LAW, DEFAULT_MODEL, DEFAULT_SAMPLES
from tokaudit.planning.forecast.assumptions import Changes
from tokaudit.planning.forecast.forecast import Projection
from tokaudit.planning.forecast.forecaster import ForecastOptions, make_forecast
from tokaudit.planning.forecast.made_forecast import MadeForecast
from tokaudit.reports.forecast_table import forecast_table
from tokaudit.reports.html import table_html
from tokaudit.reports.json_text import from_json, to_json
from tokaudit.reports.protocol import Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Forecast:
    """When the largest training sets need more text than exists.

    Its attributes are named as the fields of ``tokaudit forecast --format json``, and `to_dict` is that JSON. A year is
    a number such as 2029.5, the middle of 2029; None: later than 2100.

    Attributes:
        rows: one row per calendar year: ``year``, ``demand_median`` and ``stock_median`` in ``unit``, and
            ``probability_exhausted``, 0 to 1.
        year_median, year_low, year_high: the 50th, 10th and 90th percentile of the first year in which demand reaches
            the stock.
        exhausted_at_start: share of the samples in which it does so from the beginning, 0 to 1.
        never: share of the samples in which it does not until 2100, 0 to 1.
        model: the published forecast whose settings are used.
        demand: how demand grows.
        law: name of the scaling law, or tokens per parameter as text.
        overtraining: ratio of the tokens per parameter of runs to the compute-optimal ones.
        domain: the domain of the forecast; None: all text.
        unit: unit of demand and stock.
        seed: random seed.
        samples: number of samples.
        definition: what the years mean.
        bands: one row per calendar year: ``demand_low``, ``demand_high``, ``stock_low`` and ``stock_high`` in ``unit``,
            the 10th and 90th percentile.
        projections: growth of demand -> years.
        stocks: stocks at the start, by adjustment.
        domains: years by domain.
        domains_without_data: domain -> why there is no forecast for it.
        published: the authors' years next to these.
        backtest: forecasts of the past next to the largest training sets; empty if there is none.
        settings: the settings, each with its source.
        notes: what to know before using the numbers, one sentence each.
        registry_as_of: date of the registry of published corpora.
    """

    rows: Sequence[Row]
    year_median: float | None
    year_low: float | None
    year_high: float | None
    exhausted_at_start: float
    never: float
    model: str
    demand: Projection
    law: str
    overtraining: float
    domain: str | None
    unit: str
    seed: int
    samples: int
    definition: str
    bands: Sequence[Row]
    projections: Mapping[str, Row]
    stocks: Sequence[Row]
    domains: Sequence[Row]
    domains_without_data: Mapping[str, str]
    published: Sequence[Row]
    backtest: Sequence[Row]
    settings: Sequence[Row]
    notes: Sequence[str]
    registry_as_of: str
    _table: Table = field(compare=False)
    _made: MadeForecast = field(compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``tokaudit forecast --format json``; None stands for what does not apply, and for infinities."""
        shown = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("_table", "_made")}
        found: dict[str, Any] = from_json(to_json(shown))
        return found

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a pandas frame, one row per calendar year."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self._table.columns))

    def __repr__(self) -> str:
        return f"<Forecast: {self._table.people.before[0]}>"

    def _repr_html_(self) -> str:
        from tokaudit.reports.charts.notebook import figure_html

        return "\n".join(filter(None, [figure_html("forecast", self._made), table_html(self._table)]))


@with_argument_names
def forecast(
    *,
    model: str = DEFAULT_MODEL,
    demand: Projection = "historical",
    law: str | float = DEFAULT_LAW,
    overtraining: Number = 1,
    domain: str | None = None,
    set: Changes = (),  # noqa: A002 - named as the option
    seed: Number = 0,
    samples: Number = DEFAULT_SAMPLES,
    catalog: str | os.PathLike[str] | Catalog | None = None,
) -> Forecast:
    """Forecast when the largest training sets need more text than exists.

    Args:
        model: published forecast whose settings are used.
        demand: growth of demand: ``"historical"`` (as training sets grew), ``"compute"`` (as compute allows) or
            ``"mixture"`` (half of the samples each).
        law: scaling law that turns compute into tokens, or a number of tokens per parameter.
        overtraining: ratio of the tokens per parameter of runs to the compute-optimal ones.
        domain: the domain whose demand and stock are forecast; None: all text.
        set: changed settings: name -> value, or name -> pair of the lower and the upper end; or a list of
            ``"NAME=LOW:HIGH"``.
        seed: random seed, at least 0.
        samples: number of samples, 100 to 1,000,000.
        catalog: the catalog with saved laws; None: that of `tokaudit.open`.

    Returns:
        The forecast, the same as that of ``tokaudit forecast`` with these options (after arXiv:2211.04325).

    Raises:
        UsageError: a name is unknown, a number is not valid, or the model has no settings for this demand.
        CatalogError: the law is in the catalog, and it can't be read.
    """
    check_texts(model=model, domain=domain)
    if demand not in get_args(Projection):
        raise UsageError(f"demand: {demand!r} is not one of {', '.join(get_args(Projection))}")
    if isinstance(set, str):
        raise UsageError(f"set: {set!r} is not a list of settings; put a single one into a list")
    options = ForecastOptions(
        model=model,
        projection=demand,
        law=law if isinstance(law, str) else repr(given_count(law, "law")),
        overtraining=given_count(overtraining, "overtraining"),
        domain=domain,
        changes=set,
        seed=whole_number(seed, "seed", 0),
        samples=whole_number(samples, "samples", LEAST_SAMPLES, MOST_SAMPLES),
    )
    made = MadeForecast(options, make_forecast(options, catalog_place(catalog)))
    table = forecast_table(made.forecast, options)
    return Forecast(rows=table.rows, **table.extra, _table=table, _made=made)
