"""A fit as users ask for it and see it: runs are read, a method fits them, constants are shown with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal, get_args

from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.laws.find import find_law
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import DRAWS, LEVEL, Fit
from tokaudit.laws.fit.run_table import GivenRuns, parse_condition, read_runs
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import ParamsCounted

_LAW: Final = ("E", "A", "B", "alpha", "beta")

Shown = Literal["constants", "residuals", "frontier", "draws"]
"""Which rows of a fit to show: ``"constants"``, ``"residuals"``, ``"frontier"`` or ``"draws"``."""


@dataclass(frozen=True, slots=True)
class SavedAs:
    """How a fit is saved as a law.

    Attributes:
        name: name of the law; None: it is not saved.
        params_counted: which parameters N of the runs counts.
        tokenizer: the tokenizer whose tokens D counts; None: not known.
        force: whether a saved law of that name is replaced.
    """

    name: str | None = None
    params_counted: ParamsCounted = "total"
    tokenizer: str | None = None
    force: bool = False


def fit_law(
    runs: GivenRuns,
    method: str,
    *,
    drops: Sequence[str],
    base: str | None,
    draws: int | None,
    catalog: Path,
    saved: SavedAs,
) -> tuple[Fit, list[Row]]:
    """The law fitted to the runs of a table, and ``line`` and ``reason`` of the runs that were left out.

    Args:
        runs: a CSV file, or a table.
        method: a name in `METHODS`.
        drops: conditions on runs to leave out, such as ``loss>3.5``.
        base: a law whose one-epoch constants are kept; None: all constants are fitted.
        draws: number of bootstrap draws; None: `DRAWS`.
        catalog: where saved laws are.
        saved: how the fit is saved there.

    Raises:
        UsageError: an unknown method or law, a condition that can't be read, a base without these constants, or a fit
            that can't be saved so.
        InputError: the file can't be read, or its runs can't identify a law.
        CatalogError: the catalog can't be read or written.
    """
    _check_saved(saved, catalog)
    how = METHODS.get(method)
    conditions = [parse_condition(text) for text in drops]
    kept, notes = _base(base, catalog) if base else (None, ())
    table = read_runs(runs, conditions)
    found = how(table.runs, base=kept, draws=DRAWS if draws is None else draws)
    found = replace(found, warnings=(*notes, *table.runs.warnings(), *found.warnings))
    if saved.name is not None:
        from tokaudit.laws.saved import save_law  # noqa: PLC0415 - loads DuckDB

        name, counts, tokenizer = saved.name, saved.params_counted, saved.tokenizer
        save_law(catalog, name, method, _origin(runs), found, params_counted=counts, tokenizer=tokenizer)
    return found, table.dropped


def _check_saved(saved: SavedAs, catalog: Path) -> None:
    """Refuse a name that can't be used, and facts about a law that is not saved."""
    if saved.params_counted not in get_args(ParamsCounted):
        known = ", ".join(get_args(ParamsCounted))
        raise UsageError(f"--params-counted: {saved.params_counted!r} is not one of {known}")
    if saved.name is not None:
        from tokaudit.laws.saved import check_name  # noqa: PLC0415 - loads DuckDB

        check_name(catalog, saved.name, force=saved.force)
    elif saved.params_counted != "total" or saved.tokenizer is not None:
        raise UsageError("--params-counted, --tokenizer: describe a saved law; add --save NAME")


def _origin(runs: GivenRuns) -> str:
    """The name of the runs' file; a table in memory has none."""
    return Path(runs).name if isinstance(runs, str | PathLike) else "a table"


def _base(name: str, catalog: Path) -> tuple[Parametric, tuple[str, ...]]:
    """The law whose constants are kept, and which law an everyday name stands for."""
    found = find_law(name, catalog, "--base")
    if not isinstance(found.law, Parametric):
        raise UsageError(f"--base: {found.name} has no constants E, A, B, alpha and beta to keep")
    return found.law, found.notes


def dropped_words(runs: Path, dropped: Sequence[Row]) -> list[str]:
    """The runs of a file that were left out, one sentence each."""
    return [f"dropped {runs}:{run['line']}: {run['reason']}" for run in dropped]


def fit_rows(found: Fit, shown: Shown) -> tuple[Sequence[Row], tuple[str, ...]]:
    """Rows of a fit and the names of their columns: its constants, or rows to plot."""
    rows: Sequence[Row] = {
        "constants": _constants(found),
        "residuals": found.residuals,
        "frontier": found.frontier,
        "draws": _draws(found),
    }[shown]
    return rows, tuple(rows[0]) if rows else ("draw", *found.constants)


def _constants(found: Fit) -> list[Row]:
    rows = []
    for name, value in {**found.constants, **found.exponents}.items():
        low, high = found.interval.get(name, (None, None))
        rows.append({"constant": name, "value": value, "low": low, "high": high})
    return rows


def _draws(found: Fit) -> list[Row]:
    columns = zip(*(values.tolist() for values in found.draws.values()), strict=True)
    return [{"draw": place, **dict(zip(found.draws, row, strict=True))} for place, row in enumerate(columns)]


def document(method: str, found: Fit, dropped: list[Row], saved: str | None) -> dict[str, Any]:
    """All of a fit under the names of its JSON fields.

    Args:
        method: name of the method.
        found: the fit.
        dropped: the runs that were left out.
        saved: the name that the fit was saved under as a law; None: it was not saved.
    """
    return {
        "method": method,
        "law": {**dict.fromkeys(_LAW), **found.constants},
        "exponents": found.exponents,
        "objective": found.objective,
        "r_squared": found.r_squared,
        "runs_used": len(found.runs),
        "runs_dropped": dropped,
        "interval": found.interval,
        "level": LEVEL,
        "draws": len(next(iter(found.draws.values()), ())),
        "saved": saved,
        "warnings": found.warnings,
        "residuals": found.residuals,
        "frontier": found.frontier,
    }
