"""The verdict of a plan: what limits the run, where, how certain that is, and for which mixture."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tokaudit.core.units import format_count, format_power, percent
from tokaudit.planning.plan import Plan
from tokaudit.planning.verdicts import MANY_EPOCHS, Constraint
from tokaudit.reports.plan_domains import are_alike, epochs_of, listed, named, over_cap, repeated, short_name, used_up
from tokaudit.reports.units_words import run_size

if TYPE_CHECKING:
    from tokaudit.planning.plan_mixture import MixtureVerdict

SUBJECTS: Final = {"data": "data", "model": "model size", "compute": "compute"}
"""A constraint -> what the user is short of, in words."""
_MIXTURES: Final = {
    "proportional": "with shares in proportion to the supply",
    "as given": "with your mixture",
    "by stages": "with the mixture of your stages",
}
_ALMOST_ALL: Final = 0.99
_LEAST_COST: Final = 0.01
_LEAST_READING: Final = 0.005
_MOST_NAMES: Final = 2


def verdict(plan: Plan) -> str:
    """Sentences that say what limits the run, in which domain, how certain that is, and for which mixture."""
    if plan.budget.params_total is not None:
        return _experts(plan)
    if plan.constraint is None:
        return f"No verdict: without a supply, it is not known whether data limits {_flops(plan)}."
    return " ".join(_sentences(plan))


def _sentences(plan: Plan) -> Iterator[str]:
    level = plan.certainty.level if plan.certainty else "sure"
    first = _limit(plan)
    if level == "undecided":
        yield f"Undecided: {_readings(plan)}."
        first = f"the plan's law says: {first}"
    elif level == "likely":
        first = f"Likely: {first}"
    yield f"{first[0].upper()}{first[1:]}."
    yield from _use(plan)
    yield from _other_mixtures(plan)


def _experts(plan: Plan) -> str:
    active, total = format_count(plan.budget.params), format_count(plan.budget.params_total)
    why = f"{plan.law} was fitted on dense models, and this is a mixture of experts"
    return f"No verdict: {why} ({active} of {total} parameters are active)."


def _readings(plan: Plan) -> str:
    """``data in 44 % of the law's draws, compute in 56 %``; by votes if the draws agree, or if there are none."""
    assert plan.certainty is not None
    assert plan.constraint is not None
    votes = Counter(each.constraint for each in plan.sensitivity or () if each.votes and each.constraint)
    if plan.certainty.draws is not None and plan.certainty.draws < _ALMOST_ALL:
        readings = sorted(plan.certainty.readings.items(), key=lambda pair: -pair[1])
        shown = [(name, share) for name, share in readings if share >= _LEAST_READING]
        first, *others = [f"{SUBJECTS[name]} in {percent(share)}" for name, share in shown]
        return ", ".join((f"{first} of the law's draws", *others))
    said = [f"{SUBJECTS[name]} by {count} of {votes.total()} laws" for name, count in votes.most_common()]
    return ", ".join(said) if said else f"{SUBJECTS[plan.constraint]} by this law alone"


def _limit(plan: Plan) -> str:
    """The constraint, where, and why, as a sentence without its first capital and its full stop."""
    params, tokens = format_count(plan.budget.params), format_count(plan.budget.tokens)
    if plan.constraint == "model":
        if plan.implied_inference_tokens:
            served = f"cheapest if it serves {format_count(plan.implied_inference_tokens)} tokens"
            return f"model size is the constraint, unless the run is small on purpose: {served}"
        return f"model size is the constraint: {params} parameters are too few for {tokens} tokens"
    if plan.constraint == "compute":
        if _is_given(plan):
            return f"compute is the constraint: {params} parameters and {tokens} tokens are in balance"
        # After many epochs, a law gives only a lower bound on what repeats cost. Then it can't rule data out.
        often = any(epochs_of(entry) > MANY_EPOCHS for entry in plan.domains if entry.share)
        mixture = _mixture(plan)
        return f"compute is the constraint{'' if often else ', not data'}{f', {mixture}' if mixture else ''}"
    mixture = "" if _is_given(plan) else _mixture(plan)
    return f"data is the constraint{_in_domains(plan)}{f', {mixture}' if mixture else ''}{_cause(plan)}"


def _is_given(plan: Plan) -> bool:
    """Whether parameters and tokens are given, so that the split alone may be the cause."""
    return plan.budget.params is not None and plan.budget.tokens is not None


def _cause(plan: Plan) -> str:
    few = f"{format_count(plan.budget.tokens)} tokens are too few for {format_count(plan.budget.params)} parameters"
    if plan.cause == "allocation":
        return f": {few}"
    if plan.cause == "both":
        return f": {few}, and the supply is too small"
    if plan.cause == "mixture":
        return ": another mixture of the same supply would be enough"
    return ""


def _in_domains(plan: Plan) -> str:
    """`` in code (7.77 epochs)``; empty if no domain that decides is repeated."""
    scarce = used_up(plan) or [entry for entry in repeated(plan) if not entry.loose]
    if not scarce or plan.cause == "allocation":
        return ""
    if are_alike(plan, scarce):
        return f" in every domain ({format_count(epochs_of(scarce[0]))} epochs)"
    return f" in {named(scarce, _MOST_NAMES)}"


def _mixture(plan: Plan) -> str:
    """``with the llama3 mixture (the default)``; empty for a supply of one domain."""
    if plan.mixture is None:
        return ""
    known = _MIXTURES.get(plan.mixture.name)
    return known or f"with the {plan.mixture.name} mixture{'' if plan.mixture.asked else ' (the default)'}"


def _use(plan: Plan) -> Iterator[str]:
    """Domains that are used up and not yet named, whether the user's limit is kept, and what repeats cost."""
    scarce = used_up(plan)
    if scarce and (plan.constraint != "data" or plan.cause == "allocation"):
        alike = f"every domain ({format_count(epochs_of(scarce[0]))} epochs)" if are_alike(plan, scarce) else ""
        yield f"Used up: {alike or named(scarce, _MOST_NAMES)}."
    mixture = _mixture(plan) if _is_given(plan) else ""
    words = "; ".join(filter(None, (_cap(plan), _cost(plan))))
    if words:
        said = ", ".join(filter(None, (mixture, words)))
        yield f"{said[0].upper()}{said[1:]}."
    if plan.loss and not plan.constrained and not _is_given(plan):
        yield "More compute no longer helps."


def _cap(plan: Plan) -> str:
    """``within your limit of 5 epochs``; empty if no domain that is scarce has a limit."""
    limited = [entry for entry in (*used_up(plan), *repeated(plan)) if entry.max_epochs is not None]
    if not limited:
        return ""
    beyond = next((entry for entry in limited if over_cap(entry)), None)
    entry = beyond or limited[0]
    return f"{'beyond' if beyond else 'within'} your limit of {format_count(entry.max_epochs)} epochs"


def _cost(plan: Plan) -> str:
    """What repeats cost, as a share of the compute, or in effective tokens for a law without a loss."""
    if not repeated(plan):
        return "no token has to be repeated" if any(entry.tokens_unique for entry in plan.domains) else ""
    if plan.share_data is None:
        effective = sum(entry.tokens_effective or 0 for entry in plan.domains)
        return f"with repeats, all tokens count for {format_count(effective)} effective ones" if effective else ""
    cost = 1 - plan.share_data
    still = "still " if any(entry.max_epochs is not None for entry in repeated(plan)) else ""
    if cost > _ALMOST_ALL:
        return f"repeats {still}cost almost all of the compute"
    if cost < _LEAST_COST:
        return f"repeats {still}cost less than {percent(_LEAST_COST)} of the compute"
    return f"repeats {still}cost {'at least ' if used_up(plan) else ''}{percent(cost)} of the compute"


def _other_mixtures(plan: Plan) -> Iterator[str]:
    """The mixtures with another verdict, those that are surest of it first."""
    others: dict[Constraint, list[MixtureVerdict]] = {}
    for each in sorted(plan.mixtures, key=lambda row: row.certainty == "undecided"):
        if each.constraint is not None and each.constraint != plan.constraint:
            others.setdefault(each.constraint, []).append(each)
    for constraint, found in others.items():
        names = [each.mixture for each in found]
        shown = listed(names[:_MOST_NAMES], len(names[_MOST_NAMES:]))
        which = f"the mixtures {shown}" if len(names) > 1 else f"the {shown} mixture"
        scarce = dict.fromkeys(each.binding_domain for each in found if each.binding_domain)
        where = [short_name(domain) for domain in list(scarce)[:_MOST_NAMES]]
        of = f" (in {listed(where, len(scarce) - len(where))})" if where and constraint == "data" else ""
        yield f"With {which}, {SUBJECTS[constraint]} would be the constraint{of}."


def _flops(plan: Plan) -> str:
    best = f" (best spent on {run_size(plan.optimal.params, plan.optimal.tokens)})" if plan.optimal else ""
    return f"{format_power(plan.budget.flops)} FLOPs{best}"
