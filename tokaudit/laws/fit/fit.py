"""A fit as users ask for it and see it: runs are read, a method fits them, constants are shown with intervals."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.laws.find import find_law
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import DRAWS, LEVEL, Fit
from tokaudit.laws.fit.run_table import parse_condition, read_runs
from tokaudit.laws.parametric import Parametric

_LAW: Final = ("E", "A", "B", "alpha", "beta")

Shown = Literal["constants", "residuals", "frontier", "draws"]


def fit_file(
    file: Path, method: str, *, drops: Sequence[str], base: str | None, draws: int | None, catalog: Path
) -> tuple[Fit, list[Row]]:
    """The law fitted to the runs in a CSV file, and ``line`` and ``reason`` of the runs that were left out.

    Args:
        file: the file.
        method: a name in `METHODS`.
        drops: conditions on runs to leave out, such as ``loss>3.5``.
        base: a law whose one-epoch constants are kept; None: all constants are fitted.
        draws: number of bootstrap draws; None: `DRAWS`.
        catalog: where saved laws are.

    Raises:
        UsageError: an unknown method or law, a condition that can't be read, or a base without these constants.
        InputError: the file can't be read, or its runs can't identify a law.
    """
    how = METHODS.get(method)
    conditions = [parse_condition(text) for text in drops]
    kept, notes = _base(base, catalog) if base else (None, ())
    table = read_runs(file, conditions)
    found = how(table.runs, base=kept, draws=DRAWS if draws is None else draws)
    return replace(found, warnings=(*notes, *table.runs.warnings(), *found.warnings)), table.dropped


def _base(name: str, catalog: Path) -> tuple[Parametric, tuple[str, ...]]:
    """The law whose constants are kept, and which law an everyday name stands for."""
    found = find_law(name, catalog, "--base")
    if not isinstance(found.law, Parametric):
        raise UsageError(f"--base: {found.name} has no constants E, A, B, alpha and beta to keep")
    return found.law, found.notes


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
