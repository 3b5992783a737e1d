"""``tokaudit diff``."""

import hashlib
import shutil
from pathlib import Path

import pytest
from made.samples import Counted, Run, count_into, text, write_jsonl


@pytest.fixture
def after(copy: Path) -> Path:
    """A copy of the small catalog, into which a source was counted."""
    write_jsonl(copy.parent / "more" / "x.jsonl", [text(200), text(201)])
    count_into(copy, copy.parent / "more", "forum")
    return copy


@pytest.mark.slow
def test_two_catalogs_are_compared_by_cause(run: Run, counted: Counted, after: Path) -> None:
    done = run("diff", counted.catalog, after, "--json")
    found = done.json

    assert found["rows"] == [
        {
            "domain": "forum",
            "cause": "files added",
            "kept_source": None,
            "files": 1,
            **{f"documents_{kind}": 2 for kind in ("seen", "unique_exact", "unique")},
            **{f"tokens_{kind}": 240 for kind in ("seen", "unique_exact", "unique")},
            "bad_records": 0,
        }
    ]
    assert (found["a"], found["b"], found["tokenizer"]) == (str(counted.catalog), str(after), "words")
    assert found["total"]["tokens_unique"]["change"] == 240
    assert [note for note in done.err.splitlines() if "A: " not in note and "B: " not in note] == []


@pytest.mark.slow
def test_people_first_read_the_change_and_its_largest_cause(run: Run, counted: Counted, after: Path) -> None:
    first, *rest = run("diff", counted.catalog, after, "--by", "source").out.splitlines()

    assert first.startswith("B has 240 more unique tokens than A (")
    assert first.endswith("The largest cause: files added (+240).")
    assert [line.split() for line in rest if line.startswith("more")] == [
        ["more", "files", "added", "(1", "file)", "+2", "+240", "+240"]
    ]
    assert "Tokens are those of words." in rest


@pytest.mark.slow
def test_comparing_changes_neither_catalog(run: Run, counted: Counted, after: Path) -> None:
    places = [counted.catalog, after]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in places]
    files = sorted(after.parent.iterdir())
    run("diff", *places)

    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in places] == before
    assert sorted(after.parent.iterdir()) == files


@pytest.mark.slow
def test_a_tokenizer_that_one_catalog_lacks_is_refused(run: Run, counted: Counted, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    shutil.copy(counted.catalog, other)
    refused = run("diff", counted.catalog, other, "--tokenizer", "o200k_base", code=2)

    assert f"{counted.catalog}: sources " in refused.err
    assert "not fully counted with tokenizer 'o200k_base'" in refused.err


@pytest.fixture
def plans(run: Run, tmp_path: Path) -> Path:
    """A catalog with two saved plans."""
    catalog = tmp_path / "plans.duckdb"
    for name, mixture in (("first", "web=0.98,code=0.02"), ("second", "web=0.5,code=0.5")):
        asked = ("--flops", "1e24", "--supply", "web=1T,code=10B", "--mixture", mixture)
        run("--catalog", catalog, "plan", *asked, "--save", name)
    return catalog


@pytest.mark.slow
def test_two_plans_are_compared_by_question_answer_and_domain(run: Run, plans: Path) -> None:
    found = run("--catalog", plans, "diff", "first", "second", "--json").json
    shown = run("--catalog", plans, "diff", "first", "second").out

    assert (found["a"], found["b"], found["tokenizer"]) == ("first", "second", None)
    assert [row["setting"] for row in found["settings"]] == ["--mixture"]
    assert [row["domain"] for row in found["rows"]] == ["code", "web"]
    assert [(row["input"], row["constraint"]) for row in found["by_input"]] == [("mixture", "data")]
    assert shown.startswith("The verdict is ")
    assert "The mixture of B alone would turn A's verdict into B's." in shown
    assert "--mixture: web=0.98,code=0.02 in A, web=0.5,code=0.5 in B" in shown
    assert "mixture in B" in shown


def test_what_is_neither_a_file_nor_a_plan_is_refused(run: Run, plans: Path) -> None:
    assert "'third' is neither a file nor a plan" in run("--catalog", plans, "diff", "first", "third", code=2).err
    assert "no catalog found" in run("--catalog", plans, "diff", "a.duckdb", "b.duckdb", code=4).err
    assert "name two catalogs or two saved plans" in run("--catalog", plans, "diff", "first", plans, code=2).err
