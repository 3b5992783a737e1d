"""The figure of the terms of the loss."""

import re

import pytest
from made.drawings import drawn, marks, names_down, rows_of, texts
from made.made_plans import made_plan, without_supply

from tokaudit.planning.curves.loss import loss
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES

MADE = made_plan("web=500B", budget={"flops": 1e24})


def _drawing(made: MadePlan) -> Drawing:
    return drawn("loss", made)


def test_its_rows_are_those_of_the_plan() -> None:
    assert {"terms": rows_of(_drawing(MADE), "terms")} == loss(MADE)


def test_it_says_the_loss_and_its_parts() -> None:
    parts = "too few parameters (0.0777), too few tokens (0.0651) and limited data (0.0053)"
    assert _drawing(MADE).says == (
        "The loss of the best run on this supply is 1.9653 nats per token. "
        f"Of these, 1.8172 are irreducible; the rest is {parts}."
    )


def test_its_loss_is_that_of_the_best_run_in_the_figure_of_sizes() -> None:
    best = drawn("isoflop", MADE).says
    assert "On this supply, they are best spent on 80.4B parameters and 2.07T tokens: loss 1.9653 nats." in best


@pytest.mark.parametrize(
    ("supply", "budget", "begin"),
    [
        ("web=500B", {"params": 7e9, "tokens": 2e12}, "The loss of this run on this supply is "),
        ("web=10M", {"flops": 1e20}, "On this supply, the loss of the run that is best with unlimited data is "),
    ],
)
def test_it_says_which_run_the_loss_is_of(supply: str, budget: dict[str, float], begin: str) -> None:
    assert _drawing(made_plan(supply, budget=budget)).says.startswith(begin)


def test_far_beyond_the_data_it_says_that_sources_disagree() -> None:
    says = _drawing(made_plan("web=400M", budget={"flops": 7.9e19})).says
    assert says.endswith("Beyond 16 epochs, sources disagree about the cost of limited data.")


def test_a_part_too_small_for_four_digits_is_not_zero() -> None:
    parts = _drawing(made_plan("web=1.7T", budget={"flops": 1e24}))
    assert "limited data (<0.0001)" in parts.says


def test_each_step_begins_where_the_one_above_it_ends() -> None:
    bars = [bar.get("d", "") for bar in marks(_drawing(MADE), "rect")]
    spans = [
        (float(left), float(width)) for bar in bars for left, width in re.findall(r"^M([\d.]+),[^h]*h([\d.]+)", bar)
    ]
    assert spans[0][0] == 0
    assert [left for left, _ in spans[1:]] == pytest.approx([sum(span) for span in spans[:-1]])


def test_the_parts_stand_in_the_order_of_the_sum() -> None:
    found = names_down(_drawing(MADE))
    assert found == ["irreducible", "too few parameters", "too few tokens", "limited data"]


def test_each_part_has_its_number_and_share() -> None:
    found = texts(_drawing(MADE))
    assert "1.8172 nats" in found
    assert "0.0777 nats \N{MIDDLE DOT} 52 % of what can be reduced" in found


def test_without_a_supply_no_data_is_limited() -> None:
    found = _drawing(without_supply(flops=1e24))
    assert len(marks(found, "rect")) == 2
    assert found.says.startswith("The loss of the best run is 1.9597 nats per token")


def test_the_table_ends_with_the_total() -> None:
    rows = _drawing(MADE).table.rows
    assert MADE.plan.constrained is not None
    assert [row["part"] for row in rows][-1] == "total"
    assert rows[-1]["nats"] == pytest.approx(MADE.plan.constrained.loss)
    assert sum(row["share"] for row in rows[:-1]) == pytest.approx(1)


def test_a_law_without_a_loss_has_no_terms() -> None:
    made = made_plan("web=500B", budget={"flops": 1e24}, law="kaplan2020")
    assert FIGURES.get("loss").draw(made) == "kaplan2020 gives no loss for this run, so there are no terms."


def test_shares_are_of_what_can_be_reduced_where_repeats_cost_most() -> None:
    found = texts(_drawing(made_plan("web=10M", budget={"flops": 1e24})))
    shares = [float(match[1]) for text in found if (match := re.search(r"([\d.]+) % of what can be reduced", text))]

    assert sum(shares) == pytest.approx(100, abs=1)
