"""A run in stages: what is parsed, what is refused, and sums over all stages."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from made.plans import plan, supply

from tokaudit.core.errors import UsageError
from tokaudit.planning import planner
from tokaudit.planning.mixture import parse_shares
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan import Plan
from tokaudit.planning.stages import parse_stages, whole_shares, whole_tokens

NO_CATALOG = Path("does-not-exist")


def shares_of(text: str) -> Mapping[str, float]:
    return parse_shares(text, "--stage")


def planned(*stages: str, supply: str = "web=1T,code=100B", **more: str) -> Plan:
    budget = {name: more.pop(name) for name in ("flops", "params", "tokens") if name in more}
    options = PlanOptions(budget=budget, stages=stages, supply=supply, **more)  # type: ignore[arg-type] # by name
    return planner.plan(plan_request(options, NO_CATALOG))


MAIN, ANNEAL = "main 1.2T web=0.9,code=0.1", "anneal 300B web=0.5,code=0.5"


def test_epochs_are_sums_over_all_stages() -> None:
    made = planned(MAIN, ANNEAL, params="70B")
    assert made.budget.tokens == 1.5e12
    epochs = {entry.domain: entry.epochs for entry in made.domains}
    assert epochs == pytest.approx(
        {"web": (0.9 * 1.2e12 + 0.5 * 3e11) / 1e12, "code": (0.1 * 1.2e12 + 0.5 * 3e11) / 1e11}
    )
    assert made.stages is not None
    assert [(stage.stage, stage.tokens) for stage in made.stages] == [("main", 1.2e12), ("anneal", 3e11)]
    assert [stage.epochs for stage in made.stages] == [
        pytest.approx({"web": 1.08, "code": 1.2}),
        pytest.approx({"web": 0.15, "code": 1.5}),
    ]


def test_stages_are_judged_as_one_run_of_their_sums() -> None:
    made = planned(MAIN, ANNEAL, params="70B")
    whole = plan(
        have=supply(code=1e11, web=1e12), shares={"web": 1.23 / 1.5, "code": 0.27 / 1.5}, params=70e9, tokens=1.5e12
    )
    assert (made.constraint, made.cause) == (whole.constraint, whole.cause)
    assert made.compute_equivalent_share == pytest.approx(whole.compute_equivalent_share)
    assert any("order" in warning for warning in made.warnings)


def test_shares_of_a_run_follow_its_tokens() -> None:
    made = planned("main 80% web=0.9,code=0.1", "anneal 20% web=0.5,code=0.5", params="70B", tokens="1.5T")
    assert made.stages == planned(MAIN, ANNEAL, params="70B").stages


def test_shares_of_a_budget_follow_its_best_run() -> None:
    made = planned("main 80% web=1", "anneal 20% code=1", flops="1e22")
    assert made.constrained is not None
    assert made.stages is not None
    assert [stage.tokens for stage in made.stages] == pytest.approx(
        [0.8 * made.constrained.tokens, 0.2 * made.constrained.tokens]
    )


def test_epoch_limits_hold_for_the_sum_of_stages() -> None:
    stages = ("main 1T web=1", "anneal 300B web=0.5,code=0.5")
    assert planned(*stages, params="70B").constraint == "compute"
    within = planned(*stages, params="70B", max_epochs="1.5")
    beyond = planned(*stages, params="70B", max_epochs="1.49")
    assert (within.constraint, beyond.constraint) == ("compute", "data")


def test_stages_are_parsed_in_their_order() -> None:
    found = parse_stages(["b 1T web=1", " a  500B  code=0.5, web=0.5 "], shares_of)
    assert [(stage.name, stage.tokens) for stage in found] == [("b", 1e12), ("a", 5e11)]
    assert [stage.part for stage in found] == pytest.approx([2 / 3, 1 / 3])
    assert whole_tokens(found) == 1.5e12
    assert whole_shares(found) == pytest.approx({"web": 2 / 3 + 1 / 6, "code": 1 / 6})
    assert parse_stages([], shares_of) == []
    assert whole_tokens([]) is None


@pytest.mark.parametrize(
    ("stages", "what"),
    [
        (["main"], "is not of the form"),
        (["main 1T"], "is not of the form"),
        (["main 1T web=1", "main 2T web=1"], "main is named twice"),
        (["main 1T web=1", "anneal 10% web=1"], "give tokens for all stages, or shares"),
        (["main 80% web=1", "anneal 10% web=1"], "sum to 0.9; they must sum to 1"),
        (["main 0% web=1", "anneal 100% web=1"], "main: 0% is not above 0"),
        (["main 0 web=1"], "--stage main"),
        (["main x web=1"], "--stage main"),
        (["main 1T web=0.5"], "--stage: the shares sum to 0.5"),
    ],
)
def test_stages_of_another_form_are_refused(stages: list[str], what: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_stages(stages, shares_of)
    assert what in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("stage", "more", "what"),
    [
        ("main 1T web=1", {"tokens": "1T", "params": "1B"}, "--tokens: the stages say how many there are"),
        ("main 1T web=1", {"mixture": "web=1", "params": "1B"}, "--mixture: each --stage has its own mixture"),
        ("main 1T books=1", {"params": "1B"}, "--stage: the supply has no domain 'books'"),
        ("main 1T unimax", {"params": "1B"}, "--stage: mixture unimax depends on the supply"),
        ("main 1T proportional", {"params": "1B"}, "--stage: mixture proportional depends on the supply"),
        ("main 100% web=1", {}, "a plan needs one budget"),
    ],
)
def test_options_that_contradict_stages_are_refused(stage: str, more: dict[str, str], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        planned(stage, **more)
