"""How certain a verdict is, at the borders of each level."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made.plans import make_plan, plan, supply
from made.runs import BESIROGLU as LAW

from tokaudit.laws.find import asked_laws, shipped_draws
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import Run, Validity
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.case import BAND, PlanCase
from tokaudit.planning.certainty import certainty
from tokaudit.planning.plan_certainty import Certainty, LawVerdict
from tokaudit.planning.verdicts import Constraint
from tokaudit.supply.types import DomainSupply, Supply

CHINCHILLA = PlanCase(LAW, 6 * 70e9 * 1.4e12, Run(70e9, 1.4e12), [])


def drawn(agreeing: int, count: int = 100) -> Draws:
    """Draws of which so many have the law's own B, and the others one that makes the run short of tokens."""
    return {"B": np.array([LAW.B] * agreeing + [100 * LAW.B] * (count - agreeing))}


def voted(agreeing: int, against: int, shown: int = 3) -> list[LawVerdict]:
    said: list[tuple[Constraint, bool]] = [("compute", True) for _ in range(agreeing)]
    said += [("data", True) for _ in range(against)]
    said += [("data", False) for _ in range(shown)]
    return [LawVerdict(f"law{at}", 1e9, 1e10, each, None, votes) for at, (each, votes) in enumerate(said)]


def found(
    draws: Draws,
    verdicts: Sequence[LawVerdict],
    bounds: Sequence[Constraint | None] = ("compute", "compute"),
    case: PlanCase = CHINCHILLA,
) -> Certainty:
    made = certainty(case, "compute", verdicts, bounds, draws)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("agreeing", "level"), [(100, "sure"), (95, "sure"), (94, "likely"), (80, "likely"), (79, "undecided")]
)
def test_the_level_falls_with_the_share_of_the_draws(agreeing: int, level: str) -> None:
    made = found(drawn(agreeing), voted(5, 0))
    assert (made.level, made.draws, made.laws) == (level, agreeing / 100, 1)
    assert made.readings == {"data": (100 - agreeing) / 100, "model": 0, "compute": agreeing / 100}
    assert (made.why is None) == (level == "sure")
    if made.why:
        assert f"{agreeing} % of the law's draws say compute" in made.why


@pytest.mark.parametrize(
    ("agreeing", "against", "level"), [(4, 0, "sure"), (4, 1, "likely"), (3, 1, "likely"), (74, 26, "undecided")]
)
def test_the_level_falls_with_the_share_of_the_votes(agreeing: int, against: int, level: str) -> None:
    made = found(drawn(100), voted(agreeing, against))
    assert (made.level, made.laws) == (level, agreeing / (agreeing + against))
    assert (made.why is None) == (level == "sure")
    if made.why:
        assert f"{against} of {agreeing + against} laws say" in made.why


def test_without_draws_a_verdict_is_at_most_likely() -> None:
    made = found({}, voted(5, 0))
    assert (made.level, made.draws) == ("likely", None)
    assert made.why == "the law has no joint draws of its constants"
    assert made.readings == {"compute": 1}
    split = found({}, voted(2, 2))
    assert split.level == "undecided"
    assert split.readings == {"compute": 0.5, "data": 0.5}


def test_without_other_laws_the_plan_s_own_is_the_only_vote() -> None:
    assert found(drawn(100), []).level == "sure"


@pytest.mark.parametrize("bounds", [("data", "compute"), ("compute", "data")], ids=["low", "high"])
def test_bounds_of_the_supply_that_turn_it_leave_it_likely(bounds: tuple[Constraint, Constraint]) -> None:
    made = found(drawn(100), voted(5, 0), bounds)
    assert (made.level, made.why) == ("likely", "the supply's bounds turn it to data")


@pytest.mark.parametrize("turning", range(len(BAND)))
def test_each_pair_of_constants_that_turns_it_leaves_it_likely(turning: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = PlanCase(LAW, 1e24, None, [DomainPool(1.0, 1e12)])
    assert case.verdict()[0] == "compute"
    usual = PlanCase.verdict

    def one_turned(self: PlanCase, better: PlanCase | None = None) -> object:
        return ("data", "supply") if self.stars == BAND[turning] else usual(self, better)

    monkeypatch.setattr(PlanCase, "verdict", one_turned)
    made = found({"A": np.full(10, LAW.A)}, voted(5, 0), case=case)
    assert made.level == "likely"
    assert made.why == (
        f"other constants of repetition turn it to data (R_D* = {BAND[turning].tokens:g}, "
        f"R_N* = {BAND[turning].params:g})"
    )


def test_a_law_extrapolated_a_thousandfold_is_at_most_likely() -> None:
    def at(factor: float, *, below: bool = False) -> Certainty:
        end = CHINCHILLA.flops * factor if below else CHINCHILLA.flops / factor
        valid = Validity(flops=(end, end * 10) if below else (end / 10, end))
        law = replace(LAW, metadata=replace(LAW.metadata, valid=valid))
        return found(drawn(100), voted(5, 0), case=replace(CHINCHILLA, law=law))

    assert at(999).level == at(999, below=True).level == "sure"
    assert at(1001).level == at(1001, below=True).level == "likely"
    assert at(1001).why == "the law is extrapolated by a factor of more than 1,000"


def test_chinchilla_is_balanced_by_every_draw_and_vote() -> None:
    draws = shipped_draws("besiroglu2024")
    budget = budget_for(LAW, params=70e9, tokens=1.4e12)
    made = make_plan("besiroglu2024", LAW, budget, supply(), draws=draws, voters=asked_laws())
    assert made.certainty is not None
    assert made.constraint == "compute"
    assert made.certainty.draws == 1
    # The same draw by draw, from the definition of the tokens side.
    sides = []
    for a, b, alpha, beta in zip(*(draws[name].tolist() for name in ("A", "B", "alpha", "beta")), strict=True):
        of_params, of_tokens = alpha * a / 70e9**alpha, beta * b / 1.4e12**beta
        sides.append(of_tokens / (of_tokens + of_params))
    assert all(1 / 3 < side < 2 / 3 for side in sides)


def test_the_bounds_of_a_supply_make_a_plan_less_than_sure() -> None:
    def level(low: float | None) -> str:
        have = Supply((DomainSupply("web", 1e14, low, 1e14),), "a test")
        draws = shipped_draws("besiroglu2024")
        made = make_plan("besiroglu2024", LAW, budget_for(LAW, flops=1e24), have, draws=draws)
        assert made.certainty is not None
        return made.certainty.level

    assert (level(9e13), level(1e10)) == ("sure", "likely")


def test_a_budget_without_a_supply_has_no_certainty() -> None:
    assert plan(flops=1e24).certainty is None
