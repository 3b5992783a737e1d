"""The numbers behind a plan, in words, and tables of its stages, of other laws and of other mixtures."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from tokaudit.core.units import format_count, format_power, mixture_share, percent
from tokaudit.planning.domain_plans import domain_verdict
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_certainty import LawVerdict
from tokaudit.planning.plan_mixture import MixtureVerdict, StagePlan
from tokaudit.reports.plan_value_words import value_rows
from tokaudit.reports.protocol import ForPeople, Table
from tokaudit.reports.units_words import run_size, tokens_per_parameter

_SHARE: Final = "compute_equivalent_share"
_TIMES: Final = "\N{MULTIPLICATION SIGN}"


def reasons(plan: Plan) -> Iterator[tuple[str, str]]:
    """The numbers behind the verdict: what each is, and its value."""
    yield "law", plan.law
    yield "supply", plan.supply_origin
    if plan.mixture:
        yield "mixture", f"{plan.mixture.name} ({plan.mixture.source})"
    yield "budget", _flops(plan) + _given(plan)
    yield from _best_runs(plan)
    yield from _losses(plan)
    yield from _limits(plan)
    yield from _other_answers(plan)
    yield from _certainty(plan)
    yield from value_rows(plan)


def _best_runs(plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.optimal is None:
        return
    free = (plan.optimal.params, plan.optimal.tokens)
    best = f"{run_size(*free)}, {tokens_per_parameter(*free)}{_loss(plan.optimal.loss)}"
    yield "best with unlimited data", best
    if plan.constrained:
        there = plan.constrained
        once = domain_verdict(there.epochs) == "enough"
        epochs = "no repeats" if once else f"up to {format_count(there.epochs)} epochs"
        yield "best on this supply", f"{run_size(there.params, there.tokens)}, {epochs}{_loss(there.loss)}"


def _losses(plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.loss:
        terms = f"{plan.loss.irreducible:.4f} irreducible + {plan.loss.model_term:.4f} model"
        total = f"{terms} + {plan.loss.data_term:.4f} data = {plan.loss.total:.4f} nats per token"
        repeated = plan.loss.on_supply
        more = repeated is not None and repeated > plan.loss.total
        yield "loss without repeats", f"{total}; with the repeats of this supply {repeated:.4f}" if more else total
    if plan.tokens_side is not None:
        balance = "0.5: in balance; above 0.667: too few tokens; below 0.333: too few parameters"
        yield "tokens' side", f"{plan.tokens_side:.3f} ({balance})"
    if plan.compute_equivalent_share is not None:
        low, high = percent(plan.share_data_low), percent(plan.share_data_high)
        bounds = "" if low == high == percent(plan.share_data) else f", {low} to {high}"
        parts = f"{percent(plan.share_allocation)} (split between parameters and tokens)"
        parts += f" {_TIMES} {percent(plan.share_data)} (limited data{bounds})"
        yield "efficiency", f"{percent(plan.compute_equivalent_share)} of ideal: {parts}"


def _limits(plan: Plan) -> Iterator[tuple[str, str]]:
    """How far the supply reaches, and where the verdict changes."""
    if plan.ceiling:
        once, params = format_power(plan.ceiling.flops_one_epoch), format_count(plan.ceiling.params_one_epoch)
        many = plan.ceiling.flops_four_epochs
        four = "" if many is None else f"; four epochs: {format_power(many)} FLOPs"
        low, high = plan.ceiling.flops_still_helping_low, plan.ceiling.flops_still_helping_high
        end = (
            ""
            if low is None or high is None
            else f"; doubling stops helping between {format_power(low)} and {format_power(high)} FLOPs"
        )
        yield "ceilings", f"one epoch: {once} FLOPs ({params} parameters){four}{end}"
    factor, flops = plan.flips_at.supply_factor, plan.flips_at.flops
    if factor or flops:
        times = f"{percent(factor)} of" if factor and factor < 1 else f"{format_count(factor)} times"
        ways = (f"{times} this supply" if factor else "", f"{format_power(flops)} FLOPs" if flops else "")
        yield "verdict changes at", " or ".join(filter(None, ways))


def _other_answers(plan: Plan) -> Iterator[tuple[str, str]]:
    """What other laws say, and what other mixtures and uses would do."""
    if plan.agreement:
        yield "laws that agree", f"{plan.agreement.same_verdict} of {plan.agreement.laws} with a vote"
    if plan.mixture and plan.mixture_suggested and sum(entry.share > 0 for entry in plan.domains) > 1:
        if not _is_suggested(plan):
            yield "suggested mixture", _mixture(plan)
        elif plan.mixture.asked:
            yield "suggested mixture", "as asked"
    if plan.implied_inference_tokens:
        yield "cheapest if it serves", f"{format_count(plan.implied_inference_tokens)} tokens"


def _certainty(plan: Plan) -> Iterator[tuple[str, str]]:
    """What the law's joint draws say of the best run and of the verdict."""
    if plan.interval:
        low, high = (format_count(bound) for bound in (plan.interval.params_low, plan.interval.params_high))
        least, most = (format_count(bound) for bound in (plan.interval.tokens_low, plan.interval.tokens_high))
        level = f"{percent(plan.interval.level)} of the law's draws"
        yield "range of the best run", f"{low} to {high} parameters, {least} to {most} tokens ({level})"
    if plan.agreement and plan.agreement.draws_same_verdict is not None:
        yield "draws that agree", f"{percent(plan.agreement.draws_same_verdict)} of the law's draws"
    if plan.certainty:
        why = f": {plan.certainty.why}" if plan.certainty.why else ""
        yield "certainty", f"{plan.certainty.level}{why}"
    if plan.loss_predicted:
        there = plan.loss_predicted
        bounds = f"{there.low:.4f} to {there.high:.4f} in {percent(there.level)} of the draws"
        yield "loss of the run", f"{there.loss:.4f} nats per token ({bounds})"


def _given(plan: Plan) -> str:
    """The run as given, after its FLOPs; empty for a budget."""
    params, tokens = plan.budget.params, plan.budget.tokens
    return f": {run_size(params, tokens)}, {tokens_per_parameter(params, tokens)}" if params and tokens else ""


def _flops(plan: Plan) -> str:
    return f"{format_power(plan.budget.flops)} FLOPs"


def _loss(nats: float | None) -> str:
    return "" if nats is None else f", loss {nats:.4f} nats per token"


def _mixture(plan: Plan) -> str:
    """The suggested mixture, without domains that have no share in it."""
    shares = plan.mixture_suggested or {}
    return ", ".join(f"{domain} {mixture_share(share)}" for domain, share in shares.items() if share)


def _is_suggested(plan: Plan) -> bool:
    """Whether the suggested mixture is that of the plan."""
    shares = (plan.mixture_suggested or {}).values()
    return all(math.isclose(share, entry.share) for share, entry in zip(shares, plan.domains, strict=True))


def tables(plan: Plan) -> Iterator[Table]:
    """The tables behind a plan: stages, other laws, and other mixtures; those without rows are left out."""
    if plan.stages:
        yield _stages(plan.stages)
    if plan.sensitivity and len(plan.sensitivity) > 1:
        yield laws_table(plan.sensitivity)
    if len(plan.mixtures) > 1:
        yield mixtures_table(plan.mixtures)


def _stages(stages: Sequence[StagePlan]) -> Table:
    rows = [
        {
            "stage": stage.stage,
            "domain": domain,
            "tokens": share * stage.tokens,
            "share": share,
            "epochs": stage.epochs[domain] if stage.epochs else None,
        }
        for stage in stages
        for domain, share in stage.shares.items()
        if share
    ]
    words = {"tokens": format_count, "share": mixture_share, "epochs": format_count}
    return Table(("stage", "domain", "tokens", "share", "epochs"), rows, people=ForPeople(words=words))


def laws_table(verdicts: Sequence[LawVerdict]) -> Table:
    """One row per law that was asked: its best run and its verdict."""
    rows = [asdict(each) for each in verdicts]
    words = {"params": format_count, "tokens": format_count, _SHARE: percent}
    return Table(("law", "constraint", "votes", "params", "tokens", _SHARE), rows, people=ForPeople(words=words))


def mixtures_table(verdicts: Sequence[MixtureVerdict]) -> Table:
    """One row per mixture: its verdict, and the domain that decides it."""
    rows = [asdict(each) for each in verdicts]
    words = {"most_epochs": format_count, _SHARE: percent}
    names = ("mixture", "constraint", "certainty", "binding_domain", "most_epochs", _SHARE)
    return Table(names, rows, people=ForPeople(words=words, keep=("mixture", "constraint", "certainty")))


def supply_details(details: Sequence[str], *, in_full: bool) -> Sequence[str]:
    """How each number of a supply is known, or a hint at the option that says so; empty if there is nothing to say."""
    return details if in_full or not details else ("-v says how each number of the supply is known",)
