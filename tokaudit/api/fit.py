"""``tokaudit.fit``: a scaling law from a table of the user's own training runs."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, get_args

from tokaudit.api.argument_names import with_argument_names
from tokaudit.api.arguments import check_texts, flag
from tokaudit.api.catalog import Catalog
from tokaudit.api.catalog_place import catalog_place
from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import Number, whole_number
from tokaudit.core.option_bounds import MOST_DRAWS
from tokaudit.core.rows import Row
from tokaudit.laws.fit.fit import SavedAs, Shown, document, fit_law, fit_rows
from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.laws.fit.run_table import GivenRuns
from tokaudit.laws.protocol import Interval, ParamsCounted
from tokaudit.reports.html import table_html
from tokaudit.reports.json_text import from_json, to_json
from tokaudit.reports.protocol import ForPeople, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fit:
    """A scaling law fitted to training runs.

    Its attributes are named as the fields of ``tokaudit fit --format json``, and `to_dict` is that JSON.

    Attributes:
        method: name of the method.
        law: constant -> value: E (nats per token), A, B, alpha and beta, or those of the method; None: not fitted.
        exponents: ``a`` and ``b``, the exponents of the compute-optimal parameters and tokens.
        objective: sum over runs of the Huber loss of log predicted - log observed loss; None for another method.
        r_squared: share of the variance that the fit explains, at most 1; None if it is not known.
        runs_used: number of runs that were used.
        runs_dropped: ``line`` and ``reason`` of each run that was left out. The line is that of the CSV file, or the
            row of another table, counted from 0.
        interval: constant or exponent -> its lowest and highest value; empty without draws.
        level: probability of each interval, 0 to 1.
        draws: number of bootstrap draws.
        saved: name of the saved law; None: it was not saved.
        warnings: what to know before using the law, one sentence each.
        residuals: one row per run that was used: its numbers, and the predicted loss in nats per token.
        frontier: one row per budget that the method found an optimum for; empty for others.
    """

    method: str
    law: Mapping[str, float | None]
    exponents: Mapping[str, float]
    objective: float | None
    r_squared: float | None
    runs_used: int
    runs_dropped: Sequence[Row]
    interval: Mapping[str, Interval]
    level: float
    draws: int
    saved: str | None
    warnings: Sequence[str]
    residuals: Sequence[Row]
    frontier: Sequence[Row]
    _made: MadeFit = field(compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``tokaudit fit --format json``; None stands for what does not apply, and for infinities."""
        shown = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "_made"}
        found: dict[str, Any] = from_json(to_json(shown))
        return found

    def to_frame(self, show: Shown = "constants") -> "pd.DataFrame":
        """Rows of the fit as a pandas frame.

        Args:
            show: ``"constants"`` with their intervals, ``"residuals"`` (one row per run), ``"frontier"`` (one row per
                budget) or ``"draws"`` (one row per bootstrap draw).

        Raises:
            UsageError: it is another text.
        """
        import pandas as pd

        if show not in get_args(Shown):
            raise UsageError(f"show: {show!r} is not one of {', '.join(get_args(Shown))}")
        rows, columns = fit_rows(self._made.fit, show)
        return pd.DataFrame(list(rows), columns=list(columns))

    def __repr__(self) -> str:
        constants = ", ".join(f"{name}={value:.4g}" for name, value in self._made.fit.constants.items())
        return f"<Fit: {self.method}, {self.runs_used} runs, {constants}>"

    def _repr_html_(self) -> str:
        rows, columns = fit_rows(self._made.fit, "constants")
        dropped = f", {len(self.runs_dropped)} dropped" if self.runs_dropped else ""
        above = f"Method {self.method}: {self.runs_used} runs used{dropped}."
        from tokaudit.reports.charts.notebook import figure_html

        figure = figure_html("isoflop-fit" if self._made.fit.parabolas else "residuals", self._made)
        table = table_html(Table(columns, rows, notes=self.warnings, people=ForPeople(before=[above])))
        return "\n".join(filter(None, [figure, table]))


@with_argument_names
def fit(
    runs: GivenRuns,
    method: str = "parametric",
    *,
    drop: Sequence[str] = (),
    base: str | None = None,
    draws: Number | None = None,
    save: str | None = None,
    params_counted: ParamsCounted = "total",
    tokenizer: str | None = None,
    force: bool = False,
    catalog: str | os.PathLike[str] | Catalog | None = None,
) -> Fit:
    """Fit a scaling law to training runs.

    Args:
        runs: a CSV file, or a table: a frame of pandas or polars, an Arrow table, columns by name, or a list of
            dictionaries. Its columns are ``params``, ``tokens`` or ``flops``, ``loss`` (nats per token), and
            ``unique_tokens`` if runs repeat tokens.
        method: method of fitting: ``"parametric"``, ``"isoflop"`` or ``"envelope"``.
        drop: conditions on runs to leave out, such as ``"loss>3.5"`` or ``"line=7"``.
        base: scaling law whose one-epoch constants are kept, so that only R_D* and R_N* are fitted; None: all are.
        draws: number of bootstrap draws, 0 to 10,000; None: 1000.
        save: name under which the catalog keeps the fit as a law; None: it is not saved.
        params_counted: with ``save``, the parameters that the runs count: ``"total"``, ``"non-embedding"`` or
            ``"active"``.
        tokenizer: with ``save``, the tokenizer of the runs' tokens; None: unknown.
        force: whether to replace a saved law of that name.
        catalog: the catalog with saved laws; None: that of `tokaudit.open`.

    Returns:
        The fit, the same as that of ``tokaudit fit`` with these options.

    Raises:
        UsageError: a name is unknown, a condition can't be read, or arguments do not go together.
        InputError: the table lacks a column or has an invalid value, or its runs can't identify a law.
        CatalogError: the catalog can't be read or written.
    """
    check_texts(method=method, base=base, save=save, tokenizer=tokenizer)
    if isinstance(drop, str):
        raise UsageError(f"drop: {drop!r} is not a list of conditions; put a single one into a list")
    count = None if draws is None else whole_number(draws, "draws", 0, MOST_DRAWS)
    saved = SavedAs(save, params_counted, tokenizer, force=flag(force, "force"))
    found, dropped = fit_law(
        runs, method, drops=drop, base=base, draws=count, catalog=catalog_place(catalog), saved=saved
    )
    file = os.fspath(runs) if isinstance(runs, str | os.PathLike) else None
    made = MadeFit(file, method, found, dropped, drops=drop, base=base, draws=count)
    return Fit(**document(method, found, dropped, save), _made=made)
