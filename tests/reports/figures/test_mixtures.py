"""The figure of the verdict under known mixtures."""

from dataclasses import replace

import pytest
from made.drawings import HOSTILE, drawn, marks, names_down, rows_of, texts
from made.made_plans import made_plan, without_supply
from made.plans import of_domains

from tokaudit.planning.plan import Plan
from tokaudit.reports.charts.files import svg
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES

SUPPLY = "web=2T,code=400B,books=3B"


def _drawing(plan: Plan) -> Drawing:
    return drawn("mixtures", plan)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A budget with five mixtures, two of which have another verdict."""
    return made_plan(SUPPLY, budget={"flops": 1e24}).plan


def test_its_rows_are_those_of_the_plan(plan: Plan) -> None:
    rows = rows_of(_drawing(plan), "mixtures")
    assert [row["mixture"] for row in rows] == [each.mixture for each in plan.mixtures]
    assert [row["constraint"] for row in rows] == [each.constraint for each in plan.mixtures]
    shares = [each.compute_equivalent_share for each in plan.mixtures]
    assert [row["compute_equivalent_share"] for row in rows] == shares


def test_the_plan_s_own_mixture_stands_first_and_is_named(plan: Plan) -> None:
    assert names_down(_drawing(plan))[:2] == ["proportional (this plan)", "unimax"]


def test_it_says_the_verdict_and_which_mixtures_turn_it(plan: Plan) -> None:
    first = "With the plan's mixture, proportional, compute is the constraint"
    assert _drawing(plan).says == (
        f"{first} (100 % of the compute reaches the same loss with unlimited data). "
        "With 2 of 4 other mixtures that fit, it is data (massivetext and gopher)."
    )


def test_the_ideal_of_a_run_as_given_has_the_best_size_too() -> None:
    plan = of_domains({"web": 5e14, "law": 5e14}, params=8e9, tokens=15e12)
    assert "of the compute reaches the same loss with unlimited data and the best size)" in _drawing(plan).says


def test_it_says_that_every_mixture_agrees() -> None:
    says = _drawing(of_domains({"web": 5e14, "law": 5e14}, flops=1e24)).says
    assert says.endswith("It is the same with the mixture unimax.")


def test_it_says_that_no_other_mixture_fits(plan: Plan) -> None:
    says = _drawing(replace(plan, mixtures=plan.mixtures[:1])).says
    assert says.endswith("No other known mixture fits this supply.")


def test_each_row_has_the_verdict_in_words_and_the_scarcest_domain(plan: Plan) -> None:
    found = texts(_drawing(plan))
    assert "compute (sure) \N{MIDDLE DOT} no repeats" in found
    assert "data (likely) \N{MIDDLE DOT} books, 223 epochs" in found


def test_the_verdict_has_a_shape(plan: Plan) -> None:
    shapes = [mark.get("d") for mark in marks(_drawing(plan), "symbol")]
    assert shapes[0] == shapes[1] == shapes[4] != shapes[2] == shapes[3]


def test_a_budget_has_a_mark_at_80_per_cent_and_a_run_as_given_has_none(plan: Plan) -> None:
    given = made_plan(SUPPLY, budget={"params": 70e9, "tokens": 1.4e12}).plan
    assert "(below 80 %, data is the constraint)" in "".join(texts(_drawing(plan)))
    assert len(marks(_drawing(plan), "rect")) == len(plan.mixtures)
    assert marks(_drawing(given), "rect") == []


def test_a_law_without_a_loss_shows_epochs() -> None:
    found = _drawing(made_plan(SUPPLY, budget={"flops": 1e24}, law="kaplan2020").plan)
    assert "epochs of the domain that is used most" in texts(found)
    assert len(marks(found, "symbol")) == 5
    assert "unlimited data" not in found.says


def test_the_table_has_every_mixture(plan: Plan) -> None:
    table = _drawing(plan).table
    assert [row["mixture"] for row in table.rows] == [each.mixture for each in plan.mixtures]


def test_hostile_names_are_text() -> None:
    for name in HOSTILE:
        text = svg(_drawing(of_domains({name: 1e10, "web": 5e12}, {name: 0.5, "web": 0.5}, flops=1e23)), "A title")
        assert "<script" not in text
        assert "\x1b" not in text


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (without_supply(flops=1e24).plan, "The plan has no supply, so no mixtures of its domains can be compared."),
        (of_domains({"web": 1e12}, flops=1e24), "The supply has one domain, so there is nothing to mix."),
    ],
)
def test_nothing_to_mix_is_said(made: Plan, why: str) -> None:
    assert FIGURES.get("mixtures").draw(made) == why


def test_a_mixture_of_experts_has_no_verdict() -> None:
    made = made_plan(SUPPLY, budget={"params": 37e9, "tokens": 1.48e13}, params_total=671e9).plan
    assert "mixture of experts" in str(FIGURES.get("mixtures").draw(made))
