"""The value of more data: loss for 1 % more of a quantity, compute and money for tokens that a domain lacks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_power
from tokaudit.laws.pools import DomainPool, Pools
from tokaudit.laws.protocol import Run, gives_loss
from tokaudit.laws.repeated_data import RepeatedDataLaw
from tokaudit.planning.case import BAND, ComputeShares, PlanCase
from tokaudit.planning.plan_value import Cost, GainPerPercent, Worth

_PERCENT: Final = 1.01
_SAME: Final = 1e-9  # relative: a domain that lacks no more than this lacks nothing
_MILLION: Final = 1e6
_HIGHEST_PRICE: Final = 1e12  # of any currency
_ENDLESS: Final = DomainPool(1.0, math.inf)
_MOST_VALUED: Final = 64
"""Of more domains, only those that a run would repeat most are valued: each takes several searches."""


def gain_per_percent(case: PlanCase, names: Sequence[str]) -> GainPerPercent | None:
    """How far the loss falls with 1 % more of one quantity; None for a law without a loss.

    Args:
        case: the run as given, or the budget, spent optimally on its supply.
        names: the domain of each of the case's pools.
    """
    law = case.law
    if not gives_loss(law):
        return None
    repeated_data = case.repeated_data or RepeatedDataLaw(law, Pools([_ENDLESS]), case.repetition)
    run = case.given or repeated_data.optimum(case.flops)
    loss = repeated_data.loss(run.params, run.tokens)
    more = run if case.given is None else Run(run.params * _PERCENT**0.5, run.tokens * _PERCENT**0.5)
    after = (
        repeated_data.best_loss(case.flops * _PERCENT)
        if case.given is None
        else repeated_data.loss(more.params, more.tokens)
    )
    gains = repeated_data.gains(run, repeated_data.whole.unique_each * _PERCENT)
    return GainPerPercent(
        params=loss - repeated_data.loss(run.params * _PERCENT, run.tokens),
        tokens=loss - repeated_data.loss(run.params, run.tokens * _PERCENT),
        compute=max(0.0, loss - after),  # may be negative by rounding if more compute no longer helps
        unique_tokens=dict(zip(names, gains, strict=True)) if case.pools else {},
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

    If more than 64 domains lack tokens, only the 64 that the run would repeat most have a value.

    Args:
        case: the run as given, or the budget, on its supply.
        shares: the shares of the budget that would do, on this supply.
        names: the domain of each of the case's pools.
        run: the run as given, or the optimal one.
        added: domain -> tokens to add, in the law's tokens; None: what each domain lacks for one epoch of the run.
        cost_of_run: cost of the run in money; None: no price is known.
    """
    more = _most_repeated(lacking(case, names, run), case, names) if added is None else added
    for at, (name, pool) in enumerate(zip(names, case.pools, strict=True)):
        if name not in more:
            continue
        tokens = more[name]
        filled = replace(case, pools=case.whole.with_unique_of(at, pool.unique + tokens)).shares(BAND)
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


def _most_repeated(needs: Mapping[str, float], case: PlanCase, names: Sequence[str]) -> Mapping[str, float]:
    """The needs of the domains that are valued: all, or those that a run would repeat most."""
    if len(needs) <= _MOST_VALUED:
        return needs
    lasts = dict(zip(names, case.whole.lasts.tolist(), strict=True))
    return {name: needs[name] for name in sorted(needs, key=lasts.__getitem__)[:_MOST_VALUED]}


def worth_caveats(case: PlanCase, names: Sequence[str], run: Run, gains: Sequence[Worth]) -> Iterator[str]:
    """A warning if not every domain that lacks tokens has a value.

    Args:
        case: as for `worth`.
        names: as for `worth`.
        run: as for `worth`.
        gains: the values.
    """
    if len(gains) >= _MOST_VALUED and gains[0].fills_epoch and (needs := len(lacking(case, names, run))) > len(gains):
        yield f"{needs:,} domains lack tokens; the value of more is given for the {len(gains)} that are repeated most"
