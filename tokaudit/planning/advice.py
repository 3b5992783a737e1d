"""What to do about a plan: first what is free, then what costs; each is planned anew."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from tokaudit.core.units import format_count, format_power, percent
from tokaudit.laws.protocol import gives_loss
from tokaudit.planning.case import PlanCase
from tokaudit.planning.intervals import is_wide
from tokaudit.planning.judge import Judgement
from tokaudit.planning.plan_value import Advice
from tokaudit.planning.resolve import ResolvedPlan
from tokaudit.planning.value_of_data import lacking

_LEAST_GAIN: Final = 0.01
_MOST_DOMAINS: Final = 16
"""More domains are not tried; those that are repeated most come first."""


def advice(resolved: ResolvedPlan, judged: Judgement) -> tuple[Advice, ...]:
    """What to do, best first: what is free, then what costs. Empty for a law without a loss, and without a verdict.

    What gains less than 1 % of the compute is left out.
    """
    now = judged.shares.both
    if now is None or judged.constraint is None:
        return ()
    found = [each for each in _all(resolved, judged) if each.compute_equivalent_share - now >= _LEAST_GAIN]
    return tuple(sorted(found, key=lambda each: (not each.free, -each.compute_equivalent_share)))


def _all(resolved: ResolvedPlan, judged: Judgement) -> Iterator[Advice]:
    case = judged.case
    yield from _other_mixture(resolved, judged)
    if case.given is not None:
        yield from _other_size(judged)
    needs = lacking(case, resolved.names, judged.run)
    loose = resolved.mixture.rules.loose
    scarce = [domain for domain in _most_repeated(resolved, needs) if domain not in loose]
    for domain in scarce[:_MOST_DOMAINS]:
        yield from _more_tokens(resolved, case, domain, needs[domain])
    share = _share(case, case.flops * 2)
    if share is not None:
        do = f"double the compute to {format_power(2 * case.flops)} FLOPs, spent on the best run"
        yield Advice(do, _effect(case, share), share, free=False)


def _other_mixture(resolved: ResolvedPlan, judged: Judgement) -> Iterator[Advice]:
    """The suggested mixture, if it is another one."""
    suggestion = judged.suggestion
    if suggestion is None or suggestion.tokens_feasible is not None:
        return
    changed = [
        domain for domain, share in suggestion.shares.items() if abs(share - resolved.share_of[domain]) > _LEAST_GAIN
    ]
    share = suggestion.case.shares().both
    if changed and share is not None:
        most = sorted(changed, key=lambda domain: -abs(suggestion.shares[domain] - resolved.share_of[domain]))
        shown = ", ".join(f"{domain} {percent(suggestion.shares[domain])}" for domain in most[:4])
        do = f"change the mixture to {shown}{' …' if len(most) > 4 else ''}"
        yield Advice(do, _effect(judged.case, share), share, free=True)


def _other_size(judged: Judgement) -> Iterator[Advice]:
    """The size that the law prefers for the same compute."""
    case = judged.case
    share = _share(case, case.flops)
    if share is None or not judged.compute_helps:  # then many sizes are equally good
        return
    best = case.repeated_data.optimum(case.flops) if case.repeated_data else case.law.optimum(case.flops)
    if judged.far_beyond_data and judged.constrained:
        there = judged.constrained
        size = f"{_between(there.params_low, there.params_high)} parameters (sources disagree)"
    elif is_wide(judged.interval) and judged.interval:
        size = f"{_between(judged.interval.params_low, judged.interval.params_high)} parameters"
    else:
        size = f"{format_count(best.params)} parameters on {format_count(best.tokens)} tokens"
    yield Advice(f"train {size} for the same compute", _effect(case, share), share, free=True)


def _between(low: float, high: float) -> str:
    return f"{format_count(low)} to {format_count(high)}"


def _most_repeated(resolved: ResolvedPlan, needs: Mapping[str, float]) -> list[str]:
    """The domains that lack tokens, those that would be repeated most first."""
    unique = {entry.domain: entry.tokens_unique for entry in resolved.supply.domains}
    return sorted(needs, key=lambda domain: (-needs[domain] / unique[domain], domain))


def _more_tokens(resolved: ResolvedPlan, case: PlanCase, domain: str, tokens: float) -> Iterator[Advice]:
    """Unique tokens for one epoch of a domain."""
    at = resolved.names.index(domain)
    filled = replace(case, pools=case.whole.with_unique_of(at, case.pools[at].unique + tokens))
    share = filled.shares().both
    if share is not None:
        do = f"get {format_count(tokens)} more unique tokens of {domain}, for one epoch"
        yield Advice(do, _effect(case, share), share, free=False, domain=domain, tokens=tokens)


def _share(case: PlanCase, flops: float) -> float | None:
    """The budget that reaches the loss of the best run for ``flops`` with unlimited data, as a share of the case's."""
    if not gives_loss(case.law):
        return None
    loss = case.repeated_data.best_loss(flops) if case.repeated_data else case.law.optimal_loss(flops)
    free = None if loss is None else case.law.flops_to_reach(loss)
    return None if free is None else free / case.flops


def _effect(case: PlanCase, share: float) -> str:
    """What a share means."""
    return f"reaches the loss of {format_power(share * case.flops)} FLOPs with unlimited data ({percent(share)})"
