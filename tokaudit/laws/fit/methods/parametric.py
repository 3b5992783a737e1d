"""Approach 3 of arXiv:2203.15556: ``L(N, D) = E + A/N^alpha + B/D^beta`` by robust regression.

If runs repeat tokens, R_D* and R_N* of arXiv:2305.16264 are fitted too. All seven constants are fitted on all runs,
starting from the five of the runs without repeats. If the five are kept from a law, only the two are fitted. A run
without repeats obeys the same equation: unless its unique tokens are unknown or infinite, excess parameters count for
less.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

import numpy as np

from tokaudit.core.rows import Row
from tokaudit.core.types import Float64
from tokaudit.laws.fit.bootstrap import FEWEST, intervals, open_intervals, resamples
from tokaudit.laws.fit.descent import descend
from tokaudit.laws.fit.huber import LogSumExp, huber
from tokaudit.laws.fit.identify import check_falls, check_parametric, weak
from tokaudit.laws.fit.protocol import DRAWS, Fit, Method, Runs, explained_variance, residual_rows
from tokaudit.laws.fit.repetition import Repeats, check_repeats, fit_r_stars, fit_seven
from tokaudit.laws.parametric import Form, Parametric

# The paper's starts of a, b, e, alpha and beta.
_GRID: Final = (
    np.arange(0, 26, 5),
    np.arange(0, 26, 5),
    np.linspace(-1, 1, 5),
    np.linspace(0, 2, 5),
    np.linspace(0, 2, 5),
)
N = TypeVar("N", float, Float64)

ONE_EPOCH: Final = ("E", "A", "B", "alpha", "beta")

_STEPS: Final = 20  # steps from every start, enough to see which starts lead to the minimum
_FINALISTS: Final = 64  # starts that then go on to the end
_LAST_STEPS: Final = 150
_FRONTIER_POINTS: Final = 25


def _fit(runs: Runs, *, base: Parametric | None = None, draws: int = DRAWS) -> Fit:
    runs = runs.ordered()
    found, drawn = _constants(runs, base, draws)
    too_few = draws > 0 and not drawn
    constants = {name: float(value[0]) for name, value in found.items()}
    draws_by_constant = drawn | (_exponents(drawn) if "alpha" in drawn else {})
    fitted = ("R_D_star", "R_N_star") if base else (*constants, "a", "b")
    spans = open_intervals(fitted) if too_few else intervals(draws_by_constant)
    log_predicted = _log_predicted(runs, found)
    return Fit(
        constants=constants,
        exponents=_exponents(constants),
        objective=float(huber(log_predicted - np.log(runs.loss)).sum()),
        r_squared=explained_variance(runs.loss, np.exp(log_predicted)),
        runs=runs,
        interval=spans,
        draws=drawn,
        warnings=tuple(weak(spans, too_few=too_few)),
        residuals=residual_rows(runs, np.exp(log_predicted)),
        frontier=_frontier(runs, constants),
    )


def _constants(runs: Runs, base: Parametric | None, draws: int) -> tuple[dict[str, Float64], dict[str, Float64]]:
    """The constants of the runs, (1,) each, and their draws; no draws if there are too few runs to resample."""
    once = np.flatnonzero(runs.tokens <= runs.unique * (1 + 1e-9))
    weights = resamples(len(runs), draws if len(runs if base else once) >= FEWEST else 0)
    if base:
        check_repeats(runs, with_base=True)
        kept = {name: np.array([base.constants[name]]) for name in ONE_EPOCH}
        found, drawn = fit_r_stars(runs, kept, weights)
        found, drawn = found | kept, {name: values for name, values in drawn.items() if name not in kept}
    else:
        check_parametric(runs.taken(once))
        found, drawn = _five(runs.taken(once), weights[:, once])
        check_falls({name: float(value[0]) for name, value in found.items()})
        if len(once) < len(runs):
            check_repeats(runs, with_base=False)
            found, drawn = fit_seven(runs, found, weights)
    return found, drawn if len(weights) else {}


def _five(runs: Runs, weights: Float64) -> tuple[dict[str, Float64], dict[str, Float64]]:
    """E, A, B, alpha and beta of the runs, (1,) each, and of the draws, (draws,) each."""
    best = _least(LogSumExp(runs.params, runs.tokens, runs.loss, np.ones(len(runs))))
    drawn = LogSumExp(runs.params, runs.tokens, runs.loss, weights)
    points, _ = descend(drawn, np.repeat(best, len(weights), axis=0), steps=_STEPS, exact=False)
    points, _ = descend(drawn, points, steps=_LAST_STEPS, exact=True)
    return drawn.constants(best), drawn.constants(points)


def _least(objective: LogSumExp) -> Float64:
    """The lowest point that the grid of starts leads to, (1, 5)."""
    grid = np.stack(np.meshgrid(*_GRID, indexing="ij"), axis=-1).reshape(-1, 5).astype(np.float64)
    theta, value = descend(objective, objective.point(grid), steps=_STEPS, exact=False)
    theta, value = descend(objective, theta[np.argsort(value)[:_FINALISTS]], steps=_LAST_STEPS, exact=True)
    return theta[[int(value.argmin())]]


def _exponents(constants: Mapping[str, N]) -> dict[str, N]:
    """The exponents ``a = beta/(alpha+beta)`` and ``b = alpha/(alpha+beta)``, for numbers or for draws."""
    alpha, beta = constants["alpha"], constants["beta"]
    return {"a": beta / (alpha + beta), "b": alpha / (alpha + beta)}


def _log_predicted(runs: Runs, found: Mapping[str, Float64]) -> Float64:
    """Log loss of each run by constants, (1,) each; without R_D* and R_N*, repeats count in full."""
    stars = [float(found[name][0]) if name in found else np.inf for name in ("R_D_star", "R_N_star")]
    repeats = Repeats(runs, np.ones(len(runs)), free=False)
    residual, _ = repeats.parts(repeats.points(found, np.log([stars])))
    predicted: Float64 = residual[0] + np.log(runs.loss)
    return predicted


def _frontier(runs: Runs, constants: Mapping[str, float]) -> list[Row]:
    """The best runs with unlimited data for budgets over the range of the runs."""
    form = Form(**{name: constants[name] for name in ONE_EPOCH})
    rows: list[Row] = []
    for flops in np.geomspace(runs.flops.min(), runs.flops.max(), _FRONTIER_POINTS).tolist():
        best = form.optimum(flops)
        rows.append(
            {"flops": flops, "params": best.params, "tokens": best.tokens, "loss": form.loss(best.params, best.tokens)}
        )
    return rows


FIT: Final[Method] = _fit
