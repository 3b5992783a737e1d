"""Warnings that the reader of a plan must know before using its numbers, one sentence each."""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from tokaudit.core.units import format_count
from tokaudit.laws.embedding_params import params_total
from tokaudit.laws.protocol import Run, ScalingLaw, gives_loss
from tokaudit.planning.case import ComputeShares
from tokaudit.planning.experts import experts_caveats
from tokaudit.planning.judge import Judgement
from tokaudit.planning.plan import Budget, DomainPlan
from tokaudit.planning.plan_value import Inference, Worth
from tokaudit.planning.resolve import ResolvedPlan
from tokaudit.planning.verdicts import MANY_EPOCHS, Constraint
from tokaudit.supply.types import Supply


def plan_caveats(
    resolved: ResolvedPlan,
    judged: Judgement,
    domains: Sequence[DomainPlan],
    gains: Sequence[Worth],
    lifetime: Inference | None,
) -> Iterator[str]:
    """All warnings about a plan.

    Args:
        resolved: what the plan is judged on.
        judged: the judgement.
        domains: what the plan needs from each domain.
        gains: the value of more tokens of each domain.
        lifetime: the cheapest run over training and serving; None: not asked for, or the law has no loss.
    """
    request, supply, case = resolved.request, resolved.supply, judged.case
    best = judged.optimum if judged.constrained is None else Run(judged.constrained.params, judged.constrained.tokens)
    unique = math.fsum(pool.unique for pool in case.pools) if case.pools else None
    yield from request.law.metadata.warnings
    yield from request.law.warnings(case.given or best, unique)
    yield from experts_caveats(request.budget, request.known_runs)
    if request.stages:
        yield ORDER
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


ORDER: Final = "no law here knows the order of data, so the loss of stages is that of all their tokens mixed"


def experts_plan_caveats(resolved: ResolvedPlan) -> Iterator[str]:
    """All warnings about the plan of a mixture of experts."""
    request = resolved.request
    yield f"{request.law_name} was fitted on dense models and does not apply to mixtures of experts"
    if request.stages:
        yield ORDER
    yield from supply_caveats(request.law, request.budget, resolved.supply)


def supply_caveats(law: ScalingLaw, budget: Budget, supply: Supply) -> Iterator[str]:
    """Which tokenizers' tokens are compared, and the supply's own warnings.

    Args:
        law: the law.
        budget: what may be spent; its tokens are the law's.
        supply: in the law's tokens, as far as it could be converted.
    """
    counted = f"the law counts tokens of {law.metadata.tokenizer} on {law.metadata.corpus}"
    if not supply.domains:
        yield "no supply is given, so the numbers are the law's optimum with unlimited unique data"
    elif supply.tokenizer is None:
        yield f"{counted}; the supply names no tokenizer, so its numbers are taken as the law's tokens"
    else:
        factors = [(entry.domain, entry.factor) for entry in supply.domains if entry.factor]
        if any(factor.value != 1 for _, factor in factors):
            each = "; ".join(f"{domain} {factor.explained()}" for domain, factor in factors)
            run = "" if budget.tokens is None else "; the budget's tokens are taken as the law's"
            yield f"{counted}, the supply counts those of {supply.tokenizer}; the supply was converted: {each}{run}"
        if unknown := [entry.domain for entry in supply.domains if entry.factor is None]:
            names = ", ".join(unknown)
            yield (
                f"{counted}, the supply counts those of {supply.tokenizer}; no conversion rate is known for {names}, "
                "so these tokens are compared unconverted"
            )
    yield from supply.warnings


def draws_caveats(constants: Collection[str]) -> Iterator[str]:
    """Why there is no interval of the optimum.

    Args:
        constants: constants of the law that have joint draws.
    """
    if not constants:
        yield "no joint draws of the law's constants are known, so there are no intervals"
    elif not {"E", "k_N"} & set(constants):
        yield f"only {' and '.join(constants)} have joint draws, so there is no interval of the optimum"


def bounds_caveats(lowest: Constraint | None, highest: Constraint | None) -> Iterator[str]:
    """Whether the supply is known well enough for the verdict.

    Args:
        lowest: the constraint at the low bounds of the supply.
        highest: the constraint at its high bounds.
    """
    if lowest != highest:
        yield f"the verdict is uncertain: {lowest} at the supply's low bounds, {highest} at its high bounds"


def law_caveats(law: ScalingLaw, optimum: Run, given: Run | None, domains: Sequence[DomainPlan]) -> Iterator[str]:
    """What the law counts differently from what the reader may expect, and what it can't say.

    Args:
        law: the law.
        optimum: the law's best run for the budget.
        given: the run as given, its parameters as the law counts them.
        domains: the plan's domains.
    """
    if law.metadata.params_counted == "non-embedding":
        run = "" if given is None else f", and the given run has {format_count(given.params)}"
        best, total = format_count(optimum.params), format_count(params_total(optimum.params))
        yield (
            f"the law counts parameters without embeddings: its best run has {best} (about {total} in total){run}; "
            "converted by arXiv:2406.12907, for a vocabulary of 32,000"
        )
    elif law.metadata.params_counted == "active":
        yield "the law counts active parameters, so --params and its best run are active parameters too"
    if not gives_loss(law):
        yield (
            "the law gives optimal runs only, not the loss of others; a run is judged by its tokens relative to the "
            "optimum's (data below 1/3, model above 3); a supply is judged by its effective tokens (data below 93 % of "
            "the run's tokens)"
        )
        if any(entry.epochs is not None and entry.epochs > 1 for entry in domains):
            yield (
                "the law has no constants for repeated data: R_D* = 15.4 is borrowed from muennighoff2023, where it is "
                "weakly identified"
            )


def repetition_caveats(
    law: ScalingLaw,
    shares: ComputeShares,
    params_part: float | None,
    domains: Sequence[DomainPlan],
    *,
    helps: bool,
) -> Iterator[str]:
    """How certain the cost of repeats is.

    Args:
        law: the law.
        shares: the shares of the budget that would do.
        params_part: the part of the loss from limited data that comes from excess parameters.
        domains: the plan's domains.
        helps: whether more compute still lowers the loss on this supply.
    """
    if shares.data is not None and shares.data < 1:
        own = gives_loss(law) and law.repetition is not None
        part = (
            ""
            if params_part is None
            else f"; {100 * params_part:.0f} % of the loss from limited data comes from excess parameters (R_N*)"
        )
        if own:
            yield f"R_D* and R_N* are weakly identified by their runs, so read share_data with its band{part}"
        else:
            yield (
                "the law has no constants for repeated data: R_D* = 15.4 and R_N* = 5.31 are borrowed from "
                f"muennighoff2023, where they are weakly identified{part}"
            )
    if not helps:
        yield "more compute no longer helps: doubling the budget lowers the loss by less than 1e-4 nats"
    often = [entry for entry in domains if entry.epochs is not None and entry.epochs > MANY_EPOCHS]
    if often:
        names = ", ".join(f"{entry.domain} ({format_count(entry.epochs)} epochs)" for entry in often)
        yield f"beyond {MANY_EPOCHS} epochs, repeats cost more than the law says, so its cost is a lower bound: {names}"


def mixture_caveats(domains: Sequence[DomainPlan], tokens_feasible: float | None) -> Iterator[str]:
    """What the law can't say about domains, and a mixture that the supply can't fill.

    Args:
        domains: the plan's domains.
        tokens_feasible: the most tokens within the allowed epochs, if fewer than the plan's; else None.
    """
    used = [entry for entry in domains if entry.share]
    if len(used) > 1:
        yield "the law only counts tokens and does not know what a domain teaches, so it can't choose a mixture"
        if any(entry.epochs is not None and entry.epochs > 1 for entry in used):
            yield (
                "repeats are counted for each domain, which extends a law for one pool; the cost of repeating a small "
                "domain often is a lower bound"
            )
    if tokens_feasible is None:
        return
    most = f"{format_count(tokens_feasible)} tokens"
    if len(used) > 1:
        yield (
            "no mixture of these domains has as many tokens as the plan needs within the allowed epochs; "
            f"mixture_suggested is for {most}, the most there are"
        )
    else:
        yield f"within the allowed epochs there are {most}, fewer than the plan needs"


def given_run_caveats(allocation: Constraint, constraint: Constraint | None) -> Iterator[str]:
    """A warning about a run that is short of parameters by its split and of tokens by its supply."""
    if allocation == "model" and constraint == "data":
        yield "by its split alone, this run is short of parameters; a larger model would need fewer repeats"


def value_caveats(rows: Sequence[Worth]) -> Iterator[str]:
    """What the value of more tokens does not mean."""
    if rows and rows[0].share_gain is None:
        yield "the law gives no loss, so the value of more tokens is not known"
    elif rows:
        yield (
            "the value of more data is the compute that one domain's repeats cost this run at this mixture; it does "
            "not count what the text teaches, so rows do not add up and do not say which domain to buy"
        )


def inference_caveats(lifetime: Inference | None, domains: Sequence[DomainPlan]) -> Iterator[str]:
    """Why there is no cheapest run over a lifetime, or which domains it would have to repeat.

    Args:
        lifetime: the cheapest run; None: the law gives no loss that it could match.
        domains: the plan's domains.
    """
    if lifetime is None:
        yield "the law gives no loss, so the cheapest equally good run over a lifetime is not known"
        return
    repeated = [
        f"{entry.domain} {format_count(epochs)}"
        + ("" if entry.epochs is None else f" (the plan's run: {format_count(entry.epochs)})")
        for entry in domains
        if entry.share and entry.tokens_unique and (epochs := entry.share * lifetime.tokens / entry.tokens_unique) > 1
    ]
    if repeated:
        yield (
            f"the cheapest run over its lifetime needs {format_count(lifetime.tokens)} unique tokens; on this supply "
            f"it would repeat data and not reach that loss: epochs {', '.join(repeated)}"
        )
