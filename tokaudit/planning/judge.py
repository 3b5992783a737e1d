"""The second stage of a plan: best runs, what limits the run and why, where that changes, what other laws say."""

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
    """The judgement of a plan, before it is explained.

    Attributes:
        case: the run or budget on its supply, under the plan's law.
        optimum: the best run with unlimited unique data.
        run: the run as given, or the optimum.
        run_on_supply: the run as given, or the best run on the supply; None if more compute no longer helps.
        constrained: the best run on the supply; None without a supply or a loss, or if more compute no longer helps.
        suggestion: the suggested mixture; None without a supply.
        tokens_side: the share of the loss's sensitivity that lies with tokens; None for a law without a loss.
        allocation: what the run is short of by its split alone.
        shares: the shares of the budget that would do, by split and by supply.
        compute_helps: whether more compute still lowers the loss on this supply.
        constraint, cause: what limits the run, and why; None if nothing can.
        constraint_low, constraint_high: the constraint at the low and at the high bounds of the supply.
        verdicts: the verdict of every law that was asked, by name.
        agreement: how many laws agree; None without a verdict.
        flips_at: where the verdict changes.
        ceiling: the largest runs that the supply can feed; None without a supply.
        interval: interval of the optimum, from the law's draws; None without draws.
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
    """The verdict on a resolved plan, and the numbers that it rests on."""
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
    """The best run for the budget on the supply, even if a run is given."""
    law = case.repeated_data
    if law is None or not case.compute_helps():
        return None
    best = law.optimum(case.flops)
    epochs = best.tokens / tokens_one_epoch(case.pools)
    return Constrained(best.params, best.tokens, epochs, law.loss(best.params, best.tokens))


def _constraints_at_bounds(resolved: ResolvedPlan, case: PlanCase) -> tuple[Constraint | None, Constraint | None]:
    """The constraints at the low and at the high bounds of the supply."""
    share_of = resolved.share_of
    used = [(share_of[entry.domain], entry.bounds()) for entry in resolved.supply.domains if share_of[entry.domain]]
    # A low bound of nothing is taken as one token, because laws do not apply to an empty domain.
    low = [DomainPool(share, max(bounds.low, 1.0)) for share, bounds in used]
    high = [DomainPool(share, bounds.high) for share, bounds in used]
    return replace(case, pools=low).verdict()[0], replace(case, pools=high).verdict()[0]


def verdict_of_law(name: str, voter: ResolvedVoter, budget: Budget) -> LawVerdict:
    """What one law says of the budget on the supply, as a plan with that law would."""
    case = PlanCase.of(voter.law, budget, voter.pools)
    best = voter.law.optimum(case.flops)
    return LawVerdict(name, best.params, best.tokens, case.verdict()[0], case.shares().both)


def _agreement(
    constraint: Constraint | None, verdicts: Sequence[LawVerdict], draws_same: float | None
) -> LawAgreement | None:
    """How many laws agree; the plan's own law counts, even if no other was asked."""
    if constraint is None:
        return None
    same = sum(verdict.constraint == constraint for verdict in verdicts)
    return LawAgreement(max(len(verdicts), 1), max(same, 1), draws_same)
