"""Fitting the law for repeated data (arXiv:2305.16264, eq. 5 to 7): R_D* and R_N*, alone or with all constants."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from tokaudit.core.errors import InputError
from tokaudit.core.types import Float64, Int64
from tokaudit.laws.fit.descent import descend
from tokaudit.laws.fit.huber import huber, touching_weight
from tokaudit.laws.fit.protocol import Runs

Constants = dict[str, Float64]

BOUNDS: Final = (1e-2, 1e6)
"""Below the first, repeats count for nothing; above the second, as much as new tokens. Runs can't tell how far."""

_LOG_BOUNDS: Final = np.log(BOUNDS)
_FEWEST: Final = 5  # fewest runs that repeat tokens
# The paper starts from 0, 4, …, 20. The valley is long and flat, so this grid grows by factors.
_STARTS: Final = np.log(np.array([[d, n] for d in (1, 4, 16, 64, 1000) for n in (0.1, 0.5, 2, 5, 20, 500)], float))
_STARTS_OF_A_DRAW: Final = np.log(np.array([[4, 5], [16, 5], [100, 1.5], [1000, 0.3]], float))
_STEPS: Final = 60
_LAST_STEPS: Final = 200
_R_STARS: Final = 5  # index of ln R_D* in a point; ln R_N* follows


class Repeats:
    """The objective ``sum of w Huber(ln L(N', D') - ln L)`` over runs whose unique tokens are known or infinite.

    A point is (a, b, e, alpha, beta, ln R_D*, ln R_N*). Logarithms of N and D are counted from their means.

    Args:
        runs: the runs.
        weights: weights of the runs, (runs,) for all points or (points, runs).
        free: whether all seven constants may move, or only the last two.
    """

    def __init__(self, runs: Runs, weights: Float64, *, free: bool) -> None:
        self.weights, self.log_loss, self.free = weights, np.log(runs.loss), free
        self.x, self.y, self.u = np.log(runs.params), np.log(runs.tokens), np.log(runs.unique)
        self.centre = (float(self.x.mean()), float(self.y.mean()))
        self.first = np.minimum(self.y, self.u)
        self.repeats = np.expm1(self.y - self.first)
        self.known = np.isfinite(self.u)

    def points(self, base: Mapping[str, Float64], log_r_stars: Float64) -> Float64:
        """Points from one-epoch constants, (1,) or (points,) each, and (points, 2) of ln R_D* and ln R_N*."""
        theta = np.empty((len(log_r_stars), _R_STARS + 2))
        theta[:, 0] = np.log(base["A"]) - base["alpha"] * self.centre[0]
        theta[:, 1] = np.log(base["B"]) - base["beta"] * self.centre[1]
        theta[:, 2], theta[:, 3], theta[:, 4] = np.log(base["E"]), base["alpha"], base["beta"]
        theta[:, _R_STARS:] = log_r_stars
        return theta

    def constants(self, theta: Float64) -> dict[str, Float64]:
        """E, A, B, alpha, beta, R_D* and R_N* of points; the last two are infinite at the upper bound."""
        stars = np.exp(np.clip(theta[:, _R_STARS:], *_LOG_BOUNDS))
        stars[stars >= BOUNDS[1] * (1 - 1e-9)] = np.inf
        with np.errstate(over="ignore"):  # infinite if the runs leave a constant open
            return {
                "E": np.exp(theta[:, 2]),
                "A": np.exp(theta[:, 0] + theta[:, 3] * self.centre[0]),
                "B": np.exp(theta[:, 1] + theta[:, 4] * self.centre[1]),
                "alpha": theta[:, 3].copy(),
                "beta": theta[:, 4].copy(),
                "R_D_star": stars[:, 0],
                "R_N_star": stars[:, 1],
            }

    def parts(self, theta: Float64) -> tuple[Float64, list[Float64]]:
        """Residuals (points, runs), and their derivatives (points, runs) by each of the constants that may move."""
        a, b, e, alpha, beta = (theta[:, [place]] for place in range(_R_STARS))
        with np.errstate(all="ignore"):  # a point may have constants that make no law
            pull = np.log(alpha) + a + alpha * self.centre[0] - np.log(beta) - b - beta * self.centre[1]
            matched = (pull + beta * np.where(self.known, self.u, 0)) / alpha
            # ln U_N, the parameters that the unique tokens call for; if those are unknown, the run's parameters.
            short = self.known & np.isfinite(matched) & (matched < self.x)
            matched = np.where(short, matched, self.x)
            excess = np.expm1(self.x - matched)
            tokens, by_d, _ = _log_effective(theta[:, [_R_STARS]], self.repeats)
            params, by_n, by_excess = _log_effective(theta[:, [_R_STARS + 1]], excess)
            log_n, log_d = matched + params - self.centre[0], self.first + tokens - self.centre[1]
            model, data = np.exp(a - alpha * log_n), np.exp(b - beta * log_d)
            loss = model + data + np.exp(e)
            residual = np.nan_to_num(np.log(loss) - self.log_loss, nan=1e3, posinf=1e3)
            p, q = model / loss, data / loss
            slopes = [-q * beta * by_d, -p * alpha * by_n]
            if self.free:
                # ln N' by ln U_N: excess parameters shrink as U_N grows.
                of = np.where(short, 1 - by_excess * (excess + 1), 0) * -p * alpha
                by_alpha = (1 / alpha + self.centre[0] - matched) / alpha
                by_beta = (np.where(self.known, self.u, 0) - self.centre[1] - 1 / beta) / alpha
                five = [p + of / alpha, q - of / alpha, np.exp(e) / loss, of * by_alpha - p * log_n]
                slopes = [*five, of * by_beta - q * log_d, *slopes]
        return residual, [np.nan_to_num(slope) for slope in slopes]

    @property
    def terms(self) -> int:
        """Number of runs."""
        return len(self.log_loss)

    def _weights(self, rows: Int64) -> Float64:
        return self.weights if self.weights.ndim == 1 else self.weights[rows]

    def value(self, theta: Float64, rows: Int64) -> Float64:
        """The objective at each point."""
        total: Float64 = (self._weights(rows) * huber(self.parts(theta)[0])).sum(axis=1)
        return total

    def expand(self, theta: Float64, rows: Int64, *, exact: bool) -> tuple[Float64, Float64, Float64]:  # noqa: ARG002
        """Value, gradient and curvature (of reweighted least squares); zero for constants that may not move."""
        residual, slopes = self.parts(theta)
        weights = self._weights(rows)
        bend = weights * touching_weight(residual)
        gradient, curvature = np.zeros(theta.shape), np.zeros((*theta.shape, theta.shape[1]))
        moving = range(theta.shape[1] - len(slopes), theta.shape[1])
        for i, slope in zip(moving, slopes, strict=True):
            bent = bend * slope
            gradient[:, i] = (bent * residual).sum(axis=1)
            for j, other in zip(moving, slopes, strict=True):
                if j <= i:
                    curvature[:, i, j] = curvature[:, j, i] = (bent * other).sum(axis=1)
        return (weights * huber(residual)).sum(axis=1), gradient, curvature


def _log_effective(log_r_star: Float64, more: Float64) -> tuple[Float64, Float64, Float64]:
    """The logarithm ``ln(1 + R* (1 - e^(-more/R*)))``, and its derivatives by ln R* and by ``more``."""
    log_r_star = np.clip(log_r_star, *_LOG_BOUNDS)
    r_star = np.exp(log_r_star)
    gone = -np.expm1(-more / r_star)
    endless = log_r_star >= _LOG_BOUNDS[1]
    effective = 1 + np.where(endless, more, r_star * gone)
    by_log_r_star = np.where(endless, 0, r_star * gone - more * (1 - gone)) / effective
    return np.log(effective), by_log_r_star, np.where(endless, 1, 1 - gone) / effective


def check_repeats(runs: Runs, *, with_base: bool) -> None:
    """Check that enough runs repeat tokens to identify R_D*.

    Args:
        runs: all of them.
        with_base: whether only the constants of repetition are fitted, on top of a law.

    Raises:
        InputError: too few do; the message says what to do.
    """
    repeated = int((runs.tokens > runs.unique * (1 + 1e-9)).sum())
    if repeated < _FEWEST:
        raise InputError(
            f"the runs can't identify R_D*: {repeated} of them repeat tokens, at least {_FEWEST} are needed; "
            + ("leave out --base" if with_base else "pass --drop 'epochs>1' to leave these out")
        )


def fit_r_stars(runs: Runs, base: Mapping[str, Float64], weights: Float64) -> tuple[Constants, Constants]:
    """All seven constants of the runs, (1,) each, and of draws; only the last two are fitted.

    Args:
        runs: the runs.
        base: E, A, B, alpha and beta, (1,) each, which are kept.
        weights: weights of the runs in each draw, (draws, runs).
    """
    all_runs, drawn_runs = Repeats(runs, np.ones(len(runs)), free=False), Repeats(runs, weights, free=False)
    theta, value = descend(all_runs, all_runs.points(base, _STARTS), steps=2 * _STEPS, exact=False)
    best = theta[[int(value.argmin())]]
    points, least = np.repeat(best, len(weights), axis=0), np.full(len(weights), np.inf)
    for start in (best[0, _R_STARS:], *_STARTS_OF_A_DRAW):
        starts = drawn_runs.points(base, np.tile(start, (len(weights), 1)))
        theta, value = descend(drawn_runs, starts, steps=_STEPS, exact=False)
        points[value < least] = theta[value < least]
        least = np.minimum(value, least)
    return all_runs.constants(best), drawn_runs.constants(points)


def fit_seven(runs: Runs, base: Mapping[str, Float64], weights: Float64) -> tuple[Constants, Constants]:
    """All seven constants of the runs, (1,) each, and of draws, all fitted; the first five start from ``base``."""
    (found, _), free = fit_r_stars(runs, base, weights[:0]), Repeats(runs, np.ones(len(runs)), free=True)
    log_r_stars = np.log(np.minimum(np.stack([found["R_D_star"], found["R_N_star"]], axis=1), BOUNDS[1]))
    best, _ = descend(free, free.points(base, log_r_stars), steps=_LAST_STEPS, exact=False)
    points, _ = descend(
        Repeats(runs, weights, free=True), np.repeat(best, len(weights), axis=0), steps=_STEPS, exact=False
    )
    return free.constants(best), free.constants(points)
