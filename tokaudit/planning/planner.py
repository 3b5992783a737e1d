"""A law, a budget, a mixture and a supply -> a Plan: what limits the run, in which domain and by how much."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.catalog.reference.repeats import RepeatedRun
from tokaudit.catalog.reference.token_rates import NO_RATES, TokenRates
from tokaudit.core.errors import UsageError
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.protocol import LossLaw, ScalingLaw
from tokaudit.laws.repeated_data import DomainPool, tokens_one_epoch
from tokaudit.planning import caveats
from tokaudit.planning.case import MOST_TOKENS, PlanCase, ceiling
from tokaudit.planning.domain_plans import binding_domain, domain_plans
from tokaudit.planning.hardware import Hardware
from tokaudit.planning.inference import cheapest
from tokaudit.planning.intervals import draws_same_verdict, optimum_interval
from tokaudit.planning.mixture import DEFAULT_MAX_EPOCHS, proportional, suggested
from tokaudit.planning.plan import Budget, Constrained, Constraint, LawAgreement, LawVerdict, Loss, Optimal, Plan
from tokaudit.planning.repeats import measured_like
from tokaudit.planning.value_of_data import cost, gain_per_percent, worth
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

_ITERATIONS: Final = 60
_REMEDY: Final = "give its tokens with --supply, or shares without it as --mixture DOMAIN=SHARE,…"
_SETTLED: Final = 1e-6  # relative change of the plan's tokens at which the suggested mixture is done


def make_plan(
    name: str,
    law: ScalingLaw,
    budget: Budget,
    supply: Supply,
    shares: Mapping[str, float] | None = None,
    *,
    max_epochs: float = DEFAULT_MAX_EPOCHS,
    max_epochs_of: Mapping[str, float] | None = None,
    others: Mapping[str, ScalingLaw] | None = None,
    draws: Draws | None = None,
    served: float | None = None,
    rates: TokenRates = NO_RATES,
    repeated: Sequence[RepeatedRun] = (),
    hardware: Hardware | None = None,
    price: float | None = None,
    added: Mapping[str, float] | None = None,
    notes: Sequence[str] = (),
) -> Plan:
    """What limits the run, and everything that says why.

    Args:
        name: the law's.
        law: the law.
        budget: what may be spent; one with both parameters and tokens is a run as given.
        supply: unique tokens by domain; one without domains stands for "not known".
        shares: domain -> part of the run's tokens, summing to 1; None: in proportion to the supply.
        max_epochs: most epochs of a domain in ``mixture_suggested``.
        max_epochs_of: the same for single domains.
        others: laws to ask beside this one, by name.
        draws: joint draws of the law's constants, where there are any.
        served: tokens to serve over the lifetime of the model, for ``inference``.
        rates: what is known of tokenizers, to convert the supply to each law's tokens.
        repeated: published runs that repeated their data, to set beside the plan.
        hardware: what the budget is spent on; needed for a price.
        price: of one GPU-hour, in any currency.
        added: domain -> tokens of the supply's tokenizer, whose worth is asked; None: what each domain lacks.
        notes: warnings that the caller already has.

    Raises:
        UsageError: a share or a limit for a domain that the supply does not have, or has no token of; tokens to
            serve, or a price, that mean nothing.
    """
    stated, supply = supply, convert(supply, law.metadata.tokenizer, rates)
    share_of = _checked_shares(supply, shares, max_epochs_of or {})
    pools = _pools(supply, share_of)
    names = [entry.domain for entry in supply.domains if share_of[entry.domain]]
    case = PlanCase.of(law, budget, pools)
    optimum = law.optimum(case.flops)
    helps = case.compute_helps()
    repeated_data = case.repeated_data
    best = repeated_data.optimum(case.flops) if repeated_data and helps else None
    on_supply = case.given or best or (optimum if helps else None)
    run = case.given or optimum

    constrained = None
    if repeated_data and best:
        loss = repeated_data.loss(best.params, best.tokens)
        constrained = Constrained(best.params, best.tokens, best.tokens / tokens_one_epoch(pools), loss)

    most = max_epochs_of or {}
    limits = [most.get(entry.domain, max_epochs) * entry.tokens_unique for entry in supply.domains]
    proposal = _propose(case, supply.domains, share_of, limits, (on_supply or optimum).tokens)
    constraint, cause = case.verdict(proposal.case if proposal else None)
    asked = {**others, name: law} if others else {}
    opinions = tuple(verdict_of_law(each, asked[each], budget, stated, share_of, rates) for each in sorted(asked))
    data_share = case.share_data()
    low, high = case.share_data_band()
    domains = tuple(domain_plans(supply.domains, share_of, run, on_supply, case.repetition.tokens))
    lifetime = cheapest(law, run, served) if served is not None and isinstance(law, LossLaw) else None
    time = hardware.time(budget.flops) if hardware else None
    money = cost(case, time.gpu_hours, price) if time and price is not None else None
    more = None if added is None else _converted(added, supply.domains, names)
    rows = tuple(worth(case, names, run, more, money.run if money else None))
    most_epochs = max((entry.epochs or 0 for entry in domains), default=0)
    terms = law.terms(run.params, run.tokens) if isinstance(law, LossLaw) else None
    repeated_loss = case.repeated_data.loss(run.params, run.tokens) if case.repeated_data else None
    plan = Plan(
        law=name,
        budget=budget,
        optimal=Optimal(optimum.params, optimum.tokens, law.optimal_loss(case.flops)),
        constrained=constrained,
        loss=Loss(terms.irreducible, terms.model_term, terms.data_term, terms.total, repeated_loss) if terms else None,
        tokens_side=case.tokens_side(),
        constraint=constraint,
        cause=cause,
        compute_equivalent_share=case.share(),
        share_allocation=case.share_allocation(),
        share_data=data_share,
        share_data_low=low,
        share_data_high=high,
        implied_inference_tokens=case.implied_inference_tokens(),
        flips_at=case.flips_at(),
        agreement=_agreement(constraint, opinions, draws_same_verdict(case, constraint, draws or {})),
        domains=domains,
        binding_domain=binding_domain(supply.domains, share_of, (on_supply or optimum).tokens),
        ceiling=ceiling(law, pools),
        mixture_suggested=proposal.shares if proposal else None,
        interval=optimum_interval(draws or {}, case.flops),
        inference=lifetime,
        sensitivity=opinions or None,
        gain_per_percent=gain_per_percent(case, names),
        hardware=time,
        cost=money,
        worth=rows if pools else None,
        repeats_measured=tuple(measured_like(most_epochs, repeated, law, case.repetition)),
        supply_origin=supply.origin,
        supply_tokenizer=supply.tokenizer,
        details=supply.details,
        warnings=(),
    )
    most_there_is = proposal.tokens_feasible if proposal else None
    said = caveats.plan_caveats(plan, case, supply, draws or {}, most_there_is, inference_asked=served is not None)
    return replace(plan, warnings=(*notes, *said))


def _converted(added: Mapping[str, float], entries: Sequence[DomainSupply], names: Sequence[str]) -> dict[str, float]:
    """The same tokens as the law counts them, those of each domain as its supply was converted."""
    if unknown := sorted(set(added) - set(names)):
        used = ", ".join(names) or "nothing"
        raise UsageError(f"--add: the run draws on no {', '.join(unknown)} (on {used})")
    factors = {entry.domain: entry.factor.value if entry.factor else 1.0 for entry in entries}
    for domain, tokens in added.items():
        if not 0 < tokens <= MOST_TOKENS:
            raise UsageError(f"--add: {tokens:g} tokens of {domain} can't be had (above 0, up to {MOST_TOKENS:g})")
    return {domain: tokens * factors[domain] for domain, tokens in added.items()}


def _pools(supply: Supply, share_of: Mapping[str, float]) -> list[DomainPool]:
    """The domains that the mixture draws on, in the supply's order."""
    return [
        DomainPool(share_of[entry.domain], entry.tokens_unique) for entry in supply.domains if share_of[entry.domain]
    ]


def verdict_of_law(
    name: str, law: ScalingLaw, budget: Budget, supply: Supply, share_of: Mapping[str, float], rates: TokenRates
) -> LawVerdict:
    """What one law says of the budget on the supply as stated, converted to that law's tokens."""
    pools = _pools(convert(supply, law.metadata.tokenizer, rates), share_of)
    case = PlanCase.of(law, budget, pools)
    best = law.optimum(case.flops)
    return LawVerdict(name, best.params, best.tokens, case.verdict()[0], case.share())


def _agreement(
    constraint: Constraint | None, opinions: Sequence[LawVerdict], draws_same: float | None
) -> LawAgreement | None:
    """The plan's own law agrees with itself, whether others were asked or not."""
    if constraint is None:
        return None
    same = sum(opinion.constraint == constraint for opinion in opinions)
    return LawAgreement(max(len(opinions), 1), max(same, 1), draws_same)


def _checked_shares(
    supply: Supply, shares: Mapping[str, float] | None, limits: Mapping[str, float]
) -> dict[str, float]:
    """Domain -> share for every domain of the supply; without a supply the shares as they are."""
    if not supply.domains:
        return dict(shares or {})
    unique = {entry.domain: entry.tokens_unique for entry in supply.domains}
    for domain, tokens in unique.items():
        if not 0 <= tokens <= MOST_TOKENS:
            raise UsageError(f"the supply's {tokens:g} tokens of {domain} are no supply (0 to {MOST_TOKENS:g})")
    for option, named, remedy in (
        ("--mixture", shares or {}, _REMEDY),
        ("--max-epochs", limits, "leave it out"),
    ):
        if unknown := sorted(set(named) - set(unique)):
            names = ", ".join(map(repr, unknown))
            raise UsageError(f"{option}: the supply has no domain {names} (it has {', '.join(unique)}); {remedy}")
    if shares is None:
        return proportional(unique)
    empty = sorted(domain for domain, share in shares.items() if share and not unique[domain])
    if empty:
        names = ", ".join(empty)
        raise UsageError(f"--mixture asks for {names}, of which the supply has no unique tokens; {_REMEDY}")
    return {domain: shares.get(domain, 0.0) for domain in unique}


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A mixture, the case with it, and the most tokens within the allowed epochs if they are too few."""

    shares: dict[str, float]
    case: PlanCase
    tokens_feasible: float | None


def _propose(
    case: PlanCase,
    entries: Sequence[DomainSupply],
    share_of: Mapping[str, float],
    limits: Sequence[float],
    tokens: float,
) -> _Proposal | None:
    """The suggested mixture, for the run as given or the best run with it; None without a supply."""
    if not case.pools:
        return None
    asked = [share_of[entry.domain] for entry in entries]
    for _ in range(_ITERATIONS):
        shares, feasible = suggested(asked, limits, tokens)
        pools = [DomainPool(share, entry.tokens_unique) for share, entry in zip(shares, entries, strict=True) if share]
        changed = replace(case, pools=pools)
        after = (
            changed.repeated_data.optimum(case.flops).tokens if changed.repeated_data and case.given is None else tokens
        )
        if abs(after / tokens - 1) < _SETTLED:
            most = None if feasible else math.fsum(limit for limit, share in zip(limits, asked, strict=True) if share)
            return _Proposal({entry.domain: share for entry, share in zip(entries, shares, strict=True)}, changed, most)
        tokens = after
    return None
