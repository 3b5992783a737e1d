"""`laws.parametric` and `laws.repeated_data` for many constants at once: one row per draw, one column per size."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.pools import DomainPool, Pools, saturating_each
from tokaudit.laws.protocol import Run

# The search for the best size of each draw takes so many points, then so many between the neighbours of the best, …
_POINTS: Final = (49, 9, 9, 9, 9, 9, 9, 9, 9)
_WIDEST: Final = math.log(1e8)  # as far from the optimum with unlimited data as `laws.repeated_data` looks
_MOST_POOLS: Final = 48
_ALIKE: Final = 0.15
"""Many pools are joined if they last equally long to within this difference of logarithms."""


class ManyLaws:
    """Laws of the parametric form, or frontiers, that differ in their constants.

    Args:
        draws: constant -> its values, (draws,). A frontier has ``k_N`` and ``a``.
    """

    def __init__(self, draws: Draws) -> None:
        self.constants = {name: values[:, None] for name, values in draws.items()}
        self.gives_loss = "alpha" in draws
        if self.gives_loss:
            alpha, beta = self.constants["alpha"], self.constants["beta"]
            self.g = (alpha * self.constants["A"] / (beta * self.constants["B"])) ** (1 / (alpha + beta))

    def optimum(self, flops: float) -> Float64:
        """Parameters of the best run with unlimited data, (draws, 1)."""
        if not self.gives_loss:
            return np.asarray(self.constants["k_N"] * flops ** self.constants["a"])
        alpha, beta = self.constants["alpha"], self.constants["beta"]
        return np.asarray(self.g * (flops / 6) ** (beta / (alpha + beta)))

    def _params_for(self, tokens: Float64) -> Float64:
        """Parameters of the runs for which so many tokens are the best, (draws, tokens)."""
        ratio = self.constants["beta"] / self.constants["alpha"]
        return np.asarray(self.g * (self.g * tokens) ** ratio)

    def tokens_side(self, run: Run) -> Float64:
        """The tokens side ``rho = e_D / (e_D + e_N)`` of a run, (draws,)."""
        alpha, beta = self.constants["alpha"], self.constants["beta"]
        of_params = alpha * self.constants["A"] * run.params**-alpha
        of_tokens = beta * self.constants["B"] * run.tokens**-beta
        return np.asarray(of_tokens / (of_tokens + of_params))[:, 0]

    def loss(self, params: Float64, tokens: Float64) -> Float64:
        """The loss E + A/N^alpha + B/D^beta, in nats."""
        model_term = self.constants["A"] * params ** -self.constants["alpha"]
        data_term = self.constants["B"] * tokens ** -self.constants["beta"]
        return np.asarray(self.constants["E"] + model_term + data_term)

    def effective(self, tokens: Float64, pools: Pools) -> Float64:
        """Effective tokens of runs on a supply."""
        found = np.zeros_like(tokens)
        for share, unique in _few(pools):
            seen = share * tokens
            once = np.minimum(seen, unique)
            found += once + once * saturating_each(seen / once - 1, self.constants["R_D_star"])
        return found

    def loss_on_supply(self, params: Float64, tokens: Float64, pools: Pools) -> Float64:
        """The loss on a supply, in nats."""
        alpha, beta = self.constants["alpha"], self.constants["beta"]
        wanted = (params / self.g) ** (alpha / beta) / self.g
        usable = np.zeros_like(wanted)
        for share, unique in _few(pools):
            usable += np.minimum(share * wanted, unique)
        matched = self._params_for(usable)
        excess = np.maximum(params / matched - 1, 0)
        counted = matched * (params / matched - excess + saturating_each(excess, self.constants["R_N_star"]))
        return self.loss(counted, self.effective(tokens, pools))

    def best(self, flops: float, supply: Sequence[DomainPool]) -> tuple[Float64, Float64]:
        """Parameters and loss, in nats, of the best run on a supply within the epochs allowed, each (draws, 1)."""
        pools, product = Pools.of(supply), flops / 6
        free = self.optimum(flops)
        least = math.log(product) - math.log(pools.most)
        centre = np.log(free)
        low, high = np.maximum(centre - _WIDEST, least), np.maximum(centre, least) + _WIDEST
        for points in _POINTS:
            places = low + (high - low) * np.linspace(0, 1, points)
            params = np.exp(places)
            losses = self.loss_on_supply(params, product / params, pools)
            at = np.nan_to_num(losses, nan=np.inf).argmin(axis=1)[:, None]
            low = np.take_along_axis(places, np.maximum(at - 1, 0), axis=1)
            high = np.take_along_axis(places, np.minimum(at + 1, points - 1), axis=1)
        params = np.take_along_axis(params, at, axis=1)
        if pools.corners:
            corners = self._params_for(np.array(pools.corners))
            params = np.hstack([params, np.maximum(corners, math.exp(least))])
            losses = self.loss_on_supply(params, product / params, pools)
            at = np.nan_to_num(losses, nan=np.inf).argmin(axis=1)[:, None]
            params = np.take_along_axis(params, at, axis=1)
        enough = product / free <= min(pools.once, pools.most)
        found = np.where(enough, free, params)
        return found, self.loss_on_supply(found, product / found, pools)

    def free_share(self, flops: float, supply: Sequence[DomainPool]) -> Float64:
        """The smallest budget that reaches the same loss with unlimited data, as a share of ``flops``, (draws,)."""
        free = self.optimum(flops)
        _, losses = self.best(flops, supply)
        # Loss above E is proportional to C^-(alpha beta/(alpha+beta)).
        exponent = 1 / self.constants["alpha"] + 1 / self.constants["beta"]
        above = self.loss(free, flops / (6 * free)) - self.constants["E"]
        share = (above / (losses - self.constants["E"])) ** exponent
        return np.asarray(np.minimum(share, 1.0))[:, 0]


def _few(pools: Pools) -> Iterator[tuple[float, float]]:
    """Share and unique tokens of each pool. If there are many, those that last about as long are one pool.

    That changes effective tokens by less than the thousandth part, and only the shares of draws rest on it.
    """
    if len(pools.share) <= _MOST_POOLS:
        yield from zip(pools.share.tolist(), pools.unique.tolist(), strict=True)
        return
    _, which = np.unique(np.floor(np.log(pools.unique / pools.share) / _ALIKE), return_inverse=True)
    yield from zip(np.bincount(which, pools.share).tolist(), np.bincount(which, pools.unique).tolist(), strict=True)
