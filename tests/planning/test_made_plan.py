"""A plan with what it was made from."""

from pathlib import Path

from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.planner import plan

OPTIONS = PlanOptions(budget={"flops": "1e24"}, supply="web=2T,code=400B")


def test_the_request_makes_the_plan(tmp_path: Path) -> None:
    made = make_plan(OPTIONS, tmp_path / "none.duckdb")

    assert plan(made.request) == made.plan


def test_the_resolved_supply_is_that_of_the_plan(tmp_path: Path) -> None:
    made = make_plan(OPTIONS, tmp_path / "none.duckdb")

    assert [entry.tokens_unique for entry in made.resolved.supply.domains] == [
        row.tokens_unique for row in made.plan.domains
    ]


def test_the_command_makes_the_plan_anew(tmp_path: Path) -> None:
    made = make_plan(OPTIONS, tmp_path / "none.duckdb")

    assert made.command == "tokaudit plan --flops 1e24 --supply web=2T,code=400B"
