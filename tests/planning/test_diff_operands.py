"""What the words of ``tokaudit diff A B`` mean."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.planning.diff_operands import Operands, operands
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.planner import plan
from tokaudit.planning.saved_plans import save_plan


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with two saved plans."""
    catalog = tmp_path_factory.mktemp("plans") / "plans.duckdb"
    for name, flops in (("first", "1e22"), ("second", "1e23")):
        options = PlanOptions({"flops": flops}, supply="web=1T")
        save_plan(catalog, name, options, plan(plan_request(options, catalog)), force=False)
    return catalog


@pytest.mark.parametrize("words", [("first", "second"), ("plan:first", "second")])
def test_names_of_saved_plans_are_plans(saved: Path, words: tuple[str, str]) -> None:
    found = operands(*words, saved)

    assert found == Operands(plans=("first", "second"))
    assert [each.name for each in found.saved_plans(saved)] == ["first", "second"]


@pytest.mark.parametrize("words", [("a.duckdb", "b.db"), ("there/is/none", "./first")])
def test_what_looks_like_a_file_is_a_catalog(saved: Path, words: tuple[str, str]) -> None:
    assert operands(*words, saved) == Operands(catalogs=(Path(words[0]), Path(words[1])))


def test_a_file_comes_before_a_plan_of_its_name(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("first").touch()

    assert operands("first", "x.duckdb", saved) == Operands(catalogs=(Path("first"), Path("x.duckdb")))
    assert operands("plan:first", "second", saved) == Operands(plans=("first", "second"))


def test_a_catalog_and_a_plan_are_not_compared(saved: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.duckdb is a catalog and first is a saved plan; name two"):
        operands("a.duckdb", "first", saved)


def test_a_name_that_is_neither_lists_the_plans(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'frist' is neither a file nor a plan saved in .*first, second"):
        operands("frist", "second", saved)
    with pytest.raises(UsageError, match=r"\(saved: none\)"):
        operands("first", "second", tmp_path / "none.duckdb")
    assert not (tmp_path / "none.duckdb").exists()
