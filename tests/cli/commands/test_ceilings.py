"""``tokaudit ceilings``: the largest run that each domain can feed."""

import csv

import pytest
from made.samples import Counted, Run

from tokaudit.planning.domain_ceilings import COLUMNS

pytestmark = pytest.mark.usefixtures("made_reference")


def test_every_published_domain_has_a_ceiling(run: Run) -> None:
    done = run("ceilings", "--format", "json")
    rows = {row["domain"]: row for row in done.json["rows"]}
    assert {"web", "code", "books", "papers"} <= rows.keys()
    assert not {"other", "synthetic"} & rows.keys()
    for row in rows.values():
        assert tuple(row) == COLUMNS
        assert row["tokens_unique_low"] <= row["tokens_unique"] <= row["tokens_unique_high"]
        assert row["flops_one_epoch"] < row["flops_four_epochs"]
    assert rows["code"]["flops_one_epoch"] < rows["web"]["flops_one_epoch"] / 100
    assert done.json["law"] == "besiroglu2024"
    (sentence,) = done.json["sentences"]
    assert sentence.startswith("in one epoch, 459B tokens of code feed a compute-optimal run of 6.5e22 FLOPs")
    assert "times the compute" in sentence
    assert sentence in done.err


def test_supply_and_law_work_as_in_plan(run: Run) -> None:
    stated = ("--supply", "web=1T,code=100B", "--law", "muennighoff2023")
    found = run("ceilings", *stated, "--format", "json").json["rows"]
    of_plan = run("plan", "--flops", "1e23", "--supply", "web=1T", *stated[2:], "--format", "json").json["ceiling"]
    assert [row["domain"] for row in found] == ["code", "web"]
    assert of_plan.pop("flops_still_helping_high") >= of_plan["flops_still_helping_low"]
    assert of_plan.pop("flops_still_helping_low") > found[1]["flops_four_epochs"]
    for name, value in of_plan.items():
        assert found[1][name] == pytest.approx(value, rel=1e-6)
    assert {row["corpus"] for row in found} == {"numbers given with --supply"}


def test_a_catalog_is_a_supply(run: Run, counted: Counted) -> None:
    found = run("--catalog", counted.catalog, "ceilings", "--supply", "measured", "--format", "json").json["rows"]
    assert "web" in {row["domain"] for row in found}


def test_people_see_rounded_numbers_and_programs_all_digits(run: Run) -> None:
    assert "1.00T" in run("ceilings", "--supply", "web=1T").out
    (row,) = csv.DictReader(run("ceilings", "--supply", "web=1T", "--format", "csv").out.splitlines())
    assert float(row["tokens_unique"]) == 1e12


def test_verbose_shows_the_source_of_each_domain(run: Run) -> None:
    short, long = (run("ceilings", "--supply", "published:Pages,Shadow Books", *more) for more in ((), ("-v",)))
    assert "web: Pages/en" not in short.err
    assert "-v says how each number of the supply is known" in short.err
    assert "web: Pages/en" in long.err
    assert "books: Shadow Books/all" in long.err
    assert "-v says" not in run("ceilings", "--supply", "web=1T").err
    assert run("ceilings", "-q").err == ""


def test_a_wrong_supply_is_refused(run: Run) -> None:
    assert "'nope' is not a published corpus" in run("ceilings", "--supply", "published:nope", code=2).err
