"""The figure of the loss by model size."""

import pytest
from made.drawings import drawn, marks, rows_of, texts
from made.made_plans import made_plan, without_supply

from tokaudit.planning.curves.isoflop import isoflop
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES


def _drawing(made: MadePlan) -> Drawing:
    return drawn("isoflop", made)


def test_its_rows_are_those_of_the_planner() -> None:
    made = made_plan("web=500B", budget={"flops": 1e24})
    found = _drawing(made)
    assert {name: rows_of(found, name) for name in ("curve", "best")} == isoflop(made)


def test_it_says_what_the_budget_is_best_spent_on() -> None:
    first = "With unlimited data, 1e24 FLOPs are best spent on 95.9B parameters and 1.74T tokens: loss 1.9597 nats."
    draws = "In 95 % of the law's draws, the best size is 68.8B to 159B parameters."
    second = "On this supply, they are best spent on 80.4B parameters and 2.07T tokens: loss 1.9653 nats."
    others = "Other constants of repetition, which fit almost equally well, give 31.9B to 101B parameters."
    assert _drawing(made_plan("web=500B", budget={"flops": 1e24})).says == (f"{first} {draws} {second} {others}")


def test_a_range_of_one_size_is_not_said() -> None:
    says = _drawing(made_plan("web=500T", budget={"flops": 1e24})).says
    assert "constants of repetition" not in says


FAR = made_plan("web=400M", budget={"flops": 7.9e19})


def test_far_beyond_the_data_the_range_is_said_without_a_point() -> None:
    says = _drawing(FAR).says
    assert says.endswith("On this supply, sources disagree: the best size is 25.5M to 846M parameters.")
    assert "422M" not in says


def test_far_beyond_the_data_the_range_is_the_name_of_the_best_run() -> None:
    found = texts(_drawing(FAR))
    assert "25.5M to 846M" in found
    assert not any("422M" in text for text in found)


def test_both_best_runs_are_named_and_drawn_with_their_ranges() -> None:
    found = _drawing(made_plan("web=500B", budget={"flops": 1e24}))
    assert {"95.9B on 1.74T tokens", "80.4B on 2.07T tokens"} <= set(texts(found))
    assert len(marks(found, "line")) == 2
    assert len(marks(found, "symbol")) == 2


def test_the_curves_differ_by_more_than_colour() -> None:
    first, second = marks(_drawing(made_plan("web=500B", budget={"flops": 1e24})), "line")
    assert first.get("stroke-dasharray") != second.get("stroke-dasharray")


def test_beyond_the_use_of_more_compute_one_best_run_is_said() -> None:
    says = _drawing(made_plan("web=2B", budget={"flops": 1e25})).says
    assert says.endswith("On this supply, more compute no longer helps.")


def test_without_a_supply_there_is_one_curve() -> None:
    found = _drawing(without_supply(flops=1e24))
    assert len(marks(found, "line")) == 1
    assert "supply" not in found.says
    assert "loss on this supply" not in found.table.columns


def test_the_table_has_both_losses_of_each_size_and_the_best_runs() -> None:
    table = _drawing(made_plan("web=500B", budget={"flops": 1e24})).table
    assert table.columns == (*("params", "tokens", "loss with unlimited data", "loss on this supply", "best run"),)
    assert len(table.rows) == 61 + 2
    best = {row["best run"]: row for row in table.rows if row.get("best run")}
    assert best["on this supply"]["loss on this supply"] == pytest.approx(1.9653, abs=1e-4)
    sizes = [row["params"] for row in table.rows]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"budget": {"flops": 1e24}, "law": "kaplan2020"}, "kaplan2020 gives the best runs only"),
        ({"budget": {"params": 37e9, "tokens": 1.48e13}, "params_total": 671e9}, "The law is for dense models"),
    ],
)
def test_without_a_loss_there_is_nothing_to_draw(options: dict[str, object], why: str) -> None:
    assert str(FIGURES.get("isoflop").draw(made_plan("web=500B", **options))).startswith(why)  # type: ignore[arg-type]


def test_its_origin_is_the_command() -> None:
    made = made_plan("web=500B", budget={"flops": 1e24})
    assert _drawing(made).made_by[0].text == made.command


def test_each_best_run_has_a_line_from_end_to_end_of_its_range() -> None:
    found = _drawing(made_plan("web=500B", budget={"flops": 1e24}))
    assert all(row["params_low"] < row["params_high"] for row in rows_of(found, "best"))
    assert all(float(line.get("x2", 0)) > 0 for line in marks(found, "rule"))
