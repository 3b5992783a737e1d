"""The objective of arXiv:2203.15556, eq. 3: the summed Huber loss of log predicted - log observed loss."""

from typing import Final

import numpy as np

from tokaudit.core.types import Float64, Int64

DELTA: Final = 1e-3
# Places of (a, b, e, alpha, beta) in a point.
_A, _B, _E, _ALPHA, _BETA = range(5)


def huber(residual: Float64) -> Float64:
    """The Huber loss: ``r²/2`` up to delta, ``delta (|r| - delta/2)`` beyond."""
    bounded = np.clip(residual, -DELTA, DELTA)
    return bounded * (residual - bounded / 2)


def touching_weight(residual: Float64) -> Float64:
    """The weight of ``r²/2`` in the quadratic that touches the Huber loss at ``r`` from above."""
    weight: Float64 = np.minimum(1, DELTA / np.maximum(np.abs(residual), 1e-300))
    return weight


class LogSumExp:
    """The objective ``sum of w Huber(LSE(a - alpha ln N, b - beta ln D, e) - ln L)``.

    It is a sum, because optimisers stop too early on the mean. A point is (a, b, e, alpha, beta). Logarithms of N and
    D are counted from their means, so that the five are nearly uncorrelated.

    Args:
        params: N of each run.
        tokens: D of each run.
        loss: L of each run.
        weights: weights of the runs, (runs,) for all starts or (starts, runs).
    """

    def __init__(self, params: Float64, tokens: Float64, loss: Float64, weights: Float64) -> None:
        x, y = np.log(params), np.log(tokens)
        self.centre = (float(x.mean()), float(y.mean()))
        self.x, self.y, self.log_loss, self.weights = x - self.centre[0], y - self.centre[1], np.log(loss), weights
        one = np.ones_like(x)
        self._of_x = np.stack([one, -self.x, self.x**2], axis=1)
        self._of_y = np.stack([one, -self.y, self.y**2], axis=1)
        self._of_both = np.stack([one, -self.x, -self.y, self.x * self.y], axis=1)

    def point(self, theta: Float64) -> Float64:
        """(a, b, e, alpha, beta) as in the paper -> as points here."""
        shift = np.zeros_like(theta)
        shift[:, _A], shift[:, _B] = theta[:, _ALPHA] * self.centre[0], theta[:, _BETA] * self.centre[1]
        return theta - shift

    def constants(self, theta: Float64) -> dict[str, Float64]:
        """E, A, B, alpha and beta of points."""
        with np.errstate(over="ignore"):  # infinite if the runs leave a constant open
            return {
                "E": np.exp(theta[:, _E]),
                "A": np.exp(theta[:, _A] + theta[:, _ALPHA] * self.centre[0]),
                "B": np.exp(theta[:, _B] + theta[:, _BETA] * self.centre[1]),
                "alpha": theta[:, _ALPHA].copy(),
                "beta": theta[:, _BETA].copy(),
            }

    @property
    def terms(self) -> int:
        """Number of runs."""
        return len(self.log_loss)

    def _weights(self, rows: Int64) -> Float64:
        return self.weights if self.weights.ndim == 1 else self.weights[rows]

    def _parts(self, theta: Float64) -> tuple[Float64, tuple[Float64, Float64, Float64]]:
        """Residuals, and the share (0 to 1) of each of the three terms in the predicted loss."""
        model = theta[:, [_A]] - theta[:, [_ALPHA]] * self.x
        data = theta[:, [_B]] - theta[:, [_BETA]] * self.y
        floor = theta[:, [_E]]
        most = np.maximum(np.maximum(model, data), floor)
        terms = np.exp(model - most), np.exp(data - most), np.exp(floor - most)
        total = terms[0] + terms[1] + terms[2]
        return most + np.log(total) - self.log_loss, (terms[0] / total, terms[1] / total, terms[2] / total)

    def residuals(self, theta: Float64) -> Float64:
        """Log predicted - log observed loss, (points, runs)."""
        return self._parts(theta)[0]

    def value(self, theta: Float64, rows: Int64) -> Float64:
        """The objective at each point."""
        total: Float64 = (self._weights(rows) * huber(self.residuals(theta))).sum(axis=1)
        return total

    def expand(self, theta: Float64, rows: Int64, *, exact: bool) -> tuple[Float64, Float64, Float64]:
        """Value, gradient and curvature at each point; second derivatives of LSE follow from shares of its terms."""
        weights = self._weights(rows)
        residual, (p, q, s) = self._parts(theta)
        slope = weights * np.clip(residual, -DELTA, DELTA)
        by_p, by_q, by_s = (slope * p) @ self._of_x, (slope * q) @ self._of_y, (slope * s).sum(axis=1)
        gradient = np.stack([by_p[:, 0], by_q[:, 0], by_s, by_p[:, 1], by_q[:, 1]], axis=1)

        bend = weights * (np.abs(residual) <= DELTA) - slope if exact else weights * touching_weight(residual)
        pp, qq, ss = (bend * p * p) @ self._of_x, (bend * q * q) @ self._of_y, (bend * s * s).sum(axis=1)
        pq, ps, qs = (bend * p * q) @ self._of_both, (bend * p * s) @ self._of_x, (bend * q * s) @ self._of_y
        if exact:
            pp, qq, ss = pp + by_p, qq + by_q, ss + by_s
        upper = [
            [pp[:, 0], pq[:, 0], ps[:, 0], pp[:, 1], pq[:, 2]],
            [qq[:, 0], qs[:, 0], pq[:, 1], qq[:, 1]],
            [ss, ps[:, 1], qs[:, 1]],
            [pp[:, 2], pq[:, 3]],
            [qq[:, 2]],
        ]
        curvature = np.empty((len(theta), 5, 5))
        for i, row in enumerate(upper):
            for j, entry in enumerate(row, start=i):
                curvature[:, i, j] = curvature[:, j, i] = entry
        return (weights * huber(residual)).sum(axis=1), gradient, curvature
