"""Laws that users fitted and saved in the catalog under a name."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from tokaudit import __version__
from tokaudit.catalog.connection import open_readonly, utc_now, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.statements import fetch_rows, with_incoming
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.core.saved_names import check_is_saved, check_saved_name
from tokaudit.laws.fit.protocol import LEVEL, Draws, Fit
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import (
    Interval,
    LawMetadata,
    ParamsCounted,
    PublishedInterval,
    Repetition,
    ScalingLaw,
    Validity,
)
from tokaudit.laws.published import LAWS


def saved_names(catalog: Path) -> list[str]:
    """Names of the laws saved in a catalog, sorted."""
    with open_readonly(catalog) as connection:
        return [row["law"] for row in fetch_rows(connection, "select law from laws order by law")]


def check_name(catalog: Path, name: str, *, force: bool) -> None:
    """Check that a fit can be saved under that name.

    Raises:
        UsageError: it is not a valid name, is that of a published law, or is taken and ``force`` is not set.
    """
    check_saved_name(name, "a law")
    if name in LAWS.names():
        raise UsageError(f"--save: {name} is a published law; choose another name")
    if not force and catalog.is_file() and name in saved_names(catalog):
        raise UsageError(f"--save: {catalog} already has a law {name}; pass --force to replace it")


def save_law(
    catalog: Path,
    name: str,
    method: str,
    source_file: str,
    fit: Fit,
    *,
    params_counted: ParamsCounted = "total",
    tokenizer: str | None = None,
) -> None:
    """Save a fit as a law, replacing one of the same name; makes the catalog if there is none.

    Args:
        catalog: the catalog.
        name: name of the law.
        method: name of the fitting method.
        source_file: name of the file with the runs.
        fit: the fit.
        params_counted: which parameters N of the runs counts.
        tokenizer: the tokenizer whose tokens D counts; None: not known.

    Raises:
        CatalogError: the catalog can't be written.
    """
    valid = fit.runs.valid()
    spans = [*(valid.flops or ()), *(valid.params or ()), *(valid.tokens or ())]
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        _delete(connection, name)
        connection.execute(
            "insert into store.laws (law, method, source_file, runs_used, objective, r_squared, level, flops_low,"
            " flops_high, params_low, params_high, tokens_low, tokens_high, warnings, saved, version, params_counted,"
            " tokenizer) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(name, method, source_file, len(fit.runs), fit.objective, fit.r_squared, LEVEL),
                *(*spans, list(fit.warnings), utc_now(), __version__, params_counted, tokenizer),
            ],
        )
        for place, (constant, value) in enumerate(fit.constants.items()):
            low, high = fit.interval.get(constant, (None, None))
            connection.execute(
                "insert into store.law_constants (law, place, name, value, low, high) values (?, ?, ?, ?, ?, ?)",
                [name, place, constant, value, low, high],
            )
        if fit.draws:
            with_incoming(connection, "insert into store.law_draws by name from incoming", _long(name, fit.draws))


def forget_law(catalog: Path, name: str) -> None:
    """Remove a saved law, its constants and its draws.

    Raises:
        UsageError: no saved law has that name; the message lists the saved ones.
        CatalogError: there is no catalog, or it can't be written.
    """
    # Before `exclusive_writer`, which would make a catalog if there is none.
    check_is_saved(name, "law", saved_names(catalog), catalog)
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        _delete(connection, name)


def _delete(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    for table in ("laws", "law_constants", "law_draws"):
        connection.execute(f"delete from store.{table} where law = ?", [name])  # noqa: S608 - of the three above


def _long(name: str, draws: Draws) -> dict[str, Any]:
    """Draws as columns, one row per draw and constant."""
    count = len(next(iter(draws.values())))
    return {
        "law": [name] * (count * len(draws)),
        "draw": np.tile(np.arange(count), len(draws)),
        "name": [constant for constant in draws for _ in range(count)],
        "value": np.concatenate(list(draws.values())),
    }


def saved_law(catalog: Path, name: str) -> tuple[ScalingLaw, Draws]:
    """A law saved in the catalog, and its draws."""
    with open_readonly(catalog) as connection:
        (metadata,) = fetch_rows(connection, "select * from laws where law = $law", {"law": name})
        constants = fetch_rows(connection, "select * from law_constants where law = $law order by place", {"law": name})
        drawn = connection.execute(
            "select name, value from law_draws where law = ? order by name, draw", [name]
        ).fetchnumpy()
    names, values = np.asarray(drawn["name"]), np.asarray(drawn["value"], np.float64)
    draws = {row["name"]: values[names == row["name"]] for row in constants if (names == row["name"]).any()}
    return _law(metadata, constants), draws


def _law(metadata: Row, constants: list[Row]) -> ScalingLaw:
    value = {row["name"]: row["value"] for row in constants}
    bounds: dict[str, Interval] = {
        row["name"]: (row["low"], row["high"]) for row in constants if row["low"] is not None
    }
    how = f"{metadata['method']}, {metadata['runs_used']} runs, {metadata['saved']:%Y-%m-%d}"
    law_metadata = LawMetadata(
        source=f"fitted on {metadata['source_file']} ({how})",
        params_counted=metadata["params_counted"],
        corpus=f"the corpus of {metadata['source_file']}",
        tokenizer=metadata["tokenizer"] or "the runs' own tokenizer",
        valid=Validity(
            flops=(metadata["flops_low"], metadata["flops_high"]),
            params=(metadata["params_low"], metadata["params_high"]),
            tokens=(metadata["tokens_low"], metadata["tokens_high"]),
        ),
        interval=PublishedInterval(metadata["level"], bounds) if bounds else None,
        warnings=tuple(metadata["warnings"]),
    )
    if "k_N" in value:
        return Frontier(gives="params", k=value["k_N"], exponent=value["a"], metadata=law_metadata)
    return Parametric(
        **{name: value[name] for name in ("E", "A", "B", "alpha", "beta")},
        repetition=Repetition(value["R_D_star"], value["R_N_star"]) if "R_D_star" in value else None,
        metadata=law_metadata,
    )
