"""A Plan in words: the sentence of verdict, the rows of its domains, the numbers behind it."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tokaudit.core.units import format_bytes, format_count, format_power
from tokaudit.planning.domain_plans import domain_verdict
from tokaudit.planning.plan import MANY_EPOCHS, Plan
from tokaudit.reports.plan_value_words import value_rows
from tokaudit.reports.units_words import percent, run_size, tokens_per_parameter

DOMAIN_COLUMNS: Final = (
    "domain",
    "share",
    "tokens needed",
    "tokens unique",
    "epochs",
    "tokens' worth",
    "verdict",
)


def verdict(plan: Plan) -> str:
    """What limits the run, in which domain, by how much, whether most laws agree, and what to do: in sentences."""
    if plan.constraint is None:
        best = run_size(plan.optimal.params, plan.optimal.tokens)
        unknown = "Whether data limits the run can't be said without a supply"
        return f"{unknown}: {_flops(plan)} are best spent on {best}."
    first = _given_run_verdict(plan) if plan.budget.params and plan.budget.tokens else _budget_verdict(plan)
    return " ".join((first, *_minority_note(plan), *_ways_out(plan)))


def _budget_verdict(plan: Plan) -> str:
    often = any(entry.epochs is None or entry.epochs > MANY_EPOCHS for entry in plan.domains)
    if plan.compute_equivalent_share is None:
        wanted, effective = format_count(plan.optimal.tokens), _tokens_effective(plan)
        loss = f"the {wanted} tokens that {_flops(plan)} call for are worth {effective} that are all different"
    else:
        share = ("at most " if often else "") + percent(plan.compute_equivalent_share)
        loss = f"{_flops(plan)} on this supply do what {share} of them would do with enough unique data"
    if plan.constraint == "data":
        more = "" if plan.constrained or plan.loss is None else "; more compute no longer helps"
        return f"Data is the constraint{_in_domain(plan)}: {loss}{more}."
    if plan.binding_domain is None:
        wanted = format_count(plan.optimal.tokens)
        use = f"{_flops(plan)} use {wanted} tokens, and none need be repeated"
    else:
        use = f"with repeats{_in_domain(plan)} {loss}"
    # What a law says of so many epochs bounds their cost from below: then it can't rule data out.
    return f"Compute is the constraint{'' if often else ', not data'}: {use}."


def _given_run_verdict(plan: Plan) -> str:
    params, tokens = format_count(plan.budget.params), format_count(plan.budget.tokens)
    if plan.constraint == "compute":
        return f"Compute is the constraint: {params} params and {tokens} tokens are in balance."
    reach = "" if plan.share_allocation is None else f", and {percent(plan.share_allocation)} of them do as well"
    best = f"the same FLOPs are best spent on {run_size(plan.optimal.params, plan.optimal.tokens)}{reach}"
    short = (
        f"with repeats{_in_domain(plan)} its {tokens} tokens are worth {_tokens_effective(plan)} that are all different"
    )
    if plan.constraint == "model":
        return f"Model size is the constraint: {params} params are few for {tokens} tokens; {best}."
    if plan.cause == "allocation":
        return f"Data is the constraint, by allocation: {tokens} tokens are few for {params} params; {best}."
    if plan.cause == "both":
        few = f"{tokens} tokens are few for {params} params, and {short}"
        return f"Data is the constraint, by allocation and by supply: {few}; {best}."
    return f"Data is the constraint, by supply: {short}."


def _minority_note(plan: Plan) -> Iterator[str]:
    """That most laws say something else, where they do."""
    if plan.agreement and 2 * plan.agreement.same_verdict < plan.agreement.laws:
        others = Counter(each.constraint for each in plan.sensitivity or () if each.constraint != plan.constraint)
        counts = ", ".join(f"{count} of {plan.agreement.laws}: {name}" for name, count in others.most_common())
        yield f"Most laws say otherwise ({counts})."


def _tokens_effective(plan: Plan) -> str:
    return format_count(sum(entry.tokens_effective or 0 for entry in plan.domains))


def _ways_out(plan: Plan) -> Iterator[str]:
    either = _flips(plan)
    if plan.cause == "mixture":
        yield f"Another mixture of the same supply would do: {_mixture(plan)}."
    elif plan.constraint == "data" and either:
        yield f"It would not be with {either}."
    elif either:
        yield f"Data would be the constraint with {either}."
    if plan.constraint == "model" and plan.implied_inference_tokens:
        served = format_count(plan.implied_inference_tokens)
        yield f"If it is small on purpose: serving {served} tokens makes it the cheapest of its quality."


def _flips(plan: Plan) -> str:
    flips = plan.flips_at
    factor = f"{format_count(flips.supply_factor)} times the supply" if flips.supply_factor else ""
    budget = f"a budget of {format_power(flips.flops)} FLOPs" if flips.flops else ""
    return " or ".join(filter(None, (factor, budget)))


def _in_domain(plan: Plan) -> str:
    """`` in code (5.3 epochs)``; empty where nothing is repeated."""
    epochs = {entry.domain: entry.epochs for entry in plan.domains if entry.share}
    if plan.binding_domain is None:
        return ""
    most = epochs[plan.binding_domain]
    if most is None:
        return f" in {plan.binding_domain}"
    alike = len(epochs) > 1 and all(value is not None and value > 0.999 * most for value in epochs.values())
    return f" in {'every domain' if alike else plan.binding_domain} ({format_count(most)} epochs)"


def domain_rows(plan: Plan) -> list[tuple[str, ...]]:
    """A row a domain, in words, under DOMAIN_COLUMNS."""
    return [
        (
            entry.domain,
            percent(entry.share),
            format_count(entry.tokens_needed),
            _bounded(entry.tokens_unique, entry.tokens_unique_low, entry.tokens_unique_high)
            + ("" if entry.bytes_unique is None else f", {format_bytes(entry.bytes_unique)}"),
            format_count(entry.epochs),
            format_count(entry.tokens_effective),
            entry.verdict or "-",
        )
        for entry in plan.domains
    ]


def reasons(plan: Plan) -> Iterator[tuple[str, str]]:
    """The numbers behind the verdict: what each is, and its value."""
    yield "law", plan.law
    yield "supply", plan.supply_origin
    yield "budget", _flops(plan) + _given(plan)
    yield from _best_runs(plan)
    yield from _losses(plan)
    yield from _limits(plan)
    yield from _other_answers(plan)
    yield from _certainty(plan)
    yield from value_rows(plan)


def _best_runs(plan: Plan) -> Iterator[tuple[str, str]]:
    free = (plan.optimal.params, plan.optimal.tokens)
    best = f"{run_size(*free)}, {tokens_per_parameter(*free)}{_loss(plan.optimal.loss)}"
    yield "best with unlimited unique data", best
    if plan.constrained:
        there = plan.constrained
        once = domain_verdict(there.epochs) == "enough"
        epochs = "no repeats" if once else f"up to {format_count(there.epochs)} epochs"
        yield "best on this supply", f"{run_size(there.params, there.tokens)}, {epochs}{_loss(there.loss)}"


def _losses(plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.loss:
        terms = f"{plan.loss.irreducible:.4f} irreducible + {plan.loss.model_term:.4f} model"
        total = f"{terms} + {plan.loss.data_term:.4f} data = {plan.loss.total:.4f} nats a token"
        repeated = plan.loss.on_supply
        more = repeated is not None and repeated > plan.loss.total
        yield "loss without repeats", f"{total}; with those of this supply {repeated:.4f}" if more else total
    if plan.tokens_side is not None:
        balance = "0.5: balance; above 0.667 short of tokens, below 0.333 of params"
        yield "tokens' side", f"{plan.tokens_side:.3f} ({balance})"
    if plan.compute_equivalent_share is not None:
        data = _bounded_percent(plan.share_data, plan.share_data_low, plan.share_data_high)
        share = f"{percent(plan.share_allocation)} by allocation x {data} by supply"
        yield "compute's worth", f"{percent(plan.compute_equivalent_share)} = {share}"


def _limits(plan: Plan) -> Iterator[tuple[str, str]]:
    """How far the supply reaches, and where the verdict changes."""
    if plan.ceiling:
        once, params = format_power(plan.ceiling.flops_one_epoch), format_count(plan.ceiling.params_one_epoch)
        many = plan.ceiling.flops_four_epochs
        four = "" if many is None else f", four epochs {format_power(many)} FLOPs"
        last = plan.ceiling.flops_still_helping
        end = "" if last is None else f"; doubling helps up to {format_power(last)} FLOPs"
        yield "ceilings", f"one epoch {once} FLOPs ({params} params){four}{end}"
    if flips := _flips(plan):
        yield "the verdict changes with", flips


def _other_answers(plan: Plan) -> Iterator[tuple[str, str]]:
    """What other laws say, and what other mixtures and uses would do."""
    if plan.agreement:
        yield "laws that say the same", _agreement(plan)
    if plan.mixture_suggested and sum(entry.share > 0 for entry in plan.domains) > 1:
        yield "mixture suggested", "as asked" if _is_as_asked(plan) else _mixture(plan)
    if plan.implied_inference_tokens:
        yield "cheapest of its quality if it serves", f"{format_count(plan.implied_inference_tokens)} tokens"


def _certainty(plan: Plan) -> Iterator[tuple[str, str]]:
    """What the law's joint draws say of the best run and of the verdict."""
    if plan.interval:
        low, high = (format_count(bound) for bound in (plan.interval.params_low, plan.interval.params_high))
        least, most = (format_count(bound) for bound in (plan.interval.tokens_low, plan.interval.tokens_high))
        level = f"{plan.interval.level:.0%} of the law's draws"
        yield "how sure the best run is", f"{low} to {high} params, {least} to {most} tokens ({level})"
    if plan.agreement and plan.agreement.draws_same_verdict is not None:
        yield "the law's draws that say the same", percent(plan.agreement.draws_same_verdict)


def _agreement(plan: Plan) -> str:
    """``8 of 10 (kaplan2020: compute)``."""
    assert plan.agreement is not None
    others = [f"{each.law}: {each.constraint}" for each in plan.sensitivity or () if each.constraint != plan.constraint]
    count = f"{plan.agreement.same_verdict} of {plan.agreement.laws}"
    return f"{count} ({', '.join(others)})" if others else count


def _given(plan: Plan) -> str:
    """The run as given, after its FLOPs; empty for a budget."""
    params, tokens = plan.budget.params, plan.budget.tokens
    return f": {run_size(params, tokens)}, {tokens_per_parameter(params, tokens)}" if params and tokens else ""


def _flops(plan: Plan) -> str:
    return f"{format_power(plan.budget.flops)} FLOPs"


def _loss(nats: float | None) -> str:
    return "" if nats is None else f", {nats:.4f} nats"


def _mixture(plan: Plan) -> str:
    """The one suggested; what it leaves out is left out."""
    shares = plan.mixture_suggested or {}
    return ", ".join(f"{domain} {percent(share)}" for domain, share in shares.items() if share)


def _is_as_asked(plan: Plan) -> bool:
    shares = (plan.mixture_suggested or {}).values()
    return all(math.isclose(share, entry.share) for share, entry in zip(shares, plan.domains, strict=True))


def _bounded(value: float | None, low: float | None, high: float | None) -> str:
    if low == value == high:
        return format_count(value)
    if low is not None and high is not None:
        return f"{format_count(value)} ({format_count(low)} to {format_count(high)})"
    if low is not None:
        return f"{format_count(value)} (at least {format_count(low)})"
    return format_count(value) + ("" if high is None else f" (at most {format_count(high)})")


def _bounded_percent(share: float | None, low: float | None, high: float | None) -> str:
    return f"{percent(share)} ({percent(low)} to {percent(high)})"


def supply_details(details: Sequence[str], *, in_full: bool) -> Sequence[str]:
    """How each of a supply's numbers is known, or how to ask for that; nothing where nothing is known."""
    return details if in_full or not details else ("-v says how each number of the supply is known",)
