"""Mixtures of experts: tokens and epochs without a verdict."""

from pathlib import Path
from typing import Any

import pytest
from made.reference import RUNS

from tokaudit.core.errors import UsageError
from tokaudit.planning import planner
from tokaudit.planning.experts import experts_caveats
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan import Budget, Plan


def planned(params_total: str | None = "671B", stages: tuple[str, ...] = (), **budget: str) -> Plan:
    options = PlanOptions(budget=budget, supply="code=1T,web=10T", params_total=params_total, stages=stages)
    return planner.plan(plan_request(options, Path("does-not-exist")))


def test_experts_have_flops_and_epochs_but_no_verdict() -> None:
    made = planned(params="37B", tokens="14.8T")
    assert made.budget == Budget(6 * 37e9 * 14.8e12, 37e9, 14.8e12, 671e9)
    assert [entry.epochs for entry in made.domains] == pytest.approx([14.8 / 11, 14.8 / 11])
    nothing = ["optimal", "constrained", "loss", "constraint", "cause", "certainty", "agreement", "sensitivity"]
    nothing += ["compute_equivalent_share", "share_data", "tokens_side", "interval", "mixture_suggested", "ceiling"]
    assert {name: getattr(made, name) for name in nothing} == dict.fromkeys(nothing)
    assert (made.advice, made.mixtures, made.far_beyond_data) == ((), (), False)
    assert "was fitted on dense models" in made.warnings[0]


def test_experts_can_be_trained_in_stages() -> None:
    made = planned(params="37B", stages=("main 14T web=1", "anneal 800B code=1"))
    assert made.budget.tokens == 14.8e12
    assert {entry.domain: entry.epochs for entry in made.domains} == pytest.approx({"web": 1.4, "code": 0.8})
    assert made.stages is not None
    assert [stage.epochs for stage in made.stages] == [
        pytest.approx({"web": 1.4}),
        pytest.approx({"code": 0.8}),
    ]
    assert made.constraint is None


@pytest.mark.parametrize(
    ("total", "budget", "what"),
    [
        ("671B", {"params": "37B"}, "--params-total: also needs --params, the active parameters, and --tokens"),
        ("671B", {"flops": "1e24"}, "--params-total: also needs --params"),
        ("30B", {"params": "37B", "tokens": "1T"}, r"--params-total: 30\.0B are fewer than the 37\.0B active"),
    ],
)
def test_impossible_experts_are_refused(total: str, budget: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        planned(total, **budget)


def test_all_parameters_of_a_known_mixture_of_experts_raise_a_question() -> None:
    run = next(run for run in RUNS if run.active_params)
    (said,) = experts_caveats(Budget(1e24, run.params * 1.005, 1e12), RUNS)
    assert "--params 37.0B --params-total 671B" in said
    assert list(experts_caveats(Budget(1e24, run.params * 1.02, 1e12), RUNS)) == []
    assert list(experts_caveats(Budget(1e24, run.params, 1e12, run.params), RUNS)) == []
