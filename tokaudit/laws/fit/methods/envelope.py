"""Approach 1 of arXiv:2203.15556: the lowest training curve at each budget, and a line through the sizes of these.

A curve is all runs of one size, ordered by tokens: checkpoints, or runs of several lengths. For intervals, sizes are
resampled.
"""

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from tokaudit.core.errors import InputError
from tokaudit.core.types import Float64
from tokaudit.laws.fit.bootstrap import FEWEST, resamples
from tokaudit.laws.fit.frontier import check_unrepeated, frontier_fit, line
from tokaudit.laws.fit.identify import check_spread
from tokaudit.laws.fit.protocol import DRAWS, Fit, Method, Runs, residual_rows
from tokaudit.laws.parametric import Parametric

if TYPE_CHECKING:
    from tokaudit.core.rows import Row

_BUDGETS: Final = 1500  # as in the paper: log-spaced over the range of the curves
_LEAST_CURVES: Final = 4


def _fit(runs: Runs, *, base: Parametric | None = None, draws: int = DRAWS) -> Fit:
    check_unrepeated(runs, base, "envelope")
    runs = runs.ordered()
    sizes = np.unique(runs.params)
    log_flops = np.linspace(np.log(runs.flops.min()), np.log(runs.flops.max()), _BUDGETS)
    curves = np.stack([_curve(runs, size, log_flops) for size in sizes])
    long = np.isfinite(curves).any(axis=1)
    if long.sum() < _LEAST_CURVES:
        raise InputError(
            f"too few training curves: {int(long.sum())} sizes have losses at several numbers of tokens, "
            f"at least {_LEAST_CURVES} are needed"
        )
    log_sizes, curves = np.log(sizes[long]), curves[long]
    best = _lowest(log_sizes, curves)
    identified = np.isfinite(best)
    check_spread("sizes that are the best at some budget", np.exp(best[identified]), "a")

    drawn = None
    if draws and len(log_sizes) >= FEWEST:
        there = resamples(len(log_sizes), draws) > 0
        drawn = line(log_flops, np.stack([_lowest(log_sizes[which], curves[which]) for which in there]))
    lowest = np.where(np.isfinite(curves), curves, np.inf).min(axis=0)
    rows: list[Row] = [
        {
            "flops": math.exp(log_flops[i]),
            "params": math.exp(best[i]),
            "tokens": math.exp(log_flops[i] - best[i]) / 6,
            "loss": math.exp(lowest[i]),
        }
        for i in np.flatnonzero(identified)
    ]
    return frontier_fit(
        runs,
        log_flops[identified],
        best[identified],
        drawn,
        residuals=residual_rows(runs, _floor(runs, log_flops, lowest)),
        frontier=rows,
        warnings=(),
        too_few=drawn is None and draws > 0,
    )


def _curve(runs: Runs, size: float, log_flops: Float64) -> Float64:
    """Log loss of a size at those budgets, linear in ln C between its runs; NaN outside their range."""
    own = runs.params == size
    at, where = np.unique(np.log(runs.flops[own]), return_inverse=True)
    if len(at) < 2:
        return np.full(len(log_flops), np.nan)
    mean = np.bincount(where, np.log(runs.loss[own])) / np.bincount(where)  # over runs that differ in their seed only
    return np.interp(log_flops, at, mean, left=np.nan, right=np.nan)


def _lowest(log_sizes: Float64, curves: Float64) -> Float64:
    """Log N of the lowest curve at each budget; NaN if no smaller or no larger size was tried."""
    there = np.isfinite(curves)
    sizes = log_sizes[:, None]
    best = log_sizes[np.where(there, curves, np.inf).argmin(axis=0)]
    between = (np.where(there, sizes, np.inf).min(axis=0) < best) & (best < np.where(there, sizes, -np.inf).max(axis=0))
    return np.where(between, best, np.nan)


def _floor(runs: Runs, log_flops: Float64, lowest: Float64) -> Float64:
    """Loss of the envelope at the budget of each run; NaN outside its range."""
    there = np.isfinite(lowest)
    return np.exp(np.interp(np.log(runs.flops), log_flops[there], lowest[there], left=np.nan, right=np.nan))


FIT: Final[Method] = _fit
