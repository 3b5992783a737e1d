"""The part shared by methods that find optimal runs only: ``N = k_N C^a`` through them, and ``D = C/6N``."""

from collections.abc import Mapping, Sequence

import numpy as np

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.rows import Row
from tokaudit.core.types import Float64
from tokaudit.laws.fit.bootstrap import intervals, open_intervals
from tokaudit.laws.fit.identify import weak
from tokaudit.laws.fit.protocol import Fit, Runs, explained_variance
from tokaudit.laws.parametric import Parametric


def check_unrepeated(runs: Runs, base: Parametric | None, method: str) -> None:
    """Check that the method can take the runs.

    Raises:
        InputError: some runs repeat tokens.
        UsageError: constants to keep are given.
    """
    if base is not None:
        raise UsageError(f"--base: {method} fits no one-epoch constants; use --method parametric")
    repeated = int((runs.tokens > runs.unique * (1 + 1e-9)).sum())
    if repeated:
        raise InputError(
            f"{repeated} runs repeat tokens, and {method} takes runs of one epoch only; pass --drop 'epochs>1' to "
            "leave them out"
        )


def line(log_flops: Float64, log_params: Float64) -> tuple[Float64, Float64]:
    """``ln k_N`` and ``a`` by least squares, for each row of (draws, points); NaN points are left out."""
    there = np.isfinite(log_params)
    count = there.sum(axis=1)
    x = np.where(there, log_flops, 0)
    y = np.where(there, log_params, 0)
    with np.errstate(all="ignore"):
        mean_x, mean_y = x.sum(axis=1) / count, y.sum(axis=1) / count
        off = np.where(there, log_flops - mean_x[:, None], 0)
        slope = (off * y).sum(axis=1) / (off**2).sum(axis=1)
    return mean_y - slope * mean_x, slope


def frontier_fit(
    runs: Runs,
    log_flops: Float64,
    log_params: Float64,
    drawn: tuple[Float64, Float64] | None,
    *,
    residuals: Sequence[Row],
    frontier: Sequence[Row],
    warnings: Sequence[str],
    too_few: bool,
) -> Fit:
    """The fit through optimal runs.

    Args:
        runs: the runs that were used.
        log_flops: ln C of the optimal runs.
        log_params: ln N of the optimal runs.
        drawn: ``ln k_N`` and ``a`` of the draws, if there are any.
        residuals: one row per run.
        frontier: one row per optimal run.
        warnings: warnings of the method.
        too_few: whether there are no draws because there are too few runs.
    """
    (intercept,), (slope,) = line(log_flops[None], log_params[None])
    constants = {"k_N": float(np.exp(intercept)), "a": float(slope)}
    draws: Mapping[str, Float64] = {}
    if drawn is not None:
        good = np.isfinite(drawn[1])
        draws = {"k_N": np.exp(drawn[0][good]), "a": drawn[1][good]}
    draws_by_constant = {**draws, "b": 1 - draws["a"]} if draws else {}
    spans = open_intervals((*constants, "b")) if too_few else intervals(draws_by_constant)
    return Fit(
        constants=constants,
        exponents={"a": constants["a"], "b": 1 - constants["a"]},
        objective=None,
        r_squared=explained_variance(log_params, intercept + slope * log_flops),
        runs=runs,
        interval=spans,
        draws=draws,
        warnings=(*warnings, *weak(spans, too_few=too_few)),
        residuals=residuals,
        frontier=frontier,
    )
