"""``tokaudit plans``, and ``tokaudit plan --save``."""

from pathlib import Path

import pytest
from made.samples import Run, count_into, text, write_jsonl

ASKED = ("plan", "--flops", "1e22", "--supply", "web=100B,code=1B")


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    """A catalog with one saved plan."""
    catalog = tmp_path / "plans.duckdb"
    said = run("--catalog", catalog, *ASKED, "--save", "first")
    assert f"saved as first in {catalog}; `tokaudit plans first --catalog {catalog}` shows it again" in said.err
    return catalog


@pytest.mark.parametrize("form", ["json", "table", "markdown", "csv"])
def test_a_saved_plan_is_shown_as_it_was(run: Run, saved: Path, form: str) -> None:
    shown = run("--catalog", saved, "plans", "first", "--format", form)

    assert shown.out == run(*ASKED, "--format", form).out
    assert "first was saved at 20" in shown.err


def test_a_plan_that_is_not_saved_makes_no_catalog(run: Run, tmp_path: Path) -> None:
    run("--catalog", tmp_path / "none.duckdb", *ASKED)

    assert not (tmp_path / "none.duckdb").exists()


def test_the_list_has_a_row_per_plan(run: Run, saved: Path) -> None:
    run("--catalog", saved, *ASKED, "--mixture", "web=0.5,code=0.5", "--save", "half")
    rows = run("--catalog", saved, "plans", "--json").json["rows"]
    shown = run("--catalog", saved, "plans").out

    assert [(row["name"], row["mixture"], row["supply_changed"]) for row in rows] == [
        ("first", "proportional", None),
        ("half", "as given", None),
    ]
    assert rows[1]["command"].endswith("--supply web=100B,code=1B --save half --force")
    assert "first" in shown
    assert "half" in shown


def test_a_name_is_taken_until_force_or_forget(run: Run, saved: Path) -> None:
    refused = run("--catalog", saved, *ASKED, "--save", "first", code=2)
    run("--catalog", saved, *ASKED, "--save", "first", "--force")
    run("--catalog", saved, "plans", "--forget", "first")

    assert "already has a plan first; pass --force to replace it" in refused.err
    assert run("--catalog", saved, "plans", "--json").json["rows"] == []


@pytest.mark.slow
def test_a_plan_whose_measured_supply_changed_says_how_to_make_it_anew(run: Run, copy: Path) -> None:
    run("--catalog", copy, "plan", "--flops", "1e12", "--save", "first")
    before = run("--catalog", copy, "plans", "first").err
    write_jsonl(copy.parent / "more" / "x.jsonl", [text(200)])
    count_into(copy, copy.parent / "more", "web")
    after = run("--catalog", copy, "plans", "first").err

    assert "changed" not in before
    assert "the supply of first has changed since: web " in after
    assert f"`tokaudit plan --flops 1e12 --save first --force --catalog {copy}` makes it anew" in after
