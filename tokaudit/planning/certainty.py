"""How certain a verdict is: whether draws, other laws, the supply's bounds and other constants turn it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.protocol import Repetition
from tokaudit.planning.case import BAND, PlanCase
from tokaudit.planning.intervals import decades_beyond, draws_by_verdict
from tokaudit.planning.plan_certainty import Certainty, LawVerdict
from tokaudit.planning.verdicts import Constraint, Level

_SURE: Final = 0.95
_LIKELY: Final = 0.80
_LIKELY_VOTES: Final = 0.75
_FAR: Final = 3
"""A law that is extrapolated by more than so many powers of ten in FLOPs is at most likely."""


def certainty(
    case: PlanCase,
    constraint: Constraint | None,
    verdicts: Sequence[LawVerdict],
    bounds: Collection[Constraint | None],
    draws: Draws,
) -> Certainty | None:
    """How certain a verdict is; None without a verdict.

    Args:
        case: the case, under the plan's law.
        constraint: its verdict.
        verdicts: of every law that is asked.
        bounds: the verdicts at the low and at the high bounds of the supply.
        draws: joint draws of the law's constants; may be empty.
    """
    if constraint is None:
        return None
    by_draws = draws_by_verdict(case, draws)
    votes = [each.constraint for each in verdicts if each.votes] or [constraint]
    agree = votes.count(constraint) / len(votes)
    same = None if by_draws is None else by_draws[constraint]
    doubts = list(_doubts(case, constraint, bounds))
    far = decades_beyond(case.flops, case.law.metadata.valid.flops) > _FAR
    level: Level = "undecided"
    if (same is None or same >= _LIKELY) and agree >= _LIKELY_VOTES:
        level = "likely"
        if same is not None and same >= _SURE and agree == 1 and not doubts and not far:
            level = "sure"
    why = [*_disagreement(same, votes, constraint), *doubts]
    if far:
        why.append(f"the law is extrapolated by a factor of more than {10**_FAR:,}")
    readings = by_draws or {name: votes.count(name) / len(votes) for name in dict.fromkeys(votes) if name}
    return Certainty(level, same, agree, None if level == "sure" else "; ".join(why), readings)


def _disagreement(same: float | None, votes: Sequence[Constraint | None], constraint: Constraint) -> Iterator[str]:
    if same is None:
        yield "the law has no joint draws of its constants"
    elif same < _SURE:
        yield f"{100 * same:.0f} % of the law's draws say {constraint}"
    if count := len(votes) - votes.count(constraint):
        yield f"{count} of {len(votes)} laws {'says' if count == 1 else 'say'} otherwise"


def _doubts(case: PlanCase, constraint: Constraint, bounds: Collection[Constraint | None]) -> Iterator[str]:
    """What turns the verdict besides other laws and draws."""
    if others := sorted({other for other in bounds if other is not None} - {constraint}):
        yield f"the supply's bounds turn it to {' or '.join(others)}"
    turned = _by_pairs(case, constraint)
    if turned:
        pairs = " and ".join(f"R_D* = {pair.tokens:g}, R_N* = {pair.params:g}" for pair in turned)
        to = " or ".join(sorted(set(turned.values())))
        yield f"other constants of repetition turn it to {to} ({pairs})"


def _by_pairs(case: PlanCase, constraint: Constraint) -> Mapping[Repetition, Constraint]:
    """The pairs of constants of repetition that give another verdict."""
    if not case.pools:
        return {}
    found = {}
    for pair in BAND:
        verdict, _ = case.with_stars(pair).verdict()
        if verdict and verdict != constraint:
            found[pair] = verdict
    return found
