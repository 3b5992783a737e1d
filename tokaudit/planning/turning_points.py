"""Where a verdict changes, and how large a run a supply can feed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from tokaudit.laws.pools import DomainPool, Pools, scaled
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.repeated_data import RepeatedDataLaw
from tokaudit.laws.search import root
from tokaudit.planning.case import (
    BAND,
    EFFECTIVE_BOUND,
    FLOPS_BOUNDS,
    SHARE_BOUND,
    STILL_HELPS,
    PlanCase,
    repeated_data_law,
)
from tokaudit.planning.plan import Ceiling, FlipsAt

_DECADES: Final = 60  # a search gives up after so many
_HAIR: Final = 1e-9  # of a logarithm: so much more than enough is enough, whatever the rounding
NOWHERE: Final = FlipsAt(None, None)


def flips_at(case: PlanCase) -> FlipsAt:
    """The budget and the supply at which the verdict changes; None for one that can't change it.

    For a run as given only the supply is varied, because another budget would change its split.
    """
    judged = case.deciding
    if not math.isfinite(judged.whole.once) or (judged.given and judged.allocation() == "data"):
        return NOWHERE
    once = min(judged.whole.once, judged.whole.most)
    enough = math.log((judged.given or judged.law.optimum(judged.flops)).tokens / once) + _HAIR
    factor = _zero_from(lambda log: _spare(judged, judged.flops, math.exp(log)), enough, -1)
    start = judged.law.optimum_of_tokens(once).flops
    flops = None if judged.given else _flops_where(lambda flops: _spare(judged, flops), start)
    return FlipsAt(flops, None if factor is None else math.exp(factor))


def _spare(case: PlanCase, flops: float, factor: float = 1) -> float:
    """Above zero if the supply, ``factor`` times as large, suffices for ``flops``."""
    changed = replace(case, flops=flops, pools=case.whole if factor == 1 else scaled(case.whole, factor))
    if changed.repeated_data and changed.given is None:
        return math.log(changed.repeated_data.free_share(flops) / SHARE_BOUND)
    spare = changed.effective_share() - EFFECTIVE_BOUND
    if changed.given is None or not math.isfinite(changed.whole.most):
        return spare
    return min(spare, changed.whole.most / changed.given.tokens - 1)


def ceiling(law: ScalingLaw, pools: Sequence[DomainPool]) -> Ceiling | None:
    """The largest runs that a supply can feed; None without a supply.

    Limits of epochs do not count for the runs of one and four epochs. They do for the budget at which doubling still
    helps, as for a plan's best run, which has no numbers beyond it.
    """
    endless = Pools.of(pools).without_limits()
    once = endless.once
    if not math.isfinite(once):
        return None
    first = law.optimum_of_tokens(once)
    repeated_data = repeated_data_law(law, endless)
    if repeated_data is None:
        return Ceiling(first.flops, None, first.params, None, None, None)
    four = _flops_where(lambda flops: math.log(repeated_data.optimum(flops).tokens / (4 * once)), first.flops)
    params = None if four is None else repeated_data.optimum(four).params
    limited = replace(repeated_data, pools=pools)
    ends = [_still_helping(replace(limited, repetition=each), first.flops) for each in BAND]
    known = [end for end in ends if end is not None]
    return Ceiling(first.flops, four, first.params, params, min(known, default=None), max(known, default=None))


def _still_helping(law: RepeatedDataLaw, start: float) -> float | None:
    """The largest budget at which doubling still lowers the loss."""

    def spare(flops: float) -> float:
        return math.log(max(law.best_loss(flops) - law.best_loss(2 * flops), 1e-300) / STILL_HELPS)

    return _flops_where(spare, start)


def _flops_where(function: Callable[[float], float], start: float) -> float | None:
    """The budget above ``start`` at which the function is zero; None if it is outside `FLOPS_BOUNDS`."""
    low, high = FLOPS_BOUNDS
    if not start > 0:
        return None
    log = _zero_from(lambda log_flops: function(math.exp(log_flops)), math.log(start), 1)
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
