"""What the reader of a plan must know before using its numbers, one sentence each."""

import math
from collections.abc import Collection, Iterator, Sequence

from tokaudit.core.units import format_count
from tokaudit.laws.embedding_params import params_total
from tokaudit.laws.protocol import Run, ScalingLaw, gives_loss
from tokaudit.planning.case import ComputeShares
from tokaudit.planning.judge import Judgement
from tokaudit.planning.plan import MANY_EPOCHS, Budget, Constraint, DomainPlan
from tokaudit.planning.plan_value import Inference, Worth
from tokaudit.planning.resolve import ResolvedPlan
from tokaudit.supply.types import Supply


def plan_caveats(
    resolved: ResolvedPlan,
    judged: Judgement,
    domains: Sequence[DomainPlan],
    gains: Sequence[Worth],
    lifetime: Inference | None,
) -> Iterator[str]:
    """All that there is to know of a plan.

    Args:
        resolved: what it is judged on.
        judged: what was found.
        domains: what the plan asks of each domain.
        gains: what more of each would be worth.
        lifetime: the cheapest run over a lifetime of serving; None: not asked for, or the law has no loss.
    """
    request, supply, case = resolved.request, resolved.supply, judged.case
    best = judged.optimum if judged.constrained is None else Run(judged.constrained.params, judged.constrained.tokens)
    unique = math.fsum(pool.unique for pool in case.pools) if case.pools else None
    yield from request.law.metadata.warnings
    yield from request.law.warnings(case.given or best, unique)
    yield from law_caveats(request.law, judged.optimum, case.given, domains)
    yield from draws_caveats(request.draws)
    yield from supply_caveats(request.law, request.budget, supply)
    yield from bounds_caveats(judged.constraint_low, judged.constraint_high)
    yield from repetition_caveats(request.law, judged.shares, case.params_part(), domains, helps=judged.compute_helps)
    yield from mixture_caveats(domains, judged.suggestion.tokens_feasible if judged.suggestion else None)
    yield from given_run_caveats(judged.allocation, judged.constraint)
    yield from value_caveats(gains)
    if request.tokens_served is not None:
        yield from inference_caveats(lifetime, domains)


def supply_caveats(law: ScalingLaw, budget: Budget, supply: Supply) -> Iterator[str]:
    """Whose tokens are compared, and what the supply itself warns of.

    Args:
        law: the law.
        budget: what may be spent; its tokens are the law's.
        supply: in the law's tokens, where it could be converted.
    """
    counted = f"the law counts tokens of {law.metadata.tokenizer} on {law.metadata.corpus}"
    if not supply.domains:
        yield "no supply given: the numbers are the law's optimum with unlimited unique data"
    elif supply.tokenizer is None:
        yield f"{counted}: a supply stated as bare numbers is taken as the law's tokens"
    else:
        factors = [(entry.domain, entry.factor) for entry in supply.domains if entry.factor]
        if any(factor.value != 1 for _, factor in factors):
            each = "; ".join(f"{domain} {factor.explained()}" for domain, factor in factors)
            run = "" if budget.tokens is None else "; the tokens of the budget are taken as the law's"
            yield f"{counted}, the supply those of {supply.tokenizer}: converted, {each}{run}"
        if unknown := [entry.domain for entry in supply.domains if entry.factor is None]:
            names = ", ".join(unknown)
            yield f"{counted}, the supply those of {supply.tokenizer}: {names} compared unconverted, no rate is known"
    yield from supply.warnings


def draws_caveats(constants: Collection[str]) -> Iterator[str]:
    """Why there is no interval, or what it leaves out.

    Args:
        constants: those of the law that have joint draws.
    """
    if not constants:
        yield "no joint draws of the law's constants are known, so no interval can be said"
    elif not {"E", "k_N"} & set(constants):
        yield f"only {' and '.join(constants)} have joint draws, so the interval of the optimum can't be said"


def bounds_caveats(lowest: Constraint | None, highest: Constraint | None) -> Iterator[str]:
    """Whether the supply is known well enough for the verdict.

    Args:
        lowest: the constraint if the supply is as small as its low bounds say.
        highest: if it is as large as its high bounds say.
    """
    if lowest != highest:
        yield (
            f"the constraint is {lowest} if there is as little of each domain as its low bound says, {highest} if as "
            "much as its high bound says: it is open"
        )


def law_caveats(law: ScalingLaw, optimum: Run, given: Run | None, domains: Sequence[DomainPlan]) -> Iterator[str]:
    """What the law counts otherwise than the reader may, and what it can't say.

    Args:
        law: the law.
        optimum: its best run for the budget.
        given: the run as given, its parameters as the law counts them.
        domains: the plan's domains.
    """
    if law.metadata.params_counted == "non-embedding":
        run = "" if given is None else f", and the run's count as {format_count(given.params)}"
        best, total = format_count(optimum.params), format_count(params_total(optimum.params))
        yield (
            f"the law counts params without embeddings: its best run's {best} are about {total} in all{run} "
            "(converted as arXiv:2406.12907 does, for a vocabulary of 32,000)"
        )
    elif law.metadata.params_counted == "active":
        yield "the law counts active params, those that a token passes: its best run's are, and --params is taken so"
    if not gives_loss(law):
        yield (
            "the law knows optimal runs only, no other's loss: a run is judged by its tokens over those of the optimum "
            "(data below 1/3, model above 3), a supply by what the tokens are worth on it (data below 93%)"
        )
        if any(entry.epochs is not None and entry.epochs > 1 for entry in domains):
            yield "what repeats are worth is borrowed from muennighoff2023 (R_D* = 15.39, weakly identified)"


def repetition_caveats(
    law: ScalingLaw,
    shares: ComputeShares,
    params_part: float | None,
    domains: Sequence[DomainPlan],
    *,
    helps: bool,
) -> Iterator[str]:
    """How sure the cost of repeats is.

    Args:
        law: the law.
        shares: what the supply leaves of the budget's worth.
        params_part: the part of the loss in worth that excess parameters have.
        domains: the plan's domains.
        helps: whether more compute still lowers the loss on this supply.
    """
    if shares.data is not None and shares.data < 1:
        own = gives_loss(law) and law.repetition is not None
        part = (
            "" if params_part is None else f"; {params_part:.0%} of the cost of missing data is R_N*'s (excess params)"
        )
        if own:
            yield f"R_D* and R_N* are weakly identified by their runs: read share_data with its band{part}"
        else:
            yield (
                "the law has no constants for repeated data: R_D* = 15.39 and R_N* = 5.31 are borrowed from "
                f"muennighoff2023, where they are weakly identified{part}"
            )
    if not helps:
        yield "compute no longer helps: doubling the budget lowers the loss by less than 1e-4 nats"
    often = [entry for entry in domains if entry.epochs is not None and entry.epochs > MANY_EPOCHS]
    if often:
        names = ", ".join(f"{entry.domain} ({format_count(entry.epochs)} epochs)" for entry in often)
        yield f"beyond {MANY_EPOCHS} epochs repeats do more harm than the law says (cost: at least): {names}"


def mixture_caveats(domains: Sequence[DomainPlan], tokens_feasible: float | None) -> Iterator[str]:
    """What the law can't say of domains, and a mixture that no supply fills.

    Args:
        domains: the plan's domains.
        tokens_feasible: most tokens within the allowed epochs, if fewer than the plan's; else None.
    """
    used = [entry for entry in domains if entry.share]
    if len(used) > 1:
        yield "what a domain teaches is outside the law, which counts tokens: it can't choose a mixture"
        if any(entry.epochs is not None and entry.epochs > 1 for entry in used):
            yield (
                "repeats are counted domain by domain, an extension of a law for one pool: what repeating "
                "a small domain often costs is a lower bound"
            )
    if tokens_feasible is None:
        return
    most = f"{format_count(tokens_feasible)} tokens"
    if len(used) > 1:
        yield (
            "no mixture of these domains gives the plan's tokens within the allowed epochs; "
            f"mixture_suggested is for {most}, the most there are"
        )
    else:
        yield f"within the allowed epochs there are {most}, fewer than the plan's"


def given_run_caveats(allocation: Constraint, constraint: Constraint | None) -> Iterator[str]:
    """A run that is short of parameters by its split and of tokens by its supply."""
    if allocation == "model" and constraint == "data":
        yield "by its split alone this run is short of params: a larger model would need fewer repeats"


def value_caveats(rows: Sequence[Worth]) -> Iterator[str]:
    """What the worth of a domain's tokens is not."""
    if rows and rows[0].share_gain is None:
        yield "the law has no loss, so what more tokens would save can't be said"
    elif rows:
        yield (
            "worth is the compute that a domain's repeats cost this run at this mixture, each domain by itself: what "
            "its text teaches is outside the law, so rows neither add up nor say which domain to buy"
        )


def inference_caveats(lifetime: Inference | None, domains: Sequence[DomainPlan]) -> Iterator[str]:
    """Why there is no cheapest run over a lifetime, or of which domains it needs more than there is.

    Args:
        lifetime: that run; None: the law has no loss to keep to.
        domains: the plan's domains.
    """
    if lifetime is None:
        yield "the law has no loss, so which run is as good and cheapest over a lifetime can't be said"
        return
    repeated = [
        f"{entry.domain} {format_count(epochs)}"
        + ("" if entry.epochs is None else f" (the plan's run {format_count(entry.epochs)})")
        for entry in domains
        if entry.share and entry.tokens_unique and (epochs := entry.share * lifetime.tokens / entry.tokens_unique) > 1
    ]
    if repeated:
        yield (
            f"the cheapest run over its lifetime wants {format_count(lifetime.tokens)} tokens that are all different: "
            f"on this supply its epochs were {', '.join(repeated)}, and its loss not as low"
        )
