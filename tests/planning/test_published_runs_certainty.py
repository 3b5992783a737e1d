"""How certain the verdicts on published runs are."""

from dataclasses import replace

import numpy as np
import pytest
from made import reference
from made.plans import make_plan

from tokaudit.laws.find import asked_laws, shipped_draws
from tokaudit.laws.protocol import gives_loss
from tokaudit.laws.published import LAWS
from tokaudit.planning.plan import Budget
from tokaudit.planning.published_runs import Asked, audit_run, disagreement
from tokaudit.supply.types import DomainSupply, Supply

RUNS = {run.run: run for run in reference.RUNS}
LAW = LAWS.get("besiroglu2024")
ASKED = Asked(asked_laws(), shipped_draws("besiroglu2024"))
PARTS = ["certainty", "certainty_draws", "certainty_laws", "certainty_why"]


@pytest.mark.parametrize("unique", [None, 3e11, 1e13])
@pytest.mark.parametrize("name", ["Early-175B", "Even-70B", "Small-8B"])
def test_a_published_run_is_as_certain_as_its_plan(name: str, unique: float | None) -> None:
    run = replace(RUNS[name], unique_tokens=unique)
    have = Supply((DomainSupply("all", unique),) if unique else (), "a test")
    budget = Budget(run.flops, run.params, run.tokens)
    made = make_plan("besiroglu2024", LAW, budget, have, voters=ASKED.laws, draws=ASKED.draws)
    found = audit_run(run, LAW, ASKED)
    assert made.certainty is not None
    assert made.sensitivity is not None
    assert found["constraint"] == made.constraint
    parts = made.certainty.level, made.certainty.draws, made.certainty.laws, made.certainty.why
    assert tuple(found[part] for part in PARTS) == parts
    assert found["otherwise"] == {
        each.law: each.constraint for each in made.sensitivity if each.constraint != made.constraint
    }


def test_a_law_without_draws_or_votes_is_at_most_likely() -> None:
    found = audit_run(RUNS["Even-70B"], LAW)
    assert [found[part] for part in PARTS] == ["likely", None, 1.0, "the law has no joint draws of its constants"]
    assert found["otherwise"] == {}


def test_a_corpus_at_the_edge_makes_a_verdict_less_certain() -> None:
    run = RUNS["Even-70B"]
    assert audit_run(run, LAW, ASKED)["certainty"] == "sure"
    edge = audit_run(replace(run, unique_tokens=run.tokens / 3.9), LAW, ASKED)
    assert "other constants of repetition turn it" in edge["certainty_why"]


def test_draws_that_say_otherwise_leave_it_undecided() -> None:
    assert gives_loss(LAW)
    constants = {name: np.full(10, value) for name, value in LAW.constants.items()}
    halves = {**constants, "A": np.repeat([LAW.constants["A"], 1e6], 5)}
    found = audit_run(RUNS["Even-70B"], LAW, Asked(draws=halves))
    assert (found["certainty"], found["certainty_draws"]) == ("undecided", 0.5)


def test_a_mixture_of_experts_has_no_certainty() -> None:
    found = audit_run(RUNS["Experts-671B"], LAW, ASKED)
    assert [found[part] for part in (*PARTS, "otherwise")] == [None] * 5


def test_laws_are_listed_by_how_many_runs_they_judge_otherwise() -> None:
    rows = [audit_run(run, LAW, ASKED) for run in RUNS.values()]
    table = disagreement(rows, ASKED)
    assert [row["law"] for row in table] != sorted(ASKED.laws)
    assert {row["law"] for row in table} == set(ASKED.laws)
    assert [row["runs_otherwise"] for row in table] == sorted((row["runs_otherwise"] for row in table), reverse=True)
    by_law = {row["law"]: row for row in table}
    assert by_law["besiroglu2024"]["runs"] == []
    assert by_law["besiroglu2024"]["votes"] is True
    assert by_law["kaplan2020"]["votes"] is False
    kaplan = LAWS.get("kaplan2020")
    otherwise = [
        name for name, run in RUNS.items() if audit_run(run, kaplan)["constraint"] != audit_run(run, LAW)["constraint"]
    ]
    assert by_law["kaplan2020"]["runs"] == otherwise
    assert by_law["kaplan2020"]["runs_judged"] == sum(run.active_params is None for run in RUNS.values())
