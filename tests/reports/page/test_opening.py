"""What the page of a plan begins with."""

from dataclasses import replace

import pytest
from made.made_plans import made_plan, without_supply

from tokaudit.planning.bearing import NOT_SURE
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_certainty import Certainty
from tokaudit.reports.page.opening import Opening, of_plan
from tokaudit.reports.plan_verdict import verdict


def plan(supply: str = "web=2T,code=400B", **budget: str) -> Plan:
    """The plan of a budget on a supply."""
    return made_plan(supply, budget=budget or {"flops": "1e25"}).plan


def value(opening: Opening, name: str) -> str:
    """The value of a number of the opening."""
    (found,) = [each.value for each in opening.numbers if each.name == name]
    return found


def test_headline_and_lead_begin_with_the_sentences_of_the_verdict() -> None:
    made = plan()
    opening = of_plan(made)

    assert " ".join([opening.headline, *opening.lead]).startswith(verdict(made))


def test_the_numbers_are_those_of_the_plan() -> None:
    opening = of_plan(plan(params="70B", tokens="1.4T"))

    assert [each.name for each in opening.numbers[:3]] == ["Compute", "The run", "Most repeated"]
    assert value(opening, "Compute") == "5.88e23"
    assert value(opening, "The run") == "70.0B"


def test_a_supply_that_is_large_enough_repeats_nothing() -> None:
    assert value(of_plan(plan("web=900T")), "Most repeated") == "No repeats"


def test_each_advice_says_what_it_brings() -> None:
    found = of_plan(plan()).to_do

    assert found[0] == "Double the compute to 2e25 FLOPs. That is as good as 1.82 times the compute."
    assert all(each.startswith("Get ") for each in found[1:])


@pytest.mark.parametrize("why", ["bounds of the supply turn it", None])
def test_the_reason_says_what_makes_a_verdict_less_than_sure(why: str | None) -> None:
    made = replace(plan(), certainty=Certainty("likely" if why else "sure", 1.0, 1.0, why, {}))

    assert of_plan(made).why.startswith(f"Not sure: {why}." if why else "The laws with a vote agree")


def test_without_a_supply_there_is_no_level_and_no_repeats() -> None:
    opening = of_plan(without_supply(flops=1e24).plan)

    assert opening.level is None
    assert "Most repeated" not in {each.name for each in opening.numbers}
    assert opening.to_do == ["Give a supply, such as the published corpora; then there is a verdict."]


def test_far_beyond_the_data_the_best_run_is_a_range() -> None:
    opening = of_plan(plan("web=400M", flops="7.9e19"))

    assert value(opening, "Best run") == "25.5M to 846M"
    assert "Best run on this data" not in {each.name for each in opening.numbers}


def test_what_counts_of_a_run_as_given_is_compared_with_the_best_size() -> None:
    (note,) = [each.note for each in of_plan(plan(params="8B", tokens="15T")).numbers if "counts" in each.name]

    assert note == "of the budget would do, with unlimited data and the best size"


def test_notes_are_in_the_lead_but_for_the_one_on_certainty() -> None:
    made = made_plan("published", budget={"flops": "1e25"}, mixture="llama3").plan
    uncertain = replace(made, notes=(f"{NOT_SURE}laws disagree", *made.notes))
    lead = of_plan(uncertain).lead

    assert 'Note: math stands for "mathematical and reasoning", so it alone decides nothing.' in lead
    assert not any("laws disagree" in each for each in lead)
