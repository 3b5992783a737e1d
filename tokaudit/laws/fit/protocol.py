"""What every method of fitting takes and gives: runs, and a law of one's own with its draws.

Pure functions. The order of the runs changes nothing: they are sorted before anything is added up.
Symbols stay beside the equations, as in `tokaudit.laws.protocol`.
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
"""Bootstrap draws, where nothing else is asked."""


Draws = Mapping[str, Float64]
"""Constant -> its draws; entries at one place belong together. Empty: none are known."""

_FLOPS_OFF: Final = 0.1  # of 6ND, as a share: rounding and attention explain less


@dataclass(frozen=True, slots=True)
class Runs:
    """Training runs, an array entry each; all numbers positive and finite.

    Attributes:
        params: N.
        tokens: D, tokens trained on, repeats included.
        flops: C, as the runs' owner counts it, or 6ND.
        loss: nats a token.
        unique: U, different tokens there were; infinite where nothing says that any was repeated.
        line: where the run stands in its file.
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
        """The runs at these places, in this order."""
        return Runs(*(getattr(self, name)[which] for name in ("params", "tokens", "flops", "loss", "unique", "line")))

    def ordered(self) -> "Runs":
        """The same runs in an order that only their numbers decide."""
        return self.taken(np.lexsort((self.loss, self.unique, self.flops, self.tokens, self.params)))

    def valid(self) -> Validity:
        """Lowest and highest FLOPs, parameters and tokens."""

        def span(values: Float64) -> Interval:
            return float(values.min()), float(values.max())

        return Validity(span(self.flops), span(self.params), span(self.tokens))

    def warnings(self) -> list[str]:
        """Whether tokens and FLOPs say different things: methods differ in which they go by."""
        off = np.abs(self.flops / (6 * self.params * self.tokens) - 1) > _FLOPS_OFF
        note = f"6ND of {off.sum()} of {len(self)} runs is more than {_FLOPS_OFF:.0%} off the FLOPs given"
        return [f"{note}: parametric goes by tokens, isoflop and envelope by FLOPs"] if off.any() else []


@dataclass(frozen=True, slots=True)
class Fit:
    """What a method found.

    Attributes:
        constants: name -> value; E, A, B, alpha, beta, and R_D_star and R_N_star where repeats were fitted, or
            k_N and a of a frontier ``N = k_N C^a``.
        exponents: ``a`` and ``b`` of the best parameters and tokens over C.
        objective: sum over runs of the Huber loss (delta 1e-3) of log predicted - log observed loss; None for a
            method that has none.
        r_squared: share of the variance explained: of the loss, or of ln N_opt for a frontier.
        runs: those that were used, in canonical order.
        interval: constant or exponent -> 95 % bootstrap interval; infinite on a side that the runs leave open, 0 to
            infinity where they are too few to resample; empty where no draws were asked for.
        draws: of the constants that were fitted; none where the runs are too few.
        warnings: what the runs don't tell.
        residuals: one row a run: what was observed and predicted.
        frontier: rows to plot: the best run for budgets over the runs' range, or those the method read off.
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


class Method(Protocol):
    """A way to fit a law."""

    def __call__(self, runs: Runs, *, base: Parametric | None = None, draws: int = DRAWS) -> Fit:
        """The law of these runs.

        Args:
            runs: the runs.
            base: one-epoch constants to keep, so that only those of repetition are fitted.
            draws: bootstrap draws for the intervals; 0: none.

        Raises:
            InputError: the runs can't identify a law; the message says which constant and why.
            UsageError: ``base`` for a method that can't keep one.
        """
        ...


def explained_variance(observed: Float64, predicted: Float64) -> float:
    """Share of the variance of what was observed that the prediction explains; 1 for values without any."""
    about_mean = float(((observed - observed.mean()) ** 2).sum())
    return 1 - float(((observed - predicted) ** 2).sum()) / about_mean if about_mean else 1.0


def residual_rows(runs: Runs, predicted: Float64) -> list[Row]:
    """One row a run: its numbers, and the loss that the fit gives it; None for a run that it says nothing of."""
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
