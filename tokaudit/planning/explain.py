"""The third stage of a plan: what each domain gives, the value of more data, and warnings about the numbers."""

from dataclasses import fields

from tokaudit.laws.protocol import Run, gives_loss
from tokaudit.planning.advice import advice
from tokaudit.planning.bearing import order_note, plan_notes
from tokaudit.planning.case import repetition_of
from tokaudit.planning.caveats import experts_plan_caveats, plan_caveats
from tokaudit.planning.compare_mixtures import compare_mixtures
from tokaudit.planning.domain_plans import binding_domain, domain_plans
from tokaudit.planning.inference import cheapest
from tokaudit.planning.intervals import predicted_loss
from tokaudit.planning.judge import Judgement
from tokaudit.planning.plan import DomainPlan, FlipsAt, Loss, Optimal, Plan
from tokaudit.planning.plan_mixture import PlanMixture
from tokaudit.planning.plan_value import Cost, GpuTime, Inference, RepeatsMeasured, Worth
from tokaudit.planning.repeats import measured_like
from tokaudit.planning.resolve import ResolvedPlan
from tokaudit.planning.stages import stage_plans
from tokaudit.planning.value_of_data import cost, gain_per_percent, worth, worth_caveats


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
    few_valued = worth_caveats(judged.case, resolved.names, judged.run, gains or ())
    domains = tuple(domain_plans(supply.domains, resolved.mixture, judged.run, on_supply, repetition.tokens))
    mixtures, left_out = compare_mixtures(resolved, judged) if judged.constraint else ((), ())
    return Plan(
        law=request.law_name,
        budget=request.budget,
        optimal=Optimal(optimum.params, optimum.tokens, request.law.optimal_loss(judged.case.flops)),
        constrained=judged.constrained,
        loss=_loss(judged),
        tokens_side=judged.tokens_side,
        constraint=judged.constraint,
        cause=judged.cause,
        certainty=judged.certainty,
        far_beyond_data=judged.far_beyond_data,
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
        mixture=plan_mixture(resolved),
        mixtures=mixtures,
        mixtures_left_out=left_out,
        mixture_suggested=judged.suggestion.shares if judged.suggestion else None,
        stages=stage_plans(request.stages, (on_supply or optimum).tokens, supply.domains),
        advice=advice(resolved, judged),
        loss_predicted=predicted_loss(judged.case, on_supply or optimum, request.draws),
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
        complete=supply.complete,
        warnings=(*request.notes, *plan_caveats(resolved, judged, domains, gains or (), lifetime), *few_valued),
        notes=tuple(plan_notes(resolved, judged, domains, lifetime)),
    )


def explain_experts(resolved: ResolvedPlan) -> Plan:
    """The plan of a mixture of experts under a law for dense models: FLOPs, tokens and epochs, without a verdict."""
    request, supply = resolved.request, resolved.supply
    budget = request.budget
    assert budget.params is not None
    assert budget.tokens is not None
    run = Run(budget.params, budget.tokens)
    stars = repetition_of(request.law).tokens
    domains = tuple(domain_plans(supply.domains, resolved.mixture, run, run if supply.domains else None, stars))
    nothing = dict.fromkeys(field.name for field in fields(Plan))
    time = request.hardware.time(budget.flops) if request.hardware else None
    known = {
        "law": request.law_name,
        "budget": budget,
        "far_beyond_data": False,
        "flips_at": FlipsAt(None, None),
        "domains": domains,
        "binding_domain": binding_domain(supply.domains, resolved.share_of, run.tokens),
        "mixture": plan_mixture(resolved),
        "mixtures": (),
        "mixtures_left_out": (),
        "stages": stage_plans(request.stages, run.tokens, supply.domains),
        "advice": (),
        "hardware": time,
        "repeats_measured": (),
        "supply_origin": supply.origin,
        "supply_tokenizer": supply.tokenizer,
        "details": supply.details,
        "complete": supply.complete,
        "warnings": (*request.notes, *experts_plan_caveats(resolved)),
        "notes": tuple(order_note(request.stages)),
    }
    return Plan(**{**nothing, **known})  # type: ignore[arg-type] # by name


def plan_mixture(resolved: ResolvedPlan) -> PlanMixture | None:
    """The mixture of the numbers; None for a supply of one domain, and without shares."""
    mixture = resolved.mixture
    if len(resolved.supply.domains) == 1 or not mixture.share_of:
        return None
    return PlanMixture(mixture.name, mixture.source, mixture.share_of, mixture.parts, mixture.asked)


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
    if not judged.case.pools:
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
