"""The figure of epochs as compute grows."""

from made.drawings import drawn, marks, rows_of, texts
from made.made_plans import made_plan, without_supply

from tokaudit.planning.curves.epochs import epochs
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES

SUPPLY = "web=2T,code=400B,books=3B"
MIXTURE = "web=0.7,code=0.2,books=0.1"


def _drawing(made: MadePlan) -> Drawing:
    return drawn("epochs", made)


def test_its_rows_are_those_of_the_planner() -> None:
    made = made_plan(SUPPLY, budget={"flops": 1e22})
    found = _drawing(made)
    assert {name: rows_of(found, name) for name in ("path", "here")} == epochs(made)


def test_its_lines_are_at_1_4_and_16_epochs() -> None:
    found = _drawing(made_plan(SUPPLY, budget={"flops": 1e24}))
    assert [row["bound"] for row in rows_of(found, "bounds")] == [1, 4, 16]
    named = ["1 epoch: every token is new", "4 epochs: repeats are almost as good as new"]
    assert [text for text in texts(found) if "epoch" in text and ":" in text][:2] == named


def test_it_says_how_often_the_best_run_uses_the_scarcest_domain() -> None:
    says = _drawing(made_plan("web=500B", budget={"flops": 1e24})).says
    first = "At 1e24 FLOPs, the best run on this supply uses web for 4.15 epochs."
    second = "One epoch is enough for the best runs up to 7.75e22 FLOPs, and four epochs up to 9.38e23."
    assert says == f"{first} {second}"


def test_it_says_that_nothing_is_repeated() -> None:
    says = _drawing(made_plan(SUPPLY, budget={"flops": 1e24})).says
    assert says.startswith("At 1e24 FLOPs, the best run on this supply uses no domain more than once (0.724 epochs).")


def test_it_says_what_a_run_as_given_uses() -> None:
    says = _drawing(made_plan(SUPPLY, budget={"params": 70e9, "tokens": 1.4e12}, mixture=MIXTURE)).says
    assert says.startswith("At 5.88e23 FLOPs, this run uses books for 46.7 epochs.")


def test_the_run_is_named_with_its_epochs() -> None:
    found = texts(_drawing(made_plan("web=500B", budget={"flops": 1e24})))
    assert "this run4.15 epochs" in found


def test_the_end_of_the_line_is_named_if_more_compute_no_longer_helps() -> None:
    ends = "beyond, more computeno longer helps"
    assert ends in texts(_drawing(made_plan("web=500B", budget={"flops": 1e24})))
    assert ends not in texts(_drawing(made_plan("web=500T", budget={"flops": 1e24})))


def test_a_plan_beyond_the_end_has_no_point() -> None:
    found = _drawing(made_plan("web=5B", budget={"flops": 1e24}))
    assert rows_of(found, "here")[0]["epochs"] is None
    assert found.says.startswith("At 1e24 FLOPs, more compute no longer helps, so many runs are equally good")
    end, here = marks(found, "symbol")
    assert (end.get("opacity"), here.get("opacity")) == ("1", "0")
    assert not any("this run" in text for text in texts(found))


def test_the_table_has_every_budget_and_people_see_some() -> None:
    table = _drawing(made_plan("web=500B", budget={"flops": 1e24})).table
    assert len(table.rows) == 61
    assert table.people.rows is not None
    assert [row["FLOPs"] for row in table.people.rows[::2]] == [row["FLOPs"] for row in table.rows[::10]]
    assert {"FLOPs": 1e24, "verdict": "strained"}.items() <= table.rows[30].items()
    assert table.rows[-1]["verdict"] == "more compute no longer helps"


def test_its_origin_is_the_command() -> None:
    made = made_plan("web=500B", budget={"flops": 1e24})
    (origin,) = _drawing(made).made_by
    assert (origin.kind, origin.text) == ("command", made.command)


def test_without_a_supply_there_is_nothing_to_draw() -> None:
    sentence = "The plan has no supply, so there is nothing that a run could repeat."
    assert FIGURES.get("epochs").draw(without_supply(flops=1e24)) == sentence


def test_far_beyond_the_data_there_is_no_line() -> None:
    sentence = FIGURES.get("epochs").draw(made_plan("web=2B,code=40M", budget={"flops": 1e25}))
    assert str(sentence).startswith("With this supply, more compute no longer helps from far below this budget on")


def test_a_mixture_of_experts_has_no_line() -> None:
    made = made_plan(SUPPLY, budget={"params": 37e9, "tokens": 1.48e13}, params_total=671e9)
    assert "mixture of experts" in str(FIGURES.get("epochs").draw(made))


def test_a_law_without_a_loss_has_a_line() -> None:
    assert len(marks(_drawing(made_plan(SUPPLY, budget={"flops": 1e24}, law="kaplan2020")), "line")) == 1


def test_far_beyond_the_data_it_says_that_sources_disagree() -> None:
    says = _drawing(made_plan("web=400M", budget={"flops": 7.9e19})).says
    assert says.endswith("Beyond 16 epochs, sources disagree about the best run.")


def test_the_axis_of_compute_has_powers_of_ten() -> None:
    found = texts(_drawing(made_plan("web=400M", budget={"flops": 7.9e19})))
    assert {"1e18", "1e20"} <= set(found)
    assert not any(text.endswith("P") for text in found)


def test_its_bands_end_where_repeats_begin_to_count_for_less() -> None:
    bands = rows_of(_drawing(made_plan(SUPPLY, budget={"flops": 1e24})), "bands")
    assert [(band["low"], band["high"]) for band in bands] == [(1, 4), (4, 16)]
