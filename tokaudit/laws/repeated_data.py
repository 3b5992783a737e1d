"""A law on a limited supply, in which each domain is repeated by its own number of epochs.

The form is that of arXiv:2305.16264, which covers one pool; the sum over domains is an extension. The extension is
optimistic: it ignores how a small pool that is repeated very often harms the rest (arXiv:2606.24998). So it must not
choose a mixture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from tokaudit.core.types import Float64
from tokaudit.laws.protocol import LossLaw, Repetition, Run
from tokaudit.laws.search import minimum

BORROWED: Final = Repetition(tokens=15.39, params=5.31)
"""The constants of arXiv:2305.16264, for laws that have none of their own."""

# For any supply, the optimal parameters lie within this factor of the optimum with unlimited data.
_WIDEST: Final = math.log(1e8)


_MOST_CORNERS: Final = 12
"""Only pools with the largest shares have corners; those of the others hardly count."""
_DIGITS: Final = 12
"""Significant digits to which pools that last equally long agree."""


@dataclass(frozen=True, slots=True)
class DomainPool:
    """One domain of the mixture.

    Attributes:
        share: share of the run's tokens, above zero.
        unique: unique tokens, above zero.
        most_epochs: how often a run may use it; endless: as often as it likes.
    """

    share: float
    unique: float
    most_epochs: float = math.inf


class Pools:
    """The domains that a run draws on, as arrays. Those that last equally long are one pool, which changes no result.

    Attributes:
        share: the share of each pool, (pools,).
        unique: its unique tokens, (pools,).
        once: the most tokens that a run can have before it repeats a pool; endless if there are no pools.
        most: the most tokens that a run may have within the epochs that are allowed; endless: no limit.
    """

    def __init__(self, pools: Sequence[DomainPool]) -> None:
        share = np.array([pool.share for pool in pools], np.float64)
        unique = np.array([pool.unique for pool in pools], np.float64)
        lasts = unique / share
        _, first, which = np.unique(_rounded(lasts), return_index=True, return_inverse=True)
        self.share: Float64 = np.bincount(which, share, len(first)).astype(np.float64)
        self.unique: Float64 = np.bincount(which, unique, len(first)).astype(np.float64)
        self.once = float(lasts.min(initial=math.inf))
        self.most = min((pool.most_epochs * pool.unique / pool.share for pool in pools), default=math.inf)

    @cached_property
    def corners(self) -> list[float]:
        """Tokens that use up a pool; of those with the largest shares, and none if there is one pool.

        A model that calls for more tokens finds nothing more in this pool. The slope of the loss jumps at its size, so
        this may be the best size although the sizes next to it are worse than others far away.
        """
        if len(self.share) == 1:
            return []
        largest = np.argsort(-self.share, kind="stable")[:_MOST_CORNERS]
        lasts = self.unique[largest] / self.share[largest]
        found: list[float] = lasts[np.isfinite(lasts)].tolist()
        return found

    def usable(self, tokens: float) -> float:
        """The tokens of a run that are seen for the first time."""
        return float(np.minimum(self.share * tokens, self.unique).sum())

    def effective(self, tokens: float, r_star: float) -> float:
        """Effective tokens of a run: ``D' = sum of D'_i``, at most ``tokens``."""
        seen = self.share * tokens
        once = np.minimum(seen, self.unique)
        repeats = seen / once - 1
        more = repeats if math.isinf(r_star) else -r_star * np.expm1(-repeats / r_star)
        return float((once + once * more).sum())


def _rounded(lasts: Float64) -> Float64:
    """The numbers with fewer digits, by which equal ones are found."""
    finite = np.where(np.isfinite(lasts), lasts, 1.0)
    digits = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(finite)))
    return np.where(np.isfinite(lasts), np.round(finite * digits) / digits, lasts)


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


def scaled(pools: Sequence[DomainPool], factor: float) -> list[DomainPool]:
    """The same pools, each ``factor`` times as large."""
    return [replace(pool, unique=pool.unique * factor) for pool in pools]


@dataclass(frozen=True)
class RepeatedDataLaw:
    """A law, the pools that a run draws on, and how fast repeats stop helping."""

    law: LossLaw
    pools: Sequence[DomainPool]
    repetition: Repetition

    @cached_property
    def whole(self) -> Pools:
        """The pools as arrays."""
        return Pools(self.pools)

    def params_effective(self, params: float) -> float:
        """Effective parameters ``N'``: those in excess of what the supply's first epoch calls for count for less."""
        wanted = self.law.optimum_of_params(params).tokens
        usable = self.whole.usable(wanted)
        if usable >= wanted * (1 - 1e-12):
            return params
        matched = self.law.optimum_of_tokens(usable).params
        return matched * (1 + _saturating(params / matched - 1, self.repetition.params))

    def loss(self, params: float, tokens: float) -> float:
        """Loss in nats of a run on this supply."""
        return self.law.loss(self.params_effective(params), self.whole.effective(tokens, self.repetition.tokens))

    def optimum(self, flops: float) -> Run:
        """The best run for a budget within the epochs allowed; the law's own optimum if the supply lasts for one epoch.

        With far more compute than the supply can use, the loss is flat and many runs are equally good; this is one.
        """
        free = self.law.optimum(flops)
        if free.tokens <= min(self.whole.once, self.whole.most):
            return free
        product = flops / 6
        least = math.log(product) - math.log(self.whole.most)  # minus infinity without a limit

        def loss(log_params: float) -> float:
            params = math.exp(log_params)
            return self.loss(params, product / params)

        centre = math.log(free.params)
        found = minimum(loss, max(centre - _WIDEST, least), max(centre, least) + _WIDEST)
        corners = [math.log(self.law.optimum_of_tokens(tokens).params) for tokens in self.whole.corners]
        params = math.exp(min([found, *[corner for corner in corners if corner > least]], key=loss))
        return Run(params, product / params)

    def best_loss(self, flops: float) -> float:
        """Loss in nats of the optimum."""
        best = self.optimum(flops)
        return self.loss(best.params, best.tokens)

    def free_share(self, flops: float) -> float:
        """The smallest budget that reaches the same loss with unlimited data, as a share of ``flops``; 1: all of it."""
        if self.law.optimum(flops).tokens <= min(self.whole.once, self.whole.most):
            return 1.0
        return min(1.0, (self.law.flops_to_reach(self.best_loss(flops)) or flops) / flops)
