"""Curves of one budget, against the law and the plan."""

import math

import pytest
from made.made_plans import made_plan, without_supply

from tokaudit.core.rows import Row
from tokaudit.laws.published import LAWS
from tokaudit.planning.curves.isoflop import isoflop
from tokaudit.planning.made_plan import MadePlan

SUPPLY = "web=2T,code=400B,books=3B"
MADE = made_plan(SUPPLY, budget={"flops": 1e25})


def _found(made: MadePlan) -> tuple[dict[str, list[Row]], dict[str, Row]]:
    """Rows of the curves, and the best row, of each ``data``."""
    found = isoflop(made)
    assert not isinstance(found, str)
    curves: dict[str, list[Row]] = {}
    for row in found["curve"]:
        curves.setdefault(row["data"], []).append(row)
    return curves, {row["data"]: row for row in found["best"]}


def test_the_best_rows_are_those_of_the_plan() -> None:
    _, best = _found(MADE)
    plan = MADE.plan
    assert plan.optimal is not None
    assert plan.interval is not None
    assert plan.constrained is not None
    free, there = best["unlimited"], best["supply"]
    assert (free["params"], free["loss"]) == (plan.optimal.params, plan.optimal.loss)
    assert (free["params_low"], free["params_high"]) == (plan.interval.params_low, plan.interval.params_high)
    assert (there["tokens"], there["loss"]) == (plan.constrained.tokens, plan.constrained.loss)
    assert (there["params_low"], there["params_high"]) == (plan.constrained.params_low, plan.constrained.params_high)


@pytest.mark.parametrize("data", ["unlimited", "supply"])
def test_no_run_of_a_curve_is_better_than_the_best_one(data: str) -> None:
    curves, best = _found(MADE)
    lowest = min(curves[data], key=lambda row: float(row["loss"]))
    step = math.log(curves[data][1]["params"] / curves[data][0]["params"])
    assert best[data]["loss"] <= lowest["loss"] <= best[data]["loss"] + 0.01
    assert abs(math.log(lowest["params"] / best[data]["params"])) <= step


def test_a_curve_reaches_thirty_times_beyond_both_optima() -> None:
    curves, best = _found(MADE)
    sizes = [row["params"] for row in best.values()]
    for curve in curves.values():
        assert len(curve) == 61
        assert (curve[0]["params"], curve[-1]["params"]) == pytest.approx((min(sizes) / 30, max(sizes) * 30))
        assert all(6 * row["params"] * row["tokens"] == pytest.approx(1e25) for row in curve)


def test_repeats_cost_where_runs_are_longer_than_the_supply() -> None:
    curves, _ = _found(MADE)
    law = LAWS.get("besiroglu2024")
    for free, there in zip(curves["unlimited"], curves["supply"], strict=True):
        costs = free["tokens"] > 2.403e12 or law.optimum_of_params(free["params"]).tokens > 2.403e12
        assert there["loss"] > free["loss"] if costs else there["loss"] == pytest.approx(free["loss"], rel=1e-12)


def test_runs_beyond_the_allowed_epochs_have_no_loss() -> None:
    curves, _ = _found(made_plan(SUPPLY, budget={"flops": 1e25}, max_epochs=2))
    assert all(row["loss"] is not None for row in curves["unlimited"])
    assert [row["loss"] is None for row in curves["supply"]] == [
        row["tokens"] > 2 * 2.403e12 for row in curves["supply"]
    ]


def test_without_a_supply_there_is_one_curve() -> None:
    curves, best = _found(without_supply(flops=1e24))
    assert set(curves) == set(best) == {"unlimited"}


def test_where_more_compute_no_longer_helps_no_run_on_the_supply_is_best() -> None:
    curves, best = _found(made_plan("web=1M", budget={"flops": 1e26}))
    assert set(curves) == {"unlimited", "supply"}
    assert set(best) == {"unlimited"}


def test_a_law_without_a_loss_has_a_sentence() -> None:
    assert isoflop(made_plan(SUPPLY, budget={"flops": 1e24}, law="kaplan2020")) == (
        "kaplan2020 gives the best runs only, so the loss of other runs is not known."
    )


def test_a_mixture_of_experts_has_a_sentence() -> None:
    budget = {"params": 37e9, "tokens": 14.8e12}
    assert "mixture of experts" in isoflop(made_plan(SUPPLY, budget=budget, params_total=671e9))
