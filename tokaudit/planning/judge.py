"""The second stage of a plan: best runs, what limits the run and why, where that changes, what other laws say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tokaudit.core.types import Float64
from tokaudit.laws.protocol import Run
from tokaudit.planning.case import BAND, ComputeShares, PlanCase
from tokaudit.planning.certainty import certainty
from tokaudit.planning.intervals import best_on_supply, optimum_interval
from tokaudit.planning.plan import Ceiling, Constrained, FlipsAt
from tokaudit.planning.plan_certainty import Certainty, LawAgreement, LawVerdict, OptimumInterval
from tokaudit.planning.resolve import ResolvedMixture, ResolvedPlan
from tokaudit.planning.suggest_mixture import SuggestedMixture, suggest_mixture
from tokaudit.planning.turning_points import NOWHERE, ceiling, flips_at
from tokaudit.planning.verdicts import MANY_EPOCHS, Cause, Constraint


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
        agreement: how many laws and draws agree; None without a verdict.
        certainty: how certain the verdict is; None without one.
        far_beyond_data: whether the best run on the supply repeats it so often that sources disagree.
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
    certainty: Certainty | None
    far_beyond_data: bool
    flips_at: FlipsAt
    ceiling: Ceiling | None
    interval: OptimumInterval | None


def judge(resolved: ResolvedPlan) -> Judgement:
    """The verdict on a resolved plan, and the numbers that it rests on."""
    request = resolved.request
    case = resolved.case()
    optimum = request.law.optimum(case.flops)
    rules = resolved.mixture.rules
    suggestion = suggest_mixture(case, resolved.supply.domains, resolved.share_of, resolved.limits, rules)
    constraint, cause = case.verdict(suggestion.case if suggestion else None)
    verdicts = law_verdicts(resolved, case, resolved.mixture)
    bounds = constraints_at_bounds(resolved, case, resolved.mixture)
    certain = certainty(case, constraint, verdicts, bounds, request.draws)
    far = is_far(case)
    return Judgement(
        case=case,
        optimum=optimum,
        run=case.given or optimum,
        run_on_supply=case.run_on_supply(),
        constrained=best_on_supply(case, request.repetition_draws) if case.compute_helps() else None,
        suggestion=suggestion,
        tokens_side=case.tokens_side(),
        allocation=case.allocation(),
        shares=case.shares(BAND),
        compute_helps=case.compute_helps(),
        constraint=constraint,
        cause=cause,
        constraint_low=bounds[0],
        constraint_high=bounds[1],
        verdicts=verdicts,
        agreement=_agreement(verdicts, constraint, certain.draws) if constraint and certain else None,
        certainty=certain,
        far_beyond_data=far,
        flips_at=NOWHERE if far else flips_at(case),
        ceiling=_ceiling(case, far=far),
        interval=optimum_interval(request.draws, case.flops),
    )


def is_far(case: PlanCase) -> bool:
    """Whether the best run on the supply repeats it so often that sources disagree; a run as given does not matter."""
    law = case.deciding.repeated_data
    return law is not None and law.optimum(case.flops).tokens > MANY_EPOCHS * law.whole.once


def _ceiling(case: PlanCase, *, far: bool) -> Ceiling | None:
    found = ceiling(case.law, case.pools)
    if found is None or not far:
        return found
    return Ceiling(found.flops_one_epoch, None, found.params_one_epoch, None, None, None)


def constraints_at_bounds(
    resolved: ResolvedPlan, case: PlanCase, mixture: ResolvedMixture
) -> tuple[Constraint | None, Constraint | None]:
    """The constraints at the low and at the high bounds of the supply."""
    bounds = [entry.bounds() for entry in resolved.supply.domains if mixture.share_of[entry.domain]]
    # A low bound of nothing is taken as one token, because laws do not apply to an empty domain.
    low = np.array([max(bound.low, 1.0) for bound in bounds], np.float64)
    high = np.array([bound.high for bound in bounds], np.float64)
    return _with_unique(case, low).verdict()[0], _with_unique(case, high).verdict()[0]


def _with_unique(case: PlanCase, unique: Float64) -> PlanCase:
    """The case with other unique tokens; the same case if they are its own."""
    return (
        case if np.array_equal(unique, case.whole.unique_each) else replace(case, pools=case.whole.with_unique(unique))
    )


def law_verdicts(
    resolved: ResolvedPlan, own: PlanCase, mixture: ResolvedMixture, *, shown: bool = True
) -> tuple[LawVerdict, ...]:
    """What each law that is asked says of the budget on the supply, as a plan with that law would.

    Args:
        resolved: the plan.
        own: the case of its own law with the mixture.
        mixture: the mixture.
        shown: whether to ask the laws without a vote, too.
    """
    found = []
    for name, voter in resolved.voters.items():
        if shown or voter.law.metadata.standing == "votes":
            found.append(law_verdict(name, own if voter.law is own.law else resolved.case(mixture, voter)))
    return tuple(found)


def law_verdict(name: str, case: PlanCase) -> LawVerdict:
    """What the law of a case says of it.

    Args:
        name: name of the law.
        case: the case.
    """
    best = case.law.optimum(case.flops)
    votes = case.law.metadata.standing == "votes"
    return LawVerdict(name, best.params, best.tokens, case.verdict()[0], case.shares().both, votes)


def _agreement(verdicts: Sequence[LawVerdict], constraint: Constraint, draws: float | None) -> LawAgreement:
    """How many votes agree; the plan's own law counts if no other is asked."""
    votes = [verdict.constraint for verdict in verdicts if verdict.votes] or [constraint]
    return LawAgreement(len(votes), votes.count(constraint), draws)
