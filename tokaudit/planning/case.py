"""One run or budget on one supply under one law: what limits it, and what its split and missing data cost."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.laws.embedding_params import as_counted
from tokaudit.laws.protocol import Repetition, Run, ScalingLaw, gives_loss
from tokaudit.laws.repeated_data import BORROWED, DomainPool, RepeatedDataLaw, scaled, tokens_one_epoch, total_effective
from tokaudit.laws.search import root
from tokaudit.planning.plan import Budget, Cause, Ceiling, Constraint, FlipsAt

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
# Data is the constraint of a budget if less than this share of it reaches the same loss with unlimited data.
SHARE_BOUND: Final = 0.80
# Data is the constraint of a given run if less than this share of its tokens are effective: four epochs of one pool.
_EFFECTIVE_BOUND: Final = 0.93
# Compute still helps if doubling the budget lowers the loss by this many nats.
_STILL_HELPS: Final = 1e-4
_DECADES: Final = 60  # a search gives up after so many


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


@dataclass(frozen=True, slots=True)
class PlanCase:
    """The case that is judged.

    Attributes:
        law: the law.
        flops: the budget.
        given: the run, if its parameters and tokens are given; its parameters as the law counts them.
        pools: the domains that the run draws on; empty: the supply is not known.
    """

    law: ScalingLaw
    flops: float
    given: Run | None
    pools: Sequence[DomainPool]

    @classmethod
    def of(cls, law: ScalingLaw, budget: Budget, pools: Sequence[DomainPool]) -> "PlanCase":
        """The case of a budget. Its parameters are all of a dense model's, or active ones if the law counts those."""
        if not (budget.params and budget.tokens):
            return cls(law, budget.flops, None, pools)
        given = Run(as_counted(law, budget.params), budget.tokens)
        return cls(law, given.flops, given, pools)

    @property
    def repetition(self) -> Repetition:
        """How fast repeats stop helping."""
        return repetition_of(self.law)

    @property
    def repeated_data(self) -> RepeatedDataLaw | None:
        """The law on the supply; None without a supply, or for a law without a loss."""
        return repeated_data_law(self.law, self.pools)

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
            return "data" if side > _SHORT_OF_TOKENS else "model" if side < _SHORT_OF_PARAMS else "compute"
        ratio = self.given.tokens / self.law.optimum(self.flops).tokens if self.given else 1.0
        return "data" if ratio < 1 / _FRONTIER_FACTOR else "model" if ratio > _FRONTIER_FACTOR else "compute"

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
        now, then = self.shares().both, better.shares().both
        return not better.supply_falls_short() if now is None or then is None else now < SHARE_BOUND <= then

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
        given, and the optimal run of a law without a loss, is judged by its effective tokens.
        """
        if self.repeated_data and self.given is None:
            return self.repeated_data.free_share(self.flops) < SHARE_BOUND
        return self.effective_share() < _EFFECTIVE_BOUND

    def effective_share(self) -> float:
        """Effective tokens of the run (or of the optimum) on the supply, as a share of its tokens."""
        tokens = (self.given or self.law.optimum(self.flops)).tokens
        return total_effective(tokens, self.pools, self.repetition.tokens) / tokens if self.pools else 1.0

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
        if self.repeated_data is None:
            return None
        repeated_data = replace(self.repeated_data, repetition=repetition or self.repetition)
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
            or repeated_data.best_loss(self.flops) - repeated_data.best_loss(2 * self.flops) >= _STILL_HELPS
        )

    def run_on_supply(self) -> Run | None:
        """The run as given, or the best one on the supply; None if more compute no longer helps."""
        if self.given or not self.compute_helps():
            return self.given
        return self.repeated_data.optimum(self.flops) if self.repeated_data else self.law.optimum(self.flops)

    def flips_at(self) -> FlipsAt:
        """The budget and the supply at which the verdict changes; None for one that can't change it.

        For a run as given only the supply is varied, because another budget would change its split.
        """
        if not self.pools or (self.given and self.allocation() == "data"):
            return FlipsAt(None, None)
        once = tokens_one_epoch(self.pools)
        enough = math.log((self.given or self.law.optimum(self.flops)).tokens / once)
        factor = _zero_from(lambda log: self._spare(self.flops, math.exp(log)), enough, -1)
        flops = None if self.given else _flops_where(self._spare, self.law.optimum_of_tokens(once).flops)
        return FlipsAt(flops, None if factor is None else math.exp(factor))

    def _spare(self, flops: float, factor: float = 1) -> float:
        """Above zero if the supply, ``factor`` times as large, suffices for ``flops``."""
        case = replace(self, flops=flops, pools=scaled(self.pools, factor))
        if case.repeated_data and case.given is None:
            return math.log(case.repeated_data.free_share(flops) / SHARE_BOUND)
        return case.effective_share() - _EFFECTIVE_BOUND


def repetition_of(law: ScalingLaw) -> Repetition:
    """The law's own repetition constants, or those of arXiv:2305.16264."""
    own = law.repetition if gives_loss(law) else None
    return own or BORROWED


def repeated_data_law(law: ScalingLaw, pools: Sequence[DomainPool]) -> RepeatedDataLaw | None:
    """The law on a supply; None without a supply, or for a law without a loss."""
    return RepeatedDataLaw(law, pools, repetition_of(law)) if pools and gives_loss(law) else None


def ceiling(law: ScalingLaw, pools: Sequence[DomainPool]) -> Ceiling | None:
    """The largest runs that a supply can feed; None without a supply."""
    if not pools:
        return None
    once = tokens_one_epoch(pools)
    first = law.optimum_of_tokens(once)
    repeated_data = repeated_data_law(law, pools)
    if repeated_data is None:
        return Ceiling(first.flops, None, first.params, None, None)

    def spare(flops: float) -> float:
        return math.log(max(repeated_data.best_loss(flops) - repeated_data.best_loss(2 * flops), 1e-300) / _STILL_HELPS)

    four = _flops_where(lambda flops: math.log(repeated_data.optimum(flops).tokens / (4 * once)), first.flops)
    params = None if four is None else repeated_data.optimum(four).params
    return Ceiling(first.flops, four, first.params, params, _flops_where(spare, first.flops))


def _ratio(flops: float | None, base: float | None) -> float | None:
    return None if flops is None or base is None else min(1.0, flops / base)


def _flops_where(function: Callable[[float], float], start: float) -> float | None:
    """The budget above ``start`` at which the function is zero; None if it is outside `FLOPS_BOUNDS`."""
    log = _zero_from(lambda log_flops: function(math.exp(log_flops)), math.log(start), 1)
    low, high = FLOPS_BOUNDS
    return math.exp(log) if log is not None and low <= math.exp(log) <= high else None


def _zero_from(function: Callable[[float], float], start: float, direction: int) -> float | None:
    """A zero of a function of a logarithm, searched decade by decade from ``start``; None if there is none."""
    here, sign = start, function(start)
    for _ in range(_DECADES):
        there = here + direction * math.log(10)
        if function(there) * sign <= 0:
            return root(function, here, there)
        here = there
    return None
