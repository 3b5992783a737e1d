"""The figure of published runs next to a plan."""

import itertools

import pytest
from made.drawings import drawn, marks, rows_of, texts
from made.made_plans import made_plan, without_supply

from tokaudit.planning.curves.runs import runs
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.figure import Drawing


def _drawing(made: MadePlan) -> Drawing:
    return drawn("runs", made)


@pytest.fixture(scope="module")
def made() -> MadePlan:
    """A budget between those of published runs, on a supply that they exceed."""
    return made_plan("web=1T", budget={"flops": 1e24})


def test_its_rows_are_those_of_the_planner(made: MadePlan) -> None:
    found, expected = _drawing(made), runs(made)
    drawn_rows = rows_of(found, "runs")
    assert [row["tokens"] for row in drawn_rows] == [row["tokens"] for row in (*expected["runs"], *expected["here"])]
    assert rows_of(found, "law") == expected["law"]
    assert rows_of(found, "supply") == expected["supply"]


def test_every_run_and_the_plan_have_a_point(made: MadePlan) -> None:
    assert len(marks(_drawing(made), "symbol")) == len(made.request.known_runs) + 1


def test_it_says_how_far_the_supply_reaches(made: MadePlan) -> None:
    tokens = [run.tokens for run in made.request.known_runs]
    beyond, far = sum(each > 1e12 for each in tokens), sum(each > 4e12 for each in tokens)
    says = _drawing(made).says
    assert "the supply gives 1.00T tokens before a domain is repeated" in says
    assert says.endswith(
        f"{beyond} of {len(tokens)} published runs were trained on more, and {far} on more than four times as many."
    )


def test_the_plan_and_the_lines_are_named(made: MadePlan) -> None:
    found = texts(_drawing(made))
    assert {"this plan", "best by besiroglu2024", "1 epoch of the supply", "4 epochs of the supply"} <= set(found)


def test_few_runs_are_named_and_most_of_all_those_known_well(made: MadePlan) -> None:
    names = [row["name"] for row in rows_of(_drawing(made), "names") if row["least"] == 0]
    assert 3 <= len(names) <= 8
    assert "GPT-3-175B" in names


def test_wider_charts_name_more_runs(made: MadePlan) -> None:
    rows = rows_of(_drawing(made), "names")
    counts = [len(list(group)) for _, group in itertools.groupby(rows, key=lambda row: row["least"])]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_supply_out_of_sight_leaves_the_runs_their_room() -> None:
    found = _drawing(made_plan("web=900T", budget={"flops": 1e24}))
    assert rows_of(found, "supply") == []
    assert "the supply gives 900T tokens" in found.says


def test_without_a_supply_runs_with_more_tokens_are_counted() -> None:
    found = _drawing(without_supply(flops=1e24))
    assert rows_of(found, "supply") == []
    assert "0 of 0 published runs" in found.says


def test_a_mixture_of_experts_is_drawn_without_a_law() -> None:
    found = _drawing(made_plan("web=1T", budget={"params": 37e9, "tokens": 1.48e13}, params_total=671e9))
    assert not any(text.startswith("best by") for text in texts(found))
    assert found.says.startswith("This plan has 37.0B parameters and 14.8T tokens")


def test_the_table_has_the_plan_and_every_run(made: MadePlan) -> None:
    rows = _drawing(made).table.rows
    assert rows[0]["run"] == "this plan"
    assert {row["run"] for row in rows[1:]} == {run.run for run in made.request.known_runs}
    flops = [row["FLOPs"] for row in rows[1:]]
    assert flops == sorted(flops, reverse=True)


def test_its_origin_is_the_command(made: MadePlan) -> None:
    assert _drawing(made).made_by[0].text == made.command


def test_the_table_has_the_flops_of_the_plan(made: MadePlan) -> None:
    assert _drawing(made).table.rows[0]["FLOPs"] == pytest.approx(1e24)


def test_far_beyond_the_data_the_plan_has_a_range_of_sizes() -> None:
    says = _drawing(made_plan("web=400M", budget={"flops": 7.9e19})).says
    first = "This plan has 25.5M to 846M parameters on 15.6B to 517B tokens (sources disagree)"
    assert says.startswith(f"{first}; its mark is by besiroglu2024 alone.")


def test_if_more_compute_no_longer_helps_the_mark_is_not_called_the_plan() -> None:
    says = _drawing(made_plan("web=10M", budget={"flops": 1e20})).says
    assert says.startswith("More compute no longer helps, so the mark is the best run with unlimited data: ")


def test_tokens_per_parameter_are_whole_numbers_from_a_hundred_on(made: MadePlan) -> None:
    words = _drawing(made).table.people.words["tokens per parameter"]
    assert [words(value) for value in (1.714, 60_000.0)] == ["1.71", "60,000"]
