"""What every fitting method takes and returns: runs, and a fitted law with its draws.

Methods are pure functions. The order of the runs changes nothing, because they are sorted before anything is added up.
Symbols stand next to the equations, as in `tokaudit.laws.protocol`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from tokaudit.core.rows import Row
from tokaudit.core.types import Float64, Int64
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import Interval, Validity

LEVEL: Final = 0.95
"""Probability of every interval."""

DRAWS: Final = 1000
"""Default number of bootstrap draws."""


Draws = Mapping[str, Float64]
"""Constant -> its draws. Entries at the same index belong together. Empty: no draws are known."""

_FLOPS_OFF: Final = 0.1  # as a share of 6ND; rounding and attention explain less than this


@dataclass(frozen=True, slots=True)
class Runs:
    """Training runs, one array entry per run; all numbers are positive and finite, except for ``unique``.

    Attributes:
        params: N.
        tokens: D, tokens trained on, repeats included.
        flops: C, as given in the table, or 6ND.
        loss: L, in nats per token.
        unique: U, unique tokens; infinite if the table does not say that any were repeated.
        line: line of the run in its file, or its row in a table in memory, counted from 0.
    """

    params: Float64
    tokens: Float64
    flops: Float64
    loss: Float64
    unique: Float64
    line: Int64

    def __len__(self) -> int:
        return len(self.params)

    def taken(self, which: Int64) -> "Runs":
        """The runs at these indices, in this order."""
        return Runs(*(getattr(self, name)[which] for name in ("params", "tokens", "flops", "loss", "unique", "line")))

    def ordered(self) -> "Runs":
        """The same runs, in an order that depends on their numbers only."""
        return self.taken(np.lexsort((self.loss, self.unique, self.flops, self.tokens, self.params)))

    def valid(self) -> Validity:
        """Lowest and highest FLOPs, parameters and tokens."""

        def span(values: Float64) -> Interval:
            return float(values.min()), float(values.max())

        return Validity(span(self.flops), span(self.params), span(self.tokens))

    def warnings(self) -> list[str]:
        """A warning if tokens and FLOPs disagree, because methods differ in which they use."""
        off = np.abs(self.flops / (6 * self.params * self.tokens) - 1) > _FLOPS_OFF
        note = (
            f"6ND of {off.sum()} of {len(self)} runs differs by more than {100 * _FLOPS_OFF:.0f} % from the FLOPs given"
        )
        return [f"{note}; parametric uses tokens, isoflop and envelope use FLOPs"] if off.any() else []


@dataclass(frozen=True, slots=True)
class Parabola:
    """The loss of the runs of one budget, as a parabola over ln N.

    Attributes:
        flops: C, the geometric mean of its runs.
        runs: the runs, as places in `Fit.runs`.
        centre: the mean of their ln N.
        coefficients: of the powers of ln N - centre, the highest first, (3,).
        lowest: N of its minimum; None if it has none among the sizes tried.
    """

    flops: float
    runs: Int64
    centre: float
    coefficients: Float64
    lowest: float | None

    def loss(self, params: Float64) -> Float64:
        """The loss at these numbers of parameters, in nats per token."""
        return np.asarray(np.polyval(self.coefficients, np.log(params) - self.centre), np.float64)


@dataclass(frozen=True, slots=True)
class Fit:
    """The result of a method.

    Attributes:
        constants: name -> value. E, A, B, alpha, beta, and R_D_star and R_N_star if repeats were fitted; or k_N and a
            of a frontier ``N = k_N C^a``.
        exponents: ``a`` and ``b`` of the optimal parameters and tokens over C.
        objective: sum over runs of the Huber loss (delta 1e-3) of log predicted - log observed loss; None if the
            method has none.
        r_squared: share of the variance explained: of the loss, or of ln N_opt for a frontier.
        runs: the runs that were used, in canonical order.
        interval: constant or exponent -> 95 % bootstrap interval. Infinite on a side that the runs leave open; 0 to
            infinity if there are too few runs to resample; empty if no draws were asked for.
        draws: draws of the fitted constants; empty if there are too few runs.
        warnings: what the runs leave open.
        residuals: one row per run: observed and predicted loss.
        frontier: rows to plot: the best run for budgets over the range of the runs, or the optima that were found.
        parabolas: those of the budgets, the smallest first; empty for a method that fits none.
    """

    constants: Mapping[str, float]
    exponents: Mapping[str, float]
    objective: float | None
    r_squared: float
    runs: Runs
    interval: Mapping[str, Interval]
    draws: Draws
    warnings: Sequence[str]
    residuals: Sequence[Row]
    frontier: Sequence[Row]
    parabolas: Sequence[Parabola] = ()


class Method(Protocol):
    """A way of fitting a law."""

    def __call__(self, runs: Runs, *, base: Parametric | None = None, draws: int = DRAWS) -> Fit:
        """The law fitted to these runs.

        Args:
            runs: the runs.
            base: a law whose one-epoch constants are kept, so that only those of repetition are fitted.
            draws: number of bootstrap draws for the intervals; 0: no intervals.

        Raises:
            InputError: the runs can't identify a law; the message says which constants, and why.
            UsageError: ``base`` is given and the method can't keep constants.
        """
        ...


def explained_variance(observed: Float64, predicted: Float64) -> float:
    """Share of the variance of the observed values that the prediction explains; 1 if they do not vary."""
    about_mean = float(((observed - observed.mean()) ** 2).sum())
    return 1 - float(((observed - predicted) ** 2).sum()) / about_mean if about_mean else 1.0


def residual_rows(runs: Runs, predicted: Float64) -> list[Row]:
    """One row per run: its numbers and the predicted loss; None if the fit gives no loss for the run."""
    return [
        {
            "line": int(runs.line[i]),
            "params": float(runs.params[i]),
            "tokens": float(runs.tokens[i]),
            "flops": float(runs.flops[i]),
            "unique_tokens": float(runs.unique[i]) if np.isfinite(runs.unique[i]) else None,
            "loss": float(runs.loss[i]),
            "predicted": float(predicted[i]) if np.isfinite(predicted[i]) else None,
            "log_residual": float(np.log(predicted[i] / runs.loss[i])) if np.isfinite(predicted[i]) else None,
        }
        for i in range(len(runs))
    ]
