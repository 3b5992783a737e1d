"""The third stage of a plan: what each domain gives, the value of more data, and warnings about the numbers."""

from tokaudit.laws.protocol import gives_loss
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
    """The plan: the judgement, field by field, and the numbers behind it.

    Raises:
        UsageError: tokens to serve, a price, or added tokens are out of bounds.
    """
    request, supply, optimum, shares = resolved.request, resolved.supply, judged.optimum, judged.shares
    on_supply, repetition = judged.run_on_supply, judged.case.repetition
    time = request.hardware.time(request.budget.flops) if request.hardware else None
    money = _cost(resolved, judged, time)
    lifetime = _inference(resolved, judged)
    gains = _worth(resolved, judged, money)
    domains = tuple(domain_plans(supply.domains, resolved.share_of, judged.run, on_supply, repetition.tokens))
    return Plan(
        law=request.law_name,
        budget=request.budget,
        optimal=Optimal(optimum.params, optimum.tokens, request.law.optimal_loss(judged.case.flops)),
        constrained=judged.constrained,
        loss=_loss(judged),
        tokens_side=judged.tokens_side,
        constraint=judged.constraint,
        cause=judged.cause,
        compute_equivalent_share=shares.both,
        share_allocation=shares.allocation,
        share_data=shares.data,
        share_data_low=min(shares.data_each, default=None),
        share_data_high=max(shares.data_each, default=None),
        implied_inference_tokens=judged.case.implied_inference_tokens(),
        flips_at=judged.flips_at,
        agreement=judged.agreement,
        domains=domains,
        binding_domain=binding_domain(supply.domains, resolved.share_of, (on_supply or optimum).tokens),
        ceiling=judged.ceiling,
        mixture_suggested=judged.suggestion.shares if judged.suggestion else None,
        interval=judged.interval,
        inference=lifetime,
        sensitivity=judged.verdicts or None,
        gain_per_percent=gain_per_percent(judged.case, resolved.names),
        hardware=time,
        cost=money,
        worth=gains,
        repeats_measured=_repeats_measured(resolved, judged, domains),
        supply_origin=supply.origin,
        supply_tokenizer=supply.tokenizer,
        details=supply.details,
        warnings=(*request.notes, *plan_caveats(resolved, judged, domains, gains or (), lifetime)),
    )


def _loss(judged: Judgement) -> Loss | None:
    case, run = judged.case, judged.run
    if not gives_loss(case.law):
        return None
    terms = case.law.terms(run.params, run.tokens)
    on_supply = case.repeated_data.loss(run.params, run.tokens) if case.repeated_data else None
    return Loss(terms.irreducible, terms.model_term, terms.data_term, terms.total, on_supply)


def _inference(resolved: ResolvedPlan, judged: Judgement) -> Inference | None:
    """The cheapest run over training and serving; None if serving is not asked for, or the law gives no loss."""
    law, served = resolved.request.law, resolved.request.tokens_served
    return cheapest(law, judged.run, served) if served is not None and gives_loss(law) else None


def _cost(resolved: ResolvedPlan, judged: Judgement, time: GpuTime | None) -> Cost | None:
    price = resolved.request.price_gpu_hour
    return cost(judged.shares, time.gpu_hours, price) if time and price is not None else None


def _worth(resolved: ResolvedPlan, judged: Judgement, money: Cost | None) -> tuple[Worth, ...] | None:
    """The value of more tokens of each domain; None without a supply."""
    if not resolved.pools:
        return None
    cost_of_run = money.run if money else None
    return tuple(worth(judged.case, judged.shares, resolved.names, judged.run, resolved.added, cost_of_run))


def _repeats_measured(
    resolved: ResolvedPlan, judged: Judgement, domains: tuple[DomainPlan, ...]
) -> tuple[RepeatsMeasured, ...]:
    """Published runs that repeated their data about as often as the plan repeats its binding domain."""
    most = max((entry.epochs or 0 for entry in domains), default=0)
    request = resolved.request
    return tuple(measured_like(most, request.repeated_runs, request.law, judged.case.repetition))
