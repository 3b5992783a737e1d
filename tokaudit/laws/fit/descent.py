"""Many descents of one objective at once, by damped Newton steps on the absolute curvature."""

from typing import Final, Protocol

import numpy as np

from tokaudit.core.types import Float64, Int64

_ABREAST: Final = 8_192  # numbers in an array, so that it stays in a core's cache and its memory is reused
_LONGEST: Final = 20.0  # longest step in any parameter, so that no start lands where the objective overflows
_HOPELESS: Final = 1e6  # damping at which steps are too short to matter: the point is a minimum, or flat


class Objective(Protocol):
    """A sum over runs, as a function of a few parameters, computed for many points at once."""

    @property
    def terms(self) -> int:
        """Number of runs."""
        ...

    def value(self, theta: Float64, rows: Int64) -> Float64:
        """The function at each of the points (points, parameters); ``rows`` says which start each belongs to."""
        ...

    def expand(self, theta: Float64, rows: Int64, *, exact: bool) -> tuple[Float64, Float64, Float64]:
        """Value, gradient and curvature at each point.

        Without ``exact``, the curvature is that of a quadratic that touches the Huber loss from above (reweighted
        least squares), which works far from a minimum. With it, it is the second derivatives, which work close to one.
        """
        ...


def descend(objective: Objective, starts: Float64, *, steps: int, exact: bool) -> tuple[Float64, Float64]:
    """The points that ``steps`` steps lead to from each start (starts, parameters), never uphill, and their values."""
    theta, value = starts.copy(), np.empty(len(starts))
    abreast = max(1, _ABREAST // objective.terms)
    for first in range(0, len(starts), abreast):
        rows = np.arange(first, min(first + abreast, len(starts)))
        theta[rows], value[rows] = _descend(objective, theta[rows], rows, steps, exact=exact)
    return theta, value


def _descend(objective: Objective, theta: Float64, rows: Int64, steps: int, *, exact: bool) -> tuple[Float64, Float64]:
    value = objective.value(theta, rows)
    damping = np.full(len(rows), 1e-2)
    for _ in range(steps):
        on = np.flatnonzero(damping < _HOPELESS)
        if not len(on):
            break
        here, gradient, curvature = objective.expand(theta[on], rows[on], exact=exact)
        there = theta[on] + _step(gradient, curvature, damping[on])
        after = objective.value(there, rows[on])
        lower = after < here
        value[on] = np.where(lower, after, here)
        theta[on] = np.where(lower[:, None], there, theta[on])
        damping[on] = np.where(lower, np.maximum(damping[on] / 5, 1e-9), damping[on] * 4)
    return theta, value


def _step(gradient: Float64, curvature: Float64, damping: Float64) -> Float64:
    # Parameters are scaled by their own curvature, so that one damping fits all. Its absolute value avoids saddles.
    scale = np.sqrt(np.maximum(np.abs(np.einsum("sii->si", curvature)), 1e-12))
    bends, axes = np.linalg.eigh(curvature / (scale[:, :, None] * scale[:, None, :]))
    along = np.einsum("sji,sj->si", axes, gradient / scale) / (np.abs(bends) + damping[:, None])
    step = -np.einsum("sij,sj->si", axes, along) / scale
    longest = np.abs(step).max(axis=1, keepdims=True)
    shortened: Float64 = step * np.minimum(1, _LONGEST / np.maximum(longest, 1e-300))
    return shortened
