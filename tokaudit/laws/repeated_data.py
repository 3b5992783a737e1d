"""A law on a limited supply, in which each domain is repeated by its own number of epochs.

The form is that of arXiv:2305.16264, which covers one pool; the sum over domains is an extension. The extension is
optimistic: it ignores how a small pool that is repeated very often harms the rest (arXiv:2606.24998). So it must not
choose a mixture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.laws.protocol import LossLaw, Repetition, Run
from tokaudit.laws.search import minimum

BORROWED: Final = Repetition(tokens=15.39, params=5.31)
"""The constants of arXiv:2305.16264, for laws that have none of their own."""

# For any supply, the optimal parameters lie within this factor of the optimum with unlimited data.
_WIDEST: Final = math.log(1e8)


@dataclass(frozen=True, slots=True)
class DomainPool:
    """One domain's share of the mixture and its unique tokens, both above zero."""

    share: float
    unique: float


def _saturating(repeats: float, r_star: float) -> float:
    """What ``repeats`` count for, in first uses: ``R* (1 - e^(-R/R*))``; all of them if ``R*`` is infinite."""
    return repeats if math.isinf(r_star) else -r_star * math.expm1(-repeats / r_star)


def tokens_effective(tokens: float, pool: DomainPool, r_star: float) -> float:
    """Effective tokens ``D'_i`` of one domain: the unique tokens that its part of the run counts for.

    Args:
        tokens: D of the whole run.
        pool: the domain.
        r_star: R_D*.
    """
    seen = pool.share * tokens
    if seen <= pool.unique:
        return seen
    return pool.unique * (1 + _saturating(seen / pool.unique - 1, r_star))


def total_effective(tokens: float, pools: Sequence[DomainPool], r_star: float) -> float:
    """Effective tokens of a run: ``D' = sum of D'_i``, at most ``tokens``."""
    return sum(tokens_effective(tokens, pool, r_star) for pool in pools)


def tokens_one_epoch(pools: Sequence[DomainPool]) -> float:
    """The most tokens that a run can have before it repeats a pool; infinite if there are no pools."""
    return min((pool.unique / pool.share for pool in pools), default=math.inf)


def scaled(pools: Sequence[DomainPool], factor: float) -> list[DomainPool]:
    """The same pools, each ``factor`` times as large."""
    return [DomainPool(pool.share, pool.unique * factor) for pool in pools]


@dataclass(frozen=True, slots=True)
class RepeatedDataLaw:
    """A law, the pools that a run draws on, and how fast repeats stop helping."""

    law: LossLaw
    pools: Sequence[DomainPool]
    repetition: Repetition

    def params_effective(self, params: float) -> float:
        """Effective parameters ``N'``: those in excess of what the supply's first epoch calls for count for less."""
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
        """The best run for a budget on this supply; the law's own optimum if the supply lasts for one epoch.

        With far more compute than the supply can use, the loss is flat and many runs are equally good; this is one.
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
        """The smallest budget that reaches the same loss with unlimited data, as a share of ``flops``; 1: all of it."""
        if self.law.optimum(flops).tokens <= tokens_one_epoch(self.pools):
            return 1.0
        return min(1.0, (self.law.flops_to_reach(self.best_loss(flops)) or flops) / flops)
