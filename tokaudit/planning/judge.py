"""A plan's second stage: the best runs, what limits the run and why, where that changes, and what other laws say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.laws.protocol import Run
from tokaudit.laws.repeated_data import DomainPool, tokens_one_epoch
from tokaudit.planning.case import PlanCase, ceiling
from tokaudit.planning.intervals import draws_same_verdict, optimum_interval
from tokaudit.planning.mixture import suggested
from tokaudit.planning.plan import (
    Budget,
    Cause,
    Ceiling,
    Constrained,
    Constraint,
    FlipsAt,
    LawAgreement,
    LawVerdict,
    OptimumInterval,
)
from tokaudit.planning.resolve import ResolvedPlan, ResolvedVoter

_ITERATIONS: Final = 60
_SETTLED: Final = 1e-6  # relative change of the plan's tokens at which the suggested mixture is done


@dataclass(frozen=True, slots=True)
class SuggestedMixture:
    """The nearest mixture within the allowed epochs.

    Attributes:
        shares: domain -> share, for every domain of the supply.
        case: the case with this mixture.
        tokens_feasible: the most tokens within the allowed epochs, if fewer than the plan's; else None.
    """

    shares: dict[str, float]
    case: PlanCase
    tokens_feasible: float | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is found of a plan, before it is explained.

    Attributes:
        case: the run or budget on its supply, under the plan's law.
        optimum: the best run with unlimited unique data.
        run: as given, or the optimum.
        run_on_supply: as given, or the best run on the supply; None where compute no longer helps.
        constrained: the best run on the supply; None without a supply, without a loss, or where compute does not help.
        suggestion: the mixture suggested; None without a supply.
        constraint, cause: what limits the run and why; None where nothing could.
        verdicts: of every law that was asked, in order of name.
        agreement: how many of them agree; None without a verdict.
        flips_at: where the verdict changes.
        ceiling: what the supply can feed; None without a supply.
        interval: of the optimum, by the law's draws; None without them.
    """

    case: PlanCase
    optimum: Run
    run: Run
    run_on_supply: Run | None
    constrained: Constrained | None
    suggestion: SuggestedMixture | None
    constraint: Constraint | None
    cause: Cause | None
    verdicts: tuple[LawVerdict, ...]
    agreement: LawAgreement | None
    flips_at: FlipsAt
    ceiling: Ceiling | None
    interval: OptimumInterval | None


def judge(resolved: ResolvedPlan) -> Judgement:
    """The verdict on what was resolved, and everything that it rests on."""
    request = resolved.request
    case = PlanCase.of(request.law, request.budget, resolved.pools)
    optimum = request.law.optimum(case.flops)
    constrained = _constrained(case)
    run_on_supply = case.given or _run_on_supply(case, constrained, optimum)
    suggestion = suggest_mixture(resolved, case, (run_on_supply or optimum).tokens)
    constraint, cause = case.verdict(suggestion.case if suggestion else None)
    verdicts = tuple(verdict_of_law(name, voter, request.budget) for name, voter in resolved.voters.items())
    return Judgement(
        case=case,
        optimum=optimum,
        run=case.given or optimum,
        run_on_supply=run_on_supply,
        constrained=constrained,
        suggestion=suggestion,
        constraint=constraint,
        cause=cause,
        verdicts=verdicts,
        agreement=_agreement(constraint, verdicts, draws_same_verdict(case, constraint, request.draws)),
        flips_at=case.flips_at(),
        ceiling=ceiling(request.law, resolved.pools),
        interval=optimum_interval(request.draws, case.flops),
    )


def _constrained(case: PlanCase) -> Constrained | None:
    """The best run for the budget on the supply."""
    law = case.repeated_data
    if law is None or not case.compute_helps():
        return None
    best = law.optimum(case.flops)
    epochs = best.tokens / tokens_one_epoch(case.pools)
    return Constrained(best.params, best.tokens, epochs, law.loss(best.params, best.tokens))


def _run_on_supply(case: PlanCase, constrained: Constrained | None, optimum: Run) -> Run | None:
    if constrained:
        return Run(constrained.params, constrained.tokens)
    return optimum if case.compute_helps() else None


def suggest_mixture(resolved: ResolvedPlan, case: PlanCase, tokens: float) -> SuggestedMixture | None:
    """The mixture nearest to the one asked for that keeps to the allowed epochs; None without a supply.

    Args:
        resolved: the shares asked for, and what each domain may give.
        case: with these shares.
        tokens: of the run as given or the best run; where the run is not given, it changes with the mixture.
    """
    if not case.pools:
        return None
    asked = list(resolved.share_of.values())
    for _ in range(_ITERATIONS):
        shares, feasible = suggested(asked, resolved.limits, tokens)
        changed = replace(case, pools=_pools_with(resolved, shares))
        after = _best_tokens(changed, tokens)
        if abs(after / tokens - 1) < _SETTLED:
            most = None if feasible else _most_tokens(resolved.limits, asked)
            return SuggestedMixture(dict(zip(resolved.share_of, shares, strict=True)), changed, most)
        tokens = after
    return None


def _pools_with(resolved: ResolvedPlan, shares: Sequence[float]) -> list[DomainPool]:
    entries = zip(shares, resolved.supply.domains, strict=True)
    return [DomainPool(share, entry.tokens_unique) for share, entry in entries if share]


def _best_tokens(case: PlanCase, tokens: float) -> float:
    law = case.repeated_data
    return law.optimum(case.flops).tokens if law and case.given is None else tokens


def _most_tokens(limits: Sequence[float], asked: Sequence[float]) -> float:
    return math.fsum(limit for limit, share in zip(limits, asked, strict=True) if share)


def verdict_of_law(name: str, voter: ResolvedVoter, budget: Budget) -> LawVerdict:
    """What one law says of the budget on the supply, as its own plan would."""
    case = PlanCase.of(voter.law, budget, voter.pools)
    best = voter.law.optimum(case.flops)
    return LawVerdict(name, best.params, best.tokens, case.verdict()[0], case.share())


def _agreement(
    constraint: Constraint | None, verdicts: Sequence[LawVerdict], draws_same: float | None
) -> LawAgreement | None:
    """The plan's own law agrees with itself, whether others were asked or not."""
    if constraint is None:
        return None
    same = sum(verdict.constraint == constraint for verdict in verdicts)
    return LawAgreement(max(len(verdicts), 1), max(same, 1), draws_same)
