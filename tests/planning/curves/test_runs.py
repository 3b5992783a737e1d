"""Published runs next to a plan, against the planner and the list of runs."""

import pytest
from made.made_plans import made_plan, without_supply

from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.laws.published import LAWS
from tokaudit.planning.curves.runs import runs

SUPPLY = "web=2T,code=400B,books=3B"
MIXTURE = "web=0.7,code=0.2,books=0.1"


def test_every_published_run_has_a_row() -> None:
    found = runs(made_plan(SUPPLY, budget={"flops": 1e24}))["runs"]
    assert [row["run"] for row in found] == [run.run for run in known_runs()]
    assert [row["flops"] for row in found] == [run.flops for run in known_runs()]


def test_a_mixture_of_experts_stands_by_its_active_parameters() -> None:
    rows = {row["run"]: row for row in runs(made_plan(SUPPLY, budget={"flops": 1e24}))["runs"]}
    known = {run.run: run for run in known_runs()}["DeepSeek-V3"]
    row = rows["DeepSeek-V3"]
    assert (row["experts"], row["params"], row["params_total"]) == (True, known.active_params, known.params)
    assert row["tokens_per_param"] == known.tokens / row["params"]
    assert not rows["GPT-3-175B"]["experts"]


def test_epochs_are_known_where_unique_tokens_are() -> None:
    rows = {row["run"]: row for row in runs(made_plan(SUPPLY, budget={"flops": 1e24}))["runs"]}
    assert rows["Gopher-280B"]["epochs"] == pytest.approx(3e11 / 2.35e12)
    assert rows["GPT-3-175B"]["epochs"] is None


def test_the_line_of_the_law_has_its_best_runs_for_all_sizes() -> None:
    found = runs(made_plan(SUPPLY, budget={"flops": 1e24}))
    sizes = [row["params"] for row in (*found["runs"], *found["here"])]
    line, law = found["law"], LAWS.get("besiroglu2024")
    assert (line[0]["params"], line[-1]["params"]) == pytest.approx((min(sizes), max(sizes)))
    assert line[7]["tokens"] == law.optimum_of_params(line[7]["params"]).tokens


def test_the_supply_reaches_as_far_as_its_scarcest_domain() -> None:
    found = runs(made_plan(SUPPLY, budget={"flops": 1e24}, mixture=MIXTURE))["supply"]
    assert [row["epochs"] for row in found] == [1, 4, 16]
    assert [row["tokens"] for row in found] == pytest.approx([3e10, 1.2e11, 4.8e11])


@pytest.mark.parametrize(
    ("supply", "budget"), [("web=500B", {"flops": 1e24}), ("web=500B", {"params": 7e9, "tokens": 2e12})]
)
def test_the_plan_stands_where_its_run_is(supply: str, budget: dict[str, float]) -> None:
    made = made_plan(supply, budget=budget)
    assert made.plan.constrained is not None
    best = {"params": made.plan.constrained.params, "tokens": made.plan.constrained.tokens}
    assert runs(made)["here"] == [budget if "params" in budget else best]


def test_without_a_supply_the_plan_stands_at_the_best_run() -> None:
    made = without_supply(flops=1e24)
    assert made.plan.optimal is not None
    found = runs(made)
    assert found["here"] == [{"params": made.plan.optimal.params, "tokens": made.plan.optimal.tokens}]
    assert found["supply"] == []


def test_a_mixture_of_experts_has_no_line_of_a_law() -> None:
    found = runs(made_plan(SUPPLY, budget={"params": 37e9, "tokens": 1.48e13}, params_total=671e9))
    assert found["law"] == []
    assert found["here"] == [{"params": 37e9, "tokens": 1.48e13}]
