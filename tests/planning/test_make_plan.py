"""A plan that is made and saved."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.planning import make_plan as module
from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.saved_plans import saved_plan

OPTIONS = PlanOptions({"flops": "1e22"}, supply="web=1T")


def test_a_plan_with_a_name_is_saved_and_one_without_is_not(tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    made = make_plan(OPTIONS, catalog)
    assert not catalog.exists()

    assert make_plan(OPTIONS, catalog, save="first").plan == made.plan
    found = saved_plan(catalog, "first")
    assert (found.plan, found.options) == (made.plan, OPTIONS)


def test_a_name_that_cannot_be_used_is_refused_before_planning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_plan(OPTIONS, tmp_path / "c.duckdb", save="first")
    monkeypatch.setattr(module, "plan", lambda _: pytest.fail("it was planned"))
    for name in ("first", "a b", ""):
        with pytest.raises(UsageError):
            make_plan(OPTIONS, tmp_path / "c.duckdb", save=name)
