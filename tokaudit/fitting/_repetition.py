"""R_D* and R_N* of runs that repeat tokens, on top of one-epoch constants (arXiv:2305.16264, eq. 5 to 7)."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from tokaudit.errors import InputError
from tokaudit.fitting import Runs
from tokaudit.fitting._descent import descend
from tokaudit.fitting._huber import huber, touching_weight
from tokaudit.records import Float64, Int64

BOUNDS: Final = (1e-2, 1e6)
"""Below the first repeats are worth nothing, beyond the second as much as new tokens: runs can't tell how far."""

_FEWEST: Final = 5  # runs that repeat tokens
# The paper starts from 0, 4, …, 20; the valley is long and flat, so this grid goes on in powers.
_STARTS: Final = np.log(np.array([[d, n] for d in (1, 4, 16, 64, 1000) for n in (0.1, 0.5, 2, 5, 20, 500)], float))
_STARTS_OF_A_DRAW: Final = np.log(np.array([[4, 5], [16, 5], [100, 1.5], [1000, 0.3]], float))
_STEPS: Final = 60


class Repeats:
    """Summed Huber loss of runs on limited data; a point is (ln R_D*, ln R_N*).

    Args:
        runs: the runs.
        base: E, A, B, alpha and beta, (1,) for all starts or (starts,).
        weights: of the runs, (runs,) or (starts, runs).
    """

    def __init__(self, runs: Runs, base: Mapping[str, Float64], weights: Float64) -> None:
        self.base = {name: base[name][:, None] for name in ("E", "A", "B", "alpha", "beta")}
        self.weights, self.log_loss = weights, np.log(runs.loss)
        alpha, beta = self.base["alpha"], self.base["beta"]
        with np.errstate(all="ignore"):  # a draw may lie where no law is
            g = (alpha * self.base["A"] / (beta * self.base["B"])) ** (1 / (alpha + beta))
            matched = np.minimum(runs.params, g * (g * runs.unique) ** (beta / alpha))
            # (starts, runs): params that the unique tokens call for, and how many times more there are.
            self.matched = np.where(np.isfinite(matched), matched, runs.params)
        self.excess = runs.params / self.matched - 1
        self.first = np.minimum(runs.tokens, runs.unique)
        self.repeats = runs.tokens / self.first - 1

    def _of(self, array: Float64, rows: Int64) -> Float64:
        return array if len(array) == 1 else array[rows]

    def _worth(self, log_star: Float64, once: Float64, more: Float64) -> tuple[Float64, Float64]:
        """``once (1 + R* (1 - e^(-more/R*)))`` and its derivative by ln R*, over itself."""
        log_star = np.clip(log_star, *np.log(BOUNDS))[:, None]
        star = np.exp(log_star)
        gone = -np.expm1(-more / star)
        endless = log_star >= np.log(BOUNDS[1])
        worth = 1 + np.where(endless, more, star * gone)
        return once * worth, np.where(endless, 0, star * gone - more * (1 - gone)) / worth

    def parts(self, theta: Float64, rows: Int64) -> tuple[Float64, Float64, Float64]:
        """Residuals, and their derivatives by ln R_D* and ln R_N*; (points, runs) each."""
        base = {name: self._of(value, rows) for name, value in self.base.items()}
        tokens, by_d = self._worth(theta[:, 0], self.first, self.repeats)
        params, by_n = self._worth(theta[:, 1], self._of(self.matched, rows), self._of(self.excess, rows))
        with np.errstate(all="ignore"):
            data_term = base["B"] * tokens ** -base["beta"]
            model_term = base["A"] * params ** -base["alpha"]
            loss = base["E"] + model_term + data_term
            residual = np.nan_to_num(np.log(loss) - self.log_loss, nan=1e3, posinf=1e3)
            of_d, of_n = -base["beta"] * data_term / loss * by_d, -base["alpha"] * model_term / loss * by_n
        return residual, np.nan_to_num(of_d), np.nan_to_num(of_n)

    @property
    def terms(self) -> int:
        """How many runs."""
        return len(self.log_loss)

    def _weights(self, rows: Int64) -> Float64:
        return self.weights if self.weights.ndim == 1 else self.weights[rows]

    def value(self, theta: Float64, rows: Int64) -> Float64:
        """The sum, point by point."""
        total: Float64 = (self._weights(rows) * huber(self.parts(theta, rows)[0])).sum(axis=1)
        return total

    def expand(self, theta: Float64, rows: Int64, *, exact: bool) -> tuple[Float64, Float64, Float64]:  # noqa: ARG002
        """Value, gradient and the curvature of reweighted least squares: two parameters need no better."""
        residual, by_d, by_n = self.parts(theta, rows)
        weights = self._weights(rows)
        slope = weights * touching_weight(residual) * residual
        bend = weights * touching_weight(residual)
        mixed = (bend * by_d * by_n).sum(axis=1)
        curvature = np.array([[(bend * by_d**2).sum(axis=1), mixed], [mixed, (bend * by_n**2).sum(axis=1)]])
        gradient = np.stack([(slope * by_d).sum(axis=1), (slope * by_n).sum(axis=1)], axis=1)
        return (weights * huber(residual)).sum(axis=1), gradient, curvature.transpose(2, 0, 1)


def check_repeats(runs: Runs) -> None:
    """Nothing, if so many runs repeat tokens that R_D* shows.

    Raises:
        InputError: too few; the message says how to leave them out.
    """
    repeated = int((runs.tokens > runs.unique * (1 + 1e-9)).sum())
    if repeated < _FEWEST:
        raise InputError(
            f"the runs can't identify R_D*: {repeated} of them repeat tokens, and at least {_FEWEST} are needed "
            "(--drop 'epochs>1' leaves them out)"
        )


def stars(theta: Float64) -> dict[str, Float64]:
    """R_D* and R_N* of points; infinite at the upper bound."""
    star = np.exp(np.clip(theta, *np.log(BOUNDS)))
    star[star >= BOUNDS[1] * (1 - 1e-9)] = np.inf
    return {"R_D_star": star[:, 0], "R_N_star": star[:, 1]}


def fit_stars(runs: Runs, base: Mapping[str, Float64], weights: Float64) -> Float64:
    """The point of the runs, (1, 2)."""
    theta, value = descend(Repeats(runs, base, weights), _STARTS, steps=2 * _STEPS, exact=False)
    return theta[[int(value.argmin())]]


def draw_stars(runs: Runs, base: Mapping[str, Float64], weights: Float64, start: Float64) -> Float64:
    """The points of draws, (draws, 2).

    Args:
        runs: the runs.
        base: one-epoch constants, (1,) or (draws,).
        weights: (draws, runs).
        start: the point of the runs themselves, (1, 2).
    """
    best = np.empty((len(weights), 2))
    least = np.full(len(weights), np.inf)
    repeats = Repeats(runs, base, weights)
    for each in (start[0], *_STARTS_OF_A_DRAW):
        theta, value = descend(repeats, np.tile(each, (len(weights), 1)), steps=_STEPS, exact=False)
        lower = value < least
        best[lower], least[lower] = theta[lower], value[lower]
    return best
