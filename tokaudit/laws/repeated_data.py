"""A law on a limited supply: each domain is repeated by its own epochs.

The form is that of arXiv:2305.16264, for one pool; the sum over domains is an extension. It is a bound
from the good side, as it ignores what a small pool repeated very often does to the rest (arXiv:2606.24998):
it must not choose a mixture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.laws.protocol import LossLaw, Repetition, Run
from tokaudit.laws.search import minimum

BORROWED: Final = Repetition(tokens=15.39, params=5.31)
"""Muennighoff's constants, for laws that have none of their own."""

# The optimum in parameters lies within these factors of the optimum with endless data, whatever the supply.
_WIDEST: Final = math.log(1e8)


@dataclass(frozen=True, slots=True)
class DomainPool:
    """One domain's part in the mixture and its unique tokens, both above zero."""

    share: float
    unique: float


def _saturating(repeats: float, r_star: float) -> float:
    """Worth of repeats, in first uses: ``R* (1 - e^(-R/R*))``; all of them for an infinite ``R*``."""
    return repeats if math.isinf(r_star) else -r_star * math.expm1(-repeats / r_star)


def tokens_effective(tokens: float, pool: DomainPool, r_star: float) -> float:
    """``D'_i``: what the pool's part of ``tokens`` is worth in tokens that are all different.

    Args:
        tokens: D, of the whole run.
        pool: the domain.
        r_star: R_D*.
    """
    seen = pool.share * tokens
    if seen <= pool.unique:
        return seen
    return pool.unique * (1 + _saturating(seen / pool.unique - 1, r_star))


def total_effective(tokens: float, pools: Sequence[DomainPool], r_star: float) -> float:
    """``D' = sum of D'_i``, never more than ``tokens``."""
    return sum(tokens_effective(tokens, pool, r_star) for pool in pools)


def tokens_one_epoch(pools: Sequence[DomainPool]) -> float:
    """The most tokens a run can have before some pool is used twice; infinite without pools."""
    return min((pool.unique / pool.share for pool in pools), default=math.inf)


def scaled(pools: Sequence[DomainPool], factor: float) -> list[DomainPool]:
    """The same pools, each that many times as large."""
    return [DomainPool(pool.share, pool.unique * factor) for pool in pools]


@dataclass(frozen=True, slots=True)
class RepeatedDataLaw:
    """A law, the pools that a run draws on, and how repeats lose worth."""

    law: LossLaw
    pools: Sequence[DomainPool]
    repetition: Repetition

    def params_effective(self, params: float) -> float:
        """``N'``: parameters beyond what the supply's first epoch calls for lose worth too."""
        wanted = self.law.optimum_of_params(params).tokens
        usable = sum(min(pool.share * wanted, pool.unique) for pool in self.pools)
        if usable >= wanted * (1 - 1e-12):
            return params
        matched = self.law.optimum_of_tokens(usable).params
        return matched * (1 + _saturating(params / matched - 1, self.repetition.params))

    def loss(self, params: float, tokens: float) -> float:
        """Loss in nats of a run on this supply."""
        return self.law.loss(self.params_effective(params), total_effective(tokens, self.pools, self.repetition.tokens))

    def optimum(self, flops: float) -> Run:
        """The best run for a budget on this supply; the law's own where the supply suffices for one epoch.

        Where loss is flat (far more compute than the supply can use) it is one of many as good.
        """
        free = self.law.optimum(flops)
        if free.tokens <= tokens_one_epoch(self.pools):
            return free
        product = flops / 6

        def loss(log_params: float) -> float:
            params = math.exp(log_params)
            return self.loss(params, product / params)

        centre = math.log(free.params)
        params = math.exp(minimum(loss, centre - _WIDEST, centre + _WIDEST))
        return Run(params, product / params)

    def best_loss(self, flops: float) -> float:
        """Loss in nats of the optimum."""
        best = self.optimum(flops)
        return self.loss(best.params, best.tokens)

    def free_share(self, flops: float) -> float:
        """Smallest budget that does as well with unlimited data, as a share of ``flops``; 1: no loss."""
        if self.law.optimum(flops).tokens <= tokens_one_epoch(self.pools):
            return 1.0
        return min(1.0, (self.law.flops_to_reach(self.best_loss(flops)) or flops) / flops)
