"""A plan's second stage: the best runs, what limits the run and why, where that changes, and what other laws say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tokaudit.laws.protocol import Run
from tokaudit.laws.repeated_data import DomainPool, tokens_one_epoch
from tokaudit.planning.case import BAND, ComputeShares, PlanCase, ceiling
from tokaudit.planning.intervals import draws_same_verdict, optimum_interval
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
from tokaudit.planning.suggest_mixture import SuggestedMixture, suggest_mixture


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
        tokens_side: the part of the loss's response that lies with tokens; None for a law without a loss.
        allocation: what the run is short of by its split alone.
        shares: what the split and the supply leave of the budget.
        compute_helps: whether more compute still lowers the loss on this supply.
        constraint, cause: what limits the run and why; None where nothing could.
        constraint_low, constraint_high: the constraint if the supply is as small, or as large, as its bounds say.
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
    tokens_side: float | None
    allocation: Constraint
    shares: ComputeShares
    compute_helps: bool
    constraint: Constraint | None
    cause: Cause | None
    constraint_low: Constraint | None
    constraint_high: Constraint | None
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
    suggestion = suggest_mixture(case, resolved.supply.domains, resolved.share_of, resolved.limits)
    constraint, cause = case.verdict(suggestion.case if suggestion else None)
    constraint_low, constraint_high = _constraints_at_bounds(resolved, case)
    verdicts = tuple(verdict_of_law(name, voter, request.budget) for name, voter in resolved.voters.items())
    return Judgement(
        case=case,
        optimum=optimum,
        run=case.given or optimum,
        run_on_supply=case.run_on_supply(),
        constrained=_constrained(case),
        suggestion=suggestion,
        tokens_side=case.tokens_side(),
        allocation=case.allocation(),
        shares=case.shares(BAND),
        compute_helps=case.compute_helps(),
        constraint=constraint,
        cause=cause,
        constraint_low=constraint_low,
        constraint_high=constraint_high,
        verdicts=verdicts,
        agreement=_agreement(constraint, verdicts, draws_same_verdict(case, constraint, request.draws)),
        flips_at=case.flips_at(),
        ceiling=ceiling(request.law, resolved.pools),
        interval=optimum_interval(request.draws, case.flops),
    )


def _constrained(case: PlanCase) -> Constrained | None:
    """The best run for the budget on the supply, whatever run is given."""
    law = case.repeated_data
    if law is None or not case.compute_helps():
        return None
    best = law.optimum(case.flops)
    epochs = best.tokens / tokens_one_epoch(case.pools)
    return Constrained(best.params, best.tokens, epochs, law.loss(best.params, best.tokens))


def _constraints_at_bounds(resolved: ResolvedPlan, case: PlanCase) -> tuple[Constraint | None, Constraint | None]:
    """The constraint if there is as little of each domain as its low bound says, and as much as its high one says."""
    share_of = resolved.share_of
    used = [(share_of[entry.domain], entry.bounds()) for entry in resolved.supply.domains if share_of[entry.domain]]
    # Of a domain that may have nothing a token stands for that: what a law says of ever less, not of none.
    low = [DomainPool(share, max(bounds.low, 1.0)) for share, bounds in used]
    high = [DomainPool(share, bounds.high) for share, bounds in used]
    return replace(case, pools=low).verdict()[0], replace(case, pools=high).verdict()[0]


def verdict_of_law(name: str, voter: ResolvedVoter, budget: Budget) -> LawVerdict:
    """What one law says of the budget on the supply, as its own plan would."""
    case = PlanCase.of(voter.law, budget, voter.pools)
    best = voter.law.optimum(case.flops)
    return LawVerdict(name, best.params, best.tokens, case.verdict()[0], case.shares().both)


def _agreement(
    constraint: Constraint | None, verdicts: Sequence[LawVerdict], draws_same: float | None
) -> LawAgreement | None:
    """The plan's own law agrees with itself, whether others were asked or not."""
    if constraint is None:
        return None
    same = sum(verdict.constraint == constraint for verdict in verdicts)
    return LawAgreement(max(len(verdicts), 1), max(same, 1), draws_same)
