"""The value of more data: loss for 1 % more of a quantity, compute and money for tokens that a domain lacks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_power
from tokaudit.laws.protocol import Run, gives_loss
from tokaudit.laws.repeated_data import DomainPool, RepeatedDataLaw
from tokaudit.planning.case import BAND, ComputeShares, PlanCase
from tokaudit.planning.plan_value import Cost, GainPerPercent, Worth

_PERCENT: Final = 1.01
_SAME: Final = 1e-9  # relative: a domain that lacks no more than this lacks nothing
_MILLION: Final = 1e6
_HIGHEST_PRICE: Final = 1e12  # of any currency
_ENDLESS: Final = DomainPool(1.0, math.inf)


def gain_per_percent(case: PlanCase, names: Sequence[str]) -> GainPerPercent | None:
    """How far the loss falls with 1 % more of one quantity; None for a law without a loss.

    Args:
        case: the run as given, or the budget, spent optimally on its supply.
        names: the domain of each of the case's pools.
    """
    law = case.law
    if not gives_loss(law):
        return None
    repeated_data = case.repeated_data or RepeatedDataLaw(law, [_ENDLESS], case.repetition)
    run = case.given or repeated_data.optimum(case.flops)
    loss = repeated_data.loss(run.params, run.tokens)
    more = run if case.given is None else Run(run.params * _PERCENT**0.5, run.tokens * _PERCENT**0.5)
    after = (
        repeated_data.best_loss(case.flops * _PERCENT)
        if case.given is None
        else repeated_data.loss(more.params, more.tokens)
    )
    unique = {}
    for at, (name, pool) in enumerate(zip(names, case.pools, strict=True)):
        larger = replace(repeated_data, pools=_with_unique(case.pools, at, pool.unique * _PERCENT))
        unique[name] = loss - larger.loss(run.params, run.tokens)
    return GainPerPercent(
        params=loss - repeated_data.loss(run.params * _PERCENT, run.tokens),
        tokens=loss - repeated_data.loss(run.params, run.tokens * _PERCENT),
        compute=max(0.0, loss - after),  # may be negative by rounding if more compute no longer helps
        unique_tokens=unique,
    )


def cost(shares: ComputeShares, gpu_hours: float, price: float) -> Cost:
    """The cost of the run at a price per GPU-hour, and the part of it that is lost to missing data.

    Raises:
        UsageError: the price is out of bounds.
    """
    if not 0 < price <= _HIGHEST_PRICE:
        raise UsageError(
            f"--price-gpu-hour: {format_power(price)} is out of bounds (above 0, up to {format_power(_HIGHEST_PRICE)})"
        )
    run = gpu_hours * price
    lost = None if shares.allocation is None or shares.both is None else shares.allocation - shares.both
    return Cost(run, None if lost is None else run * lost)


def lacking(case: PlanCase, names: Sequence[str], run: Run) -> dict[str, float]:
    """Domain -> missing tokens for one epoch of the run, for domains that the run needs more of than there is."""
    needs = {name: (pool.share * run.tokens, pool.unique) for name, pool in zip(names, case.pools, strict=True)}
    return {name: needed - unique for name, (needed, unique) in needs.items() if needed > unique * (1 + _SAME)}


def worth(
    case: PlanCase,
    shares: ComputeShares,
    names: Sequence[str],
    run: Run,
    added: Mapping[str, float] | None,
    cost_of_run: float | None,
) -> Iterator[Worth]:
    """The value of more unique tokens, one domain at a time, at the same mixture.

    Args:
        case: the run as given, or the budget, on its supply.
        shares: the shares of the budget that would do, on this supply.
        names: the domain of each of the case's pools.
        run: the run as given, or the optimal one.
        added: domain -> tokens to add, in the law's tokens; None: what each domain lacks for one epoch of the run.
        cost_of_run: cost of the run in money; None: no price is known.
    """
    more = lacking(case, names, run) if added is None else added
    for at, (name, pool) in enumerate(zip(names, case.pools, strict=True)):
        if name not in more:
            continue
        tokens = more[name]
        filled = replace(case, pools=_with_unique(case.pools, at, pool.unique + tokens)).shares(BAND)
        gains = _gains(shares, filled)
        gain = gains[0] if gains else None
        money = None if gain is None or cost_of_run is None else gain * cost_of_run
        yield Worth(
            domain=name,
            added_tokens=tokens,
            fills_epoch=added is None,
            share_gain=gain,
            share_gain_low=min(gains, default=None),
            share_gain_high=max(gains, default=None),
            money=money,
            break_even_per_million_tokens=None if money is None else money / tokens * _MILLION,
        )


def _gains(now: ComputeShares, filled: ComputeShares) -> list[float]:
    """How much the budget's share rises, by the case's own repetition constants, then by those of the band."""
    if now.allocation is None:
        return []
    each = zip(now.data_each, filled.data_each, strict=True)
    return [now.allocation * max(0.0, after - before) for before, after in each]


def _with_unique(pools: Sequence[DomainPool], at: int, unique: float) -> list[DomainPool]:
    """The pools, with other unique tokens for the one at index ``at``."""
    return [replace(pool, unique=unique) if index == at else pool for index, pool in enumerate(pools)]
