"""A plan in words: the verdict, the table of its domains, and the numbers behind it."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tokaudit.core.units import format_bytes, format_count, format_power, mixture_share, percent
from tokaudit.planning.domain_plans import domain_verdict
from tokaudit.planning.plan import DomainPlan, Plan
from tokaudit.planning.verdicts import MANY_EPOCHS
from tokaudit.reports.plan_value_words import value_rows
from tokaudit.reports.protocol import ForPeople, Table
from tokaudit.reports.units_words import run_size, tokens_per_parameter

_COLUMNS: Final = ("domain", "share", "tokens needed", "unique tokens", "range", "bytes", "epochs", "effective tokens")
_VERDICT: Final = "verdict"
_TIMES: Final = "\N{MULTIPLICATION SIGN}"


def verdict(plan: Plan) -> str:
    """Sentences that say what limits the run, in which domain, by how much, whether most laws agree, and what helps."""
    if plan.constraint is None:
        best = run_size(plan.optimal.params, plan.optimal.tokens)
        unknown = "Without a supply, nothing can be said about whether data limits the run"
        return f"{unknown}. {_flops(plan)} are best spent on {best}."
    first = _given_run_verdict(plan) if plan.budget.params and plan.budget.tokens else _budget_verdict(plan)
    return " ".join((first, *_minority_note(plan), *_ways_out(plan)))


def _budget_verdict(plan: Plan) -> str:
    often = any(entry.epochs is None or entry.epochs > MANY_EPOCHS for entry in plan.domains)
    if plan.compute_equivalent_share is None:
        loss = f"{_flops(plan)} call for {format_count(plan.optimal.tokens)} tokens. With this supply, they count for "
        loss += f"{_tokens_effective(plan)} effective tokens."
    else:
        share = plan.compute_equivalent_share
        reached = (
            f"the loss that {format_power(share * plan.budget.flops)} FLOPs would reach with unlimited unique data"
        )
        loss = f"With this supply, {_flops(plan)} reach {'at best ' if often else ''}{reached} ({percent(share)})."
    if plan.constraint == "data":
        more = "" if plan.constrained or plan.loss is None else " More compute no longer helps."
        return f"Data is the constraint{_in_domain(plan)}. {_repeats(plan)}{loss}{more}"
    if plan.binding_domain is None:
        use = f"{_flops(plan)} call for {format_count(plan.optimal.tokens)} tokens, and none has to be repeated."
    else:
        use = f"{_repeats(plan)}{loss}"
    # After many epochs, a law gives only a lower bound on what repeats cost. Then it can't rule data out.
    return f"Compute is the constraint{'' if often else ', not data'}. {use}"


def _given_run_verdict(plan: Plan) -> str:
    params, tokens = format_count(plan.budget.params), format_count(plan.budget.tokens)
    if plan.constraint == "compute":
        return f"Compute is the constraint: {params} parameters and {tokens} tokens are in balance."
    best = f"The same FLOPs are best spent on {run_size(plan.optimal.params, plan.optimal.tokens)}."
    if plan.share_allocation is not None:
        best += (
            f" With that split, {percent(plan.share_allocation)} of the compute would reach the loss of the given run."
        )
    if plan.constraint == "model":
        return f"Model size is the constraint: {params} parameters are too few for {tokens} tokens. {best}"
    few = f"{tokens} tokens are too few for {params} parameters."
    short = f"{_repeats(plan)}The run's {tokens} tokens count for {_tokens_effective(plan)} effective tokens."
    if plan.cause == "allocation":
        return f"Data is the constraint because of allocation: {few} {best}"
    if plan.cause == "both":
        return f"Data is the constraint because of allocation and supply: {few} {short} {best}"
    return f"Data is the constraint because of supply. {short}"


def _minority_note(plan: Plan) -> Iterator[str]:
    """What most laws say, if they disagree with the verdict."""
    if plan.agreement and 2 * plan.agreement.same_verdict < plan.agreement.laws:
        others = Counter(each.constraint for each in plan.sensitivity or () if each.constraint != plan.constraint)
        counts = ", ".join(f"{count} of {plan.agreement.laws} say {name}" for name, count in others.most_common())
        yield f"Most laws disagree: {counts}."


def _tokens_effective(plan: Plan) -> str:
    return format_count(sum(entry.tokens_effective or 0 for entry in plan.domains))


def _ways_out(plan: Plan) -> Iterator[str]:
    if plan.cause == "mixture":
        yield f"Another mixture of the same supply would be enough: {_mixture(plan)}."
    elif flips := _flips(plan):
        yield f"{flips}."
    if plan.constraint == "model" and plan.implied_inference_tokens:
        served = format_count(plan.implied_inference_tokens)
        yield f"If the model is small on purpose: serving {served} tokens makes it the cheapest with this loss."


def _flips(plan: Plan) -> str:
    """What would change the verdict, as a sentence without its full stop; empty if nothing would."""
    factor, flops = plan.flips_at.supply_factor, plan.flips_at.flops
    if plan.constraint == "data":
        ways = [f"{format_count(factor)} times this supply"] if factor else []
        ways += [f"a budget of at most {format_power(flops)} FLOPs"] if flops else []
        return f"Data stops being the constraint with {' or '.join(ways)}" if ways else ""
    have = f"With repeats, you have {format_count(1 / factor)} times the supply that you need" if factor else ""
    limit = f"Data becomes the constraint above {format_power(flops)} FLOPs" if flops else ""
    return ". ".join(filter(None, (have, limit)))


def _most_repeated(plan: Plan) -> tuple[str | None, float | None]:
    """The most repeated domain (None: all equally, or none) and its epochs.

    These are None if nothing is repeated, or if more compute no longer helps.
    """
    epochs = {entry.domain: entry.epochs for entry in plan.domains if entry.share}
    most = epochs[plan.binding_domain] if plan.binding_domain is not None else None
    alike = most is not None and all(value is not None and value > 0.999 * most for value in epochs.values())
    return None if len(epochs) > 1 and alike else plan.binding_domain, most


def _in_domain(plan: Plan) -> str:
    """`` in code`` or `` in every domain``; empty if nothing is repeated."""
    if plan.binding_domain is None:
        return ""
    return f" in {_most_repeated(plan)[0] or 'every domain'}"


def _repeats(plan: Plan) -> str:
    """``Every domain is used 2.45 times.`` and a blank; empty if nothing is repeated."""
    domain, most = _most_repeated(plan)
    if most is None:
        return ""
    return f"{f'Domain {domain}' if domain else 'Every domain'} is used {format_count(most)} times. "


def domain_table(plan: Plan) -> Table:
    """A row per domain; ranges and bytes only if any are known."""
    rows = [_domain_row(entry) for entry in plan.domains]
    columns = [name for name in _COLUMNS if name not in _IF_KNOWN or any(row[name] is not None for row in rows)]
    people = ForPeople(
        words={"share": mixture_share, "bytes": format_bytes} | dict.fromkeys(_COUNTS, format_count),
        prose=("range",),
        keep=("domain", "unique tokens", "epochs", _VERDICT),
    )
    return Table((*columns, _VERDICT), rows, people=people)


_IF_KNOWN: Final = frozenset({"range", "bytes"})
_COUNTS: Final = ("tokens needed", "unique tokens", "epochs", "effective tokens")


def _domain_row(entry: DomainPlan) -> dict[str, str | float | None]:
    known = (
        entry.domain,
        entry.share,
        entry.tokens_needed,
        entry.tokens_unique,
        _range(entry.tokens_unique, entry.tokens_unique_low, entry.tokens_unique_high),
        entry.bytes_unique,
        entry.epochs,
        entry.tokens_effective,
    )
    return {**dict(zip(_COLUMNS, known, strict=True)), _VERDICT: entry.verdict}


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
            if low is None
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
        yield "laws that agree", _agreement(plan)
    if plan.mixture_suggested and sum(entry.share > 0 for entry in plan.domains) > 1:
        yield "suggested mixture", "the one asked for" if _is_as_asked(plan) else _mixture(plan)
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
    return "" if nats is None else f", loss {nats:.4f} nats per token"


def _mixture(plan: Plan) -> str:
    """The suggested mixture, without domains that have no share in it."""
    shares = plan.mixture_suggested or {}
    return ", ".join(f"{domain} {mixture_share(share)}" for domain, share in shares.items() if share)


def _is_as_asked(plan: Plan) -> bool:
    shares = (plan.mixture_suggested or {}).values()
    return all(math.isclose(share, entry.share) for share, entry in zip(shares, plan.domains, strict=True))


def _range(value: float | None, low: float | None, high: float | None) -> str | None:
    """``3.00T to 5.00T``; None if no bounds are known, or both are the value."""
    if low == value == high or (low is None and high is None):
        return None
    if low is None:
        return f"at most {format_count(high)}"
    return f"at least {format_count(low)}" if high is None else f"{format_count(low)} to {format_count(high)}"


def supply_details(details: Sequence[str], *, in_full: bool) -> Sequence[str]:
    """How each number of a supply is known, or a hint at the option that says so; empty if there is nothing to say."""
    return details if in_full or not details else ("-v says how each number of the supply is known",)
