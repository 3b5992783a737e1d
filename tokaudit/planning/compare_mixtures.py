"""The same plan with other mixtures: as published, as even as possible, and in proportion to the supply."""

from collections.abc import Iterator, Mapping
from typing import Final

from tokaudit.planning.ask_mixture import PROPORTIONAL, even_mixture, published_mixture
from tokaudit.planning.case import PlanCase
from tokaudit.planning.certainty import certainty
from tokaudit.planning.domain_plans import binding_domain
from tokaudit.planning.judge import Judgement, constraints_at_bounds, law_verdicts
from tokaudit.planning.plan_certainty import Certainty
from tokaudit.planning.plan_mixture import MixtureLeftOut, MixtureVerdict
from tokaudit.planning.resolve import ResolvedMixture, ResolvedPlan, resolve_mixture
from tokaudit.planning.verdicts import Constraint

_MOST_LACKING: Final = 0.2
"""A published mixture is left out if the supply has no domain for more than this share of it."""


def compare_mixtures(
    resolved: ResolvedPlan, judged: Judgement
) -> tuple[tuple[MixtureVerdict, ...], tuple[MixtureLeftOut, ...]]:
    """The verdict with the plan's own mixture, then with every other that fits; and those that do not fit.

    Both are empty if there is nothing to mix.

    Args:
        resolved: what the plan is judged on.
        judged: the judgement with its own mixture.
    """
    unique = {entry.domain: entry.tokens_unique for entry in resolved.supply.domains}
    if len(unique) < 2:
        return (), ()
    left_out = dict(_misfits(resolved, unique))
    others = [PROPORTIONAL, even_mixture(resolved.supply), *map(published_mixture, resolved.request.known_mixtures)]
    rows = [_row(resolved, resolved.mixture, judged.case, judged.constraint, judged.certainty)]
    rows += [
        _verdict(resolved, resolve_mixture(resolved.request, resolved.supply, each))
        for each in others
        if each.name != resolved.mixture.name and each.name not in left_out
    ]
    return tuple(rows), tuple(MixtureLeftOut(name, why) for name, why in left_out.items())


def _misfits(resolved: ResolvedPlan, unique: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Each published mixture that does not fit the supply, and why."""
    for known in resolved.request.known_mixtures:
        if known.name == resolved.mixture.name:
            continue
        mapped = published_mixture(known).mapped(unique)
        lacking = 1.0 if mapped is None else mapped.lacking
        if mapped is None or lacking > _MOST_LACKING:
            yield known.name, f"the supply has no domain for {100 * lacking:.0f} % of it"
        elif not resolved.supply.published:
            unused = [domain for domain, share in mapped.shares.items() if not share and unique[domain]]
            if unused:
                yield known.name, f"it uses no {', '.join(unused[:3])}{' …' if len(unused) > 3 else ''}"


def _verdict(resolved: ResolvedPlan, mixture: ResolvedMixture) -> MixtureVerdict:
    case = resolved.case(mixture)
    constraint, _ = case.verdict()
    bounds = constraints_at_bounds(resolved, case, mixture)
    votes = law_verdicts(resolved, case, mixture, shown=False)
    certain = certainty(case, constraint, votes, bounds, resolved.request.draws)
    return _row(resolved, mixture, case, constraint, certain)


def _row(
    resolved: ResolvedPlan,
    mixture: ResolvedMixture,
    case: PlanCase,
    constraint: Constraint | None,
    certain: Certainty | None,
) -> MixtureVerdict:
    entries, run = resolved.supply.domains, case.run_on_supply()
    return MixtureVerdict(
        mixture=mixture.name,
        constraint=constraint,
        certainty=certain.level if certain else None,
        binding_domain=binding_domain(entries, mixture.share_of, (run or case.law.optimum(case.flops)).tokens),
        most_epochs=run.tokens / case.whole.once if run else None,
        compute_equivalent_share=case.shares().both,
    )
