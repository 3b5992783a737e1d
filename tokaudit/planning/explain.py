"""A plan's third stage: what each domain gives, what more would be worth, and what to know of the numbers."""

from dataclasses import replace

from tokaudit.core.errors import UsageError
from tokaudit.laws.protocol import LossLaw
from tokaudit.planning.case import MOST_TOKENS
from tokaudit.planning.caveats import plan_caveats
from tokaudit.planning.domain_plans import binding_domain, domain_plans
from tokaudit.planning.inference import cheapest
from tokaudit.planning.judge import Judgement
from tokaudit.planning.plan import DomainPlan, Loss, Optimal, Plan
from tokaudit.planning.plan_value import Cost, GpuTime, Inference, RepeatsMeasured, Worth
from tokaudit.planning.repeats import measured_like
from tokaudit.planning.resolve import ResolvedPlan
from tokaudit.planning.value_of_data import cost, gain_per_percent, worth


def explain(resolved: ResolvedPlan, judged: Judgement) -> Plan:
    """The plan: the judgement, field by field, and everything that says why.

    Raises:
        UsageError: tokens to serve, a price, or added tokens that mean nothing.
    """
    request, case, optimum = resolved.request, judged.case, judged.optimum
    lifetime = _inference(resolved, judged)
    time = request.hardware.time(request.budget.flops) if request.hardware else None
    money = _cost(resolved, judged, time)
    domains = tuple(
        domain_plans(
            resolved.supply.domains, resolved.share_of, judged.run, judged.run_on_supply, case.repetition.tokens
        )
    )
    low, high = case.share_data_band()
    plan = Plan(
        law=request.law_name,
        budget=request.budget,
        optimal=Optimal(optimum.params, optimum.tokens, request.law.optimal_loss(case.flops)),
        constrained=judged.constrained,
        loss=_loss(judged),
        tokens_side=case.tokens_side(),
        constraint=judged.constraint,
        cause=judged.cause,
        compute_equivalent_share=case.share(),
        share_allocation=case.share_allocation(),
        share_data=case.share_data(),
        share_data_low=low,
        share_data_high=high,
        implied_inference_tokens=case.implied_inference_tokens(),
        flips_at=judged.flips_at,
        agreement=judged.agreement,
        domains=domains,
        binding_domain=binding_domain(
            resolved.supply.domains, resolved.share_of, (judged.run_on_supply or optimum).tokens
        ),
        ceiling=judged.ceiling,
        mixture_suggested=judged.suggestion.shares if judged.suggestion else None,
        interval=judged.interval,
        inference=lifetime,
        sensitivity=judged.verdicts or None,
        gain_per_percent=gain_per_percent(case, resolved.names),
        hardware=time,
        cost=money,
        worth=_worth(resolved, judged, money),
        repeats_measured=_repeats_measured(resolved, judged, domains),
        supply_origin=resolved.supply.origin,
        supply_tokenizer=resolved.supply.tokenizer,
        details=resolved.supply.details,
        warnings=(),
    )
    return replace(plan, warnings=(*request.notes, *plan_caveats(plan, resolved, judged)))


def _loss(judged: Judgement) -> Loss | None:
    case, run = judged.case, judged.run
    if not isinstance(case.law, LossLaw):
        return None
    terms = case.law.terms(run.params, run.tokens)
    on_supply = case.repeated_data.loss(run.params, run.tokens) if case.repeated_data else None
    return Loss(terms.irreducible, terms.model_term, terms.data_term, terms.total, on_supply)


def _inference(resolved: ResolvedPlan, judged: Judgement) -> Inference | None:
    """The cheapest run over a lifetime; None where nothing is served, and for a law without a loss."""
    law, served = resolved.request.law, resolved.request.tokens_served
    return cheapest(law, judged.run, served) if served is not None and isinstance(law, LossLaw) else None


def _cost(resolved: ResolvedPlan, judged: Judgement, time: GpuTime | None) -> Cost | None:
    price = resolved.request.price_gpu_hour
    return cost(judged.case, time.gpu_hours, price) if time and price is not None else None


def _worth(resolved: ResolvedPlan, judged: Judgement, money: Cost | None) -> tuple[Worth, ...] | None:
    """What more of each domain would gain; None without a supply."""
    added = _in_the_law_s_tokens(resolved) if resolved.request.added is not None else None
    if not resolved.pools:
        return None
    return tuple(worth(judged.case, resolved.names, judged.run, added, money.run if money else None))


def _in_the_law_s_tokens(resolved: ResolvedPlan) -> dict[str, float]:
    """The tokens to add as the law counts them, those of each domain converted as its supply was."""
    added = resolved.request.added or {}
    if unknown := sorted(set(added) - set(resolved.names)):
        used = ", ".join(resolved.names) or "nothing"
        raise UsageError(f"--add: the run draws on no {', '.join(unknown)} (on {used})")
    factors = {entry.domain: entry.factor.value if entry.factor else 1.0 for entry in resolved.supply.domains}
    for domain, tokens in added.items():
        if not 0 < tokens <= MOST_TOKENS:
            raise UsageError(f"--add: {tokens:g} tokens of {domain} can't be had (above 0, up to {MOST_TOKENS:g})")
    return {domain: tokens * factors[domain] for domain, tokens in added.items()}


def _repeats_measured(
    resolved: ResolvedPlan, judged: Judgement, domains: tuple[DomainPlan, ...]
) -> tuple[RepeatsMeasured, ...]:
    """Published runs that repeated their data about as often as the plan repeats its most repeated domain."""
    most = max((entry.epochs or 0 for entry in domains), default=0)
    request = resolved.request
    return tuple(measured_like(most, request.repeated_runs, request.law, judged.case.repetition))
