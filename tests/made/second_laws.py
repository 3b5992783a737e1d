"""Scaling laws and their best runs, computed a second time from the definitions; shares no code with tokaudit.

Constants, budgets and supplies may be arrays: all of them are of one case each, so that draws, pairs of constants and
the points of a search are computed at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pool = tuple[Any, Any]  # share, unique tokens
PAIRS = ((15.39, 5.31), (4.8, 5.31), (15.39, 20.8), (1e6, 0.27))
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Repeats:
    """The constants of repetition R_D* and R_N*."""

    tokens: Any
    params: Any


PUBLISHED = Repeats(15.387756, 5.309743)


@dataclass(frozen=True)
class Parametric:
    """L = E + A/N^alpha + B/D^beta, with the effective N' and D' of repeated data."""

    E: Any
    A: Any
    B: Any
    alpha: Any
    beta: Any

    @property
    def ratio(self) -> Any:
        """G of the closed form."""
        return (self.alpha * self.A / (self.beta * self.B)) ** (1 / (self.alpha + self.beta))

    def best_params(self, flops: Any) -> Any:
        """N of the optimum."""
        return self.ratio * (flops / 6) ** (self.beta / (self.alpha + self.beta))

    def tokens_for(self, params: Any) -> Any:
        """D for which N is the optimum."""
        return (params / self.ratio) ** (self.alpha / self.beta) / self.ratio

    def params_for(self, tokens: Any) -> Any:
        """N for which D is the optimum."""
        return self.ratio * (self.ratio * tokens) ** (self.beta / self.alpha)

    def loss(self, params: Any, tokens: Any) -> Any:
        """L of one epoch."""
        return self.E + self.A / params**self.alpha + self.B / tokens**self.beta

    def free_flops(self, loss: Any) -> Any:
        """C_free(L)."""
        scale = self.A * self.ratio**-self.alpha + self.B * self.ratio**self.beta
        power = self.alpha * self.beta / (self.alpha + self.beta)
        return 6 * ((loss - self.E) / scale) ** (-1 / power)

    def tokens_side(self, params: float, tokens: float) -> float:
        """``tokens_side``, e_D / (e_D + e_N)."""
        of_tokens = self.beta * self.B / tokens**self.beta
        return float(of_tokens / (of_tokens + self.alpha * self.A / params**self.alpha))

    def loss_on(self, params: Any, tokens: Any, pools: Sequence[Pool], repeats: Repeats) -> Any:
        """L(N, D, U)."""
        effective = effective_tokens(tokens, pools, repeats)
        wanted = self.tokens_for(params)
        seen = sum(np.minimum(share * wanted, unique) for share, unique in pools)
        base = np.minimum(params, self.params_for(seen))
        excess = np.maximum(params / base - 1, 0)
        return self.loss(base * (1 - repeats.params * np.expm1(-excess / repeats.params)), effective)


def effective_tokens(tokens: Any, pools: Sequence[Pool], repeats: Repeats) -> Any:
    """D' = Σ D'_i."""
    total: Any = 0.0
    for share, unique in pools:
        of_it = share * tokens
        once = np.minimum(of_it, unique)
        total = total + once * (1 - repeats.tokens * np.expm1(-np.maximum(of_it / once - 1, 0) / repeats.tokens))
    return total


@dataclass(frozen=True)
class Frontier:
    """A law that is only a frontier: N or D is a power of the budget."""

    params_unit: float | None
    params_power: float | None
    tokens_unit: float | None
    tokens_power: float | None
    flops_unit: float

    def best_params(self, flops: Any) -> Any:
        """N of the optimum."""
        if self.params_unit is not None and self.params_power is not None:
            return self.params_unit * (flops / self.flops_unit) ** self.params_power
        assert self.tokens_unit is not None
        assert self.tokens_power is not None
        return flops / 6 / (self.tokens_unit * (flops / self.flops_unit) ** self.tokens_power)


Law = Parametric | Frontier


def law_of(row: Mapping[str, Any]) -> Law:
    """Return the law of a row of ``tokaudit laws --json``."""
    if row["E"] is None:
        return Frontier(row["k_N"], row["a"], row["k_D"], row["b"], row["C_unit"])
    return Parametric(row["E"], row["A"], row["B"], row["alpha"], row["beta"])


def repeats_of(row: Mapping[str, Any]) -> Repeats:
    """Return the law's constants of repetition, or the borrowed ones."""
    return PUBLISHED if row["R_D_star"] is None else Repeats(row["R_D_star"], row["R_N_star"])


def best_run(law: Parametric, flops: Any, pools: Sequence[Pool], repeats: Repeats, most_tokens: Any = np.inf) -> Floats:
    """Return D of the smallest loss on the supply for each case: a grid, then golden sections about its best point."""
    cases = np.broadcast(law.E, flops, repeats.tokens, most_tokens, *[part for pool in pools for part in pool]).shape
    middle = np.log(np.broadcast_to(flops / 6 / law.best_params(flops), cases))
    ceiling = np.log(np.broadcast_to(most_tokens, cases))

    def loss(log_tokens: Any) -> Any:
        tokens = np.exp(log_tokens)
        return law.loss_on(flops / 6 / tokens, tokens, pools, repeats)

    steps = np.linspace(-7, 14, 64).reshape(-1, *[1] * len(cases))
    grid = np.minimum(middle + steps, ceiling)
    at = np.argmin(loss(grid), axis=0)
    low = np.take_along_axis(grid, np.maximum(at - 1, 0)[None], 0)[0]
    high = np.take_along_axis(grid, np.minimum(at + 1, len(steps) - 1)[None], 0)[0]
    for _ in range(26):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        lower = loss(left) <= loss(right)
        low, high = np.where(lower, low, left), np.where(lower, right, high)
    found = np.minimum((low + high) / 2, ceiling)
    # Where a size calls for all of a pool, the slope of the loss jumps: a minimum there may be narrow.
    for share, unique in pools:
        with np.errstate(invalid="ignore", divide="ignore"):
            corner = np.log(flops / 6 / law.params_for(np.asarray(unique / share)))
        corner = np.minimum(np.where(np.isfinite(corner), corner, found), ceiling)
        found = np.where(loss(corner) < loss(found), corner, found)
    best: Floats = np.exp(found)
    return best


def least_losing(law: Parametric, flops: Any, pools: Sequence[Pool], repeats: Repeats, most: Any = np.inf) -> Any:
    """Return the loss of `best_run`."""
    tokens = best_run(law, flops, pools, repeats, most)
    return law.loss_on(flops / 6 / tokens, tokens, pools, repeats)


def turning_points(holds: Callable[[Floats], Any], low: Floats, high: Floats) -> list[float | None]:
    """Return where conditions that hold at one of their ends begin to differ; None if both ends agree.

    Args:
        holds: places, (places, conditions), to whether each condition holds there.
        low: one end, (conditions,).
        high: the other.
    """
    known = np.ones(len(low), bool)
    for _ in range(4):
        at = np.geomspace(low, high, 25)
        truth = np.broadcast_to(holds(at), at.shape)
        known &= truth[0] != truth[-1]
        last = np.maximum(np.argmax(truth != truth[0], axis=0), 1)[None]
        low, high = np.take_along_axis(at, last - 1, 0)[0], np.take_along_axis(at, last, 0)[0]
    return [float(place) if found else None for place, found in zip(np.sqrt(low * high), known, strict=True)]


def turning_point(holds: Callable[[Floats], Any], low: float, high: float) -> float | None:
    """Return the same for one condition, of places (places, 1)."""
    return turning_points(holds, np.array([low]), np.array([high]))[0]
