"""One run or budget on one supply under one law: what limits it, and what its split and missing data cost."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from tokaudit.laws.embedding_params import as_counted
from tokaudit.laws.pools import DomainPool, Pools
from tokaudit.laws.protocol import Repetition, Run, ScalingLaw, gives_loss
from tokaudit.laws.repeated_data import BORROWED, RepeatedDataLaw
from tokaudit.planning.plan import Budget
from tokaudit.planning.verdicts import Cause, Constraint

MOST_TOKENS: Final = 1e24
"""Far above all text ever written."""
FLOPS_BOUNDS: Final = (1e10, 1e36)
"""A smaller budget trains no model; no machine has a larger one."""

BAND: Final = (BORROWED, Repetition(4.8, 5.31), Repetition(15.39, 20.8), Repetition(1e6, 0.27))
"""Pairs (R_D*, R_N*) that fit the runs of arXiv:2305.16264 almost equally well."""

# Beyond these, 1 % more tokens (or parameters) lowers the loss more than twice as much as 1 % more of the other.
_SHORT_OF_TOKENS: Final = 2 / 3
_SHORT_OF_PARAMS: Final = 1 / 3
# The same for laws that give optimal runs only: tokens over the optimal tokens for the same FLOPs.
_FRONTIER_FACTOR: Final = 3
_SAME: Final = 1e-9  # relative: a run this close to a limit keeps to it
# Data is the constraint of a budget if less than this share of it reaches the same loss with unlimited data.
SHARE_BOUND: Final = 0.80
# Data is the constraint of a given run if less than this share of its tokens are effective: four epochs of one pool.
EFFECTIVE_BOUND: Final = 0.93
# Compute still helps if doubling the budget lowers the loss by this many nats.
STILL_HELPS: Final = 1e-4


@dataclass(frozen=True, slots=True)
class ComputeShares:
    """How much of a budget would reach the same loss: with the best split, and with unlimited unique data.

    Attributes:
        allocation: share that the best split would need to reach the loss of the run as given; 1 for a budget; None
            for a law without a loss.
        data_each: share of that which would be needed with unlimited data, by the case's repetition constants, then by
            the band's; empty without a supply, or for a law without a loss.
    """

    allocation: float | None
    data_each: tuple[float, ...]

    @property
    def data(self) -> float | None:
        """``share_data``: the share by the case's own repetition constants."""
        return self.data_each[0] if self.data_each else None

    @property
    def both(self) -> float | None:
        """``compute_equivalent_share``: the product of the two shares; None if one of them is None."""
        return None if self.allocation is None or self.data is None else self.allocation * self.data


@dataclass(frozen=True)
class PlanCase:
    """The case that is judged.

    Attributes:
        law: the law.
        flops: the budget.
        given: the run, if its parameters and tokens are given; its parameters as the law counts them.
        pools: the domains that the run draws on; empty: the supply is not known.
        loose: whether each pool stands for a wider category, so that it alone decides nothing; empty: none does.
        stars: constants of repetition to use in place of the law's own; None: the law's.
    """

    law: ScalingLaw
    flops: float
    given: Run | None
    pools: Sequence[DomainPool]
    loose: Sequence[bool] = ()
    stars: Repetition | None = None

    @classmethod
    def of(cls, law: ScalingLaw, budget: Budget, pools: Sequence[DomainPool], loose: Sequence[bool] = ()) -> "PlanCase":
        """The case of a budget. Its parameters are all of a dense model's, or active ones if the law counts those."""
        if not (budget.params and budget.tokens):
            return cls(law, budget.flops, None, pools, loose)
        given = Run(as_counted(law, budget.params), budget.tokens)
        return cls(law, given.flops, given, pools, loose)

    @cached_property
    def whole(self) -> Pools:
        """The pools as arrays."""
        return Pools.of(self.pools)

    @cached_property
    def deciding(self) -> "PlanCase":
        """The case by which the supply is judged: there are endless tokens of what stands for a wider category."""
        if not any(self.loose):
            return self
        pools = [
            DomainPool(pool.share, math.inf) if loose else pool
            for pool, loose in zip(self.pools, self.loose, strict=True)
        ]
        return replace(self, pools=Pools(pools), loose=())

    def with_stars(self, stars: Repetition) -> "PlanCase":
        """The case with these constants of repetition, which is made once, because several numbers ask for it."""
        if stars not in self._by_stars:
            self._by_stars[stars] = replace(self, pools=self.whole, stars=stars)
        return self._by_stars[stars]

    @cached_property
    def _by_stars(self) -> dict[Repetition, "PlanCase"]:
        return {}

    @property
    def repetition(self) -> Repetition:
        """How fast repeats stop helping."""
        return self.stars or repetition_of(self.law)

    @cached_property
    def repeated_data(self) -> RepeatedDataLaw | None:
        """The law on the supply; None without a supply, or for a law without a loss."""
        found = repeated_data_law(self.law, self.whole)
        return replace(found, repetition=self.repetition) if found and self.stars else found

    def repeated_data_by(self, stars: Repetition) -> RepeatedDataLaw | None:
        """The law on the supply, with these constants of repetition."""
        return self.repeated_data if stars == self.repetition else self.with_stars(stars).repeated_data

    def tokens_side(self) -> float | None:
        """The tokens side ``rho = e_D / (e_D + e_N)``; one half for a budget; None for a law without a loss."""
        if not gives_loss(self.law):
            return None
        if self.given is None:
            return 0.5
        of_params, of_tokens = self.law.elasticities(self.given.params, self.given.tokens)
        return of_tokens / (of_tokens + of_params)

    def allocation(self) -> Constraint:
        """What the run is short of by its split alone; ``compute`` if the split is balanced."""
        side = self.tokens_side()
        if side is not None:
            return side_of_tokens(side)
        return side_of_ratio(self.given.tokens / self.law.optimum(self.flops).tokens if self.given else 1.0)

    def verdict(self, better: "PlanCase | None" = None) -> tuple[Constraint | None, Cause | None]:
        """What limits the run, and why; None for a budget without a supply, which nothing can limit.

        Args:
            better: the case with the suggested mixture, if there is one.
        """
        allocation = self.allocation()
        if not (self.given or self.pools):
            return None, None
        if not self.supply_falls_short():
            return allocation, None if allocation == "compute" else "allocation"
        if allocation == "data":
            return "data", "both"
        return "data", "mixture" if better and self._fixed_by(better) else "supply"

    def _fixed_by(self, better: "PlanCase") -> bool:
        """Whether another mixture lifts the share above its bound, or, without a loss, makes the supply suffice."""
        now, then = self.deciding.shares().both, better.deciding.shares().both
        if now is None or then is None or self.exceeds_limits():
            return not better.supply_falls_short()
        return now < SHARE_BOUND <= then

    def implied_inference_tokens(self) -> float | None:
        """Tokens to serve that make this run the cheapest one of its loss over its lifetime (arXiv:2401.00448).

        From the first-order condition of its eq. 3. None if the run has no more tokens than the training optimum, and
        for a law without a loss.
        """
        side = self.tokens_side()
        return 3 * self.given.tokens * (1 - 2 * side) / side if self.given and side and side < 0.5 else None

    def supply_falls_short(self) -> bool:
        """Whether the supply is too small.

        A budget is judged by the share of its compute that would reach the same loss with unlimited data. A run as
        given, and the optimal run of a law without a loss, is judged by its effective tokens. A run as given that uses
        a domain more often than allowed has too small a supply in any case.
        """
        case = self.deciding
        if case.repeated_data and case.given is None:
            return case.repeated_data.free_share(case.flops) < SHARE_BOUND
        return case.effective_share() < EFFECTIVE_BOUND or case.exceeds_limits()

    def exceeds_limits(self) -> bool:
        """Whether the run as given uses a domain more often than allowed."""
        return self.given is not None and self.given.tokens > self.deciding.whole.most * (1 + _SAME)

    def effective_share(self) -> float:
        """Effective tokens of the run (or of the optimum) on the supply, as a share of its tokens."""
        tokens = (self.given or self.law.optimum(self.flops)).tokens
        if not self.pools:
            return 1.0
        seen = tokens if self.given else min(tokens, self.whole.most)
        return self.whole.effective(seen, self.repetition.tokens) / tokens

    def share_allocation(self) -> float | None:
        """The smallest budget that reaches the run's loss, without repeats, as a share of its own; 1 for a budget."""
        if not gives_loss(self.law):
            return None
        if self.given is None:
            return 1.0
        return _ratio(self.law.flops_to_reach(self.law.loss(self.given.params, self.given.tokens)), self.flops)

    def share_data(self, repetition: Repetition | None = None) -> float | None:
        """The share of that budget needed with unlimited data, by this repetition or the case's own.

        None without a supply, or for a law without a loss.
        """
        repeated_data = self.repeated_data_by(repetition or self.repetition)
        if repeated_data is None:
            return None
        if self.given is None:
            return repeated_data.free_share(self.flops)
        params, tokens = self.given.params, self.given.tokens
        free = repeated_data.law.flops_to_reach(repeated_data.law.loss(params, tokens))
        return _ratio(repeated_data.law.flops_to_reach(repeated_data.loss(params, tokens)), free)

    def shares(self, band: Sequence[Repetition] = ()) -> ComputeShares:
        """The shares of the budget that would do, by its split and by its supply.

        Args:
            band: repetition constants to use in addition to the case's own.
        """
        data = [self.share_data(repetition) for repetition in (self.repetition, *band)]
        return ComputeShares(self.share_allocation(), tuple(share for share in data if share is not None))

    def params_part(self) -> float | None:
        """Part (0 to 1) of the cost of missing data that comes from excess parameters; None if it costs nothing."""
        share = self.share_data()
        without = self.share_data(Repetition(self.repetition.tokens, math.inf))
        return (without - share) / (1 - share) if share is not None and without is not None and share < 1 else None

    def compute_helps(self) -> bool:
        """Whether doubling the budget lowers the best loss on the supply by at least 1e-4 nats."""
        repeated_data = self.repeated_data
        return (
            repeated_data is None
            or repeated_data.best_loss(self.flops) - repeated_data.best_loss(2 * self.flops) >= STILL_HELPS
        )

    def run_on_supply(self) -> Run | None:
        """The run as given, or the best one on the supply; None if more compute no longer helps."""
        if self.given or not self.compute_helps():
            return self.given
        if self.repeated_data:
            return self.repeated_data.optimum(self.flops)
        best = self.law.optimum(self.flops)
        return best if best.tokens <= self.whole.most else Run(self.flops / 6 / self.whole.most, self.whole.most)


def side_of_tokens(side: float) -> Constraint:
    """What a run is short of by its tokens side, 0 to 1."""
    return "data" if side > _SHORT_OF_TOKENS else "model" if side < _SHORT_OF_PARAMS else "compute"


def side_of_ratio(ratio: float) -> Constraint:
    """What a run is short of by its tokens over the optimal tokens for the same FLOPs."""
    return "data" if ratio < 1 / _FRONTIER_FACTOR else "model" if ratio > _FRONTIER_FACTOR else "compute"


def repetition_of(law: ScalingLaw) -> Repetition:
    """The law's own repetition constants, or those of arXiv:2305.16264."""
    own = law.repetition if gives_loss(law) else None
    return own or BORROWED


def repeated_data_law(law: ScalingLaw, pools: Sequence[DomainPool]) -> RepeatedDataLaw | None:
    """The law on a supply; None without a supply, or for a law without a loss."""
    return RepeatedDataLaw(law, pools, repetition_of(law)) if pools and gives_loss(law) else None


def _ratio(flops: float | None, base: float | None) -> float | None:
    return None if flops is None or base is None else min(1.0, flops / base)
