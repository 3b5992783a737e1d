"""What more of everything is worth: loss for 1 % more, compute and money for tokens that a domain lacks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.laws.protocol import Run, gives_loss
from tokaudit.laws.repeated_data import DomainPool, RepeatedDataLaw
from tokaudit.planning.case import BAND, ComputeShares, PlanCase
from tokaudit.planning.plan_value import Cost, GainPerPercent, Worth

_PERCENT: Final = 1.01
_SAME: Final = 1e-9  # relative: a domain that is short by no more is not short
_MILLION: Final = 1e6
_HIGHEST_PRICE: Final = 1e12  # of any currency
_ENDLESS: Final = DomainPool(1.0, math.inf)


def gain_per_percent(case: PlanCase, names: Sequence[str]) -> GainPerPercent | None:
    """How far the loss falls with 1 % more of one thing; None for a law without a loss.

    Args:
        case: the run as given, or the budget, which is spent as is best on its supply.
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
        compute=max(0.0, loss - after),  # rounding, where compute no longer helps
        unique_tokens=unique,
    )


def cost(shares: ComputeShares, gpu_hours: float, price: float) -> Cost:
    """What the run costs at a price of a GPU-hour, and what of that is lost to missing data.

    Raises:
        UsageError: a price that no hour has.
    """
    if not 0 < price <= _HIGHEST_PRICE:
        raise UsageError(f"--price-gpu-hour: {price:g} is no price of an hour (above 0, up to {_HIGHEST_PRICE:g})")
    run = gpu_hours * price
    lost = None if shares.allocation is None or shares.both is None else shares.allocation - shares.both
    return Cost(run, None if lost is None else run * lost)


def lacking(case: PlanCase, names: Sequence[str], run: Run) -> dict[str, float]:
    """Domain -> tokens that bring it to one epoch of the run; those alone that the run needs more of than there is."""
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
    """What more unique tokens would gain, one domain at a time, at the same mixture.

    Args:
        case: the run as given, or the budget, on its supply.
        shares: what is left of the budget on this supply.
        names: the domain of each of the case's pools.
        run: as given, or the optimal one.
        added: domain -> tokens to add, as the law counts them; None: what each domain lacks to one epoch of the run.
        cost_of_run: money; None: no price is known.
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
    """How much more is left of the budget: with the case's repetition constants, then over what is known of them."""
    if now.allocation is None:
        return []
    each = zip(now.data_each, filled.data_each, strict=True)
    return [now.allocation * max(0.0, after - before) for before, after in each]


def _with_unique(pools: Sequence[DomainPool], at: int, unique: float) -> list[DomainPool]:
    """The pools, one of them with other unique tokens."""
    return [replace(pool, unique=unique) if index == at else pool for index, pool in enumerate(pools)]
