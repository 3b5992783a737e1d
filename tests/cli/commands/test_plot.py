"""``tokaudit plot``: a command per figure, which writes one file and says what is seen."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from made.runs import on_budgets, scattered, write_csv
from made.samples import Counted, Run

from tokaudit.cli.figure_subjects import SUBJECTS
from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.options import PlanOptions
from tokaudit.reports.figures import FIGURES

BUDGET = ["--flops", "1e24", "--supply", "web=2T,code=400B"]
SUPPLY = ["plot", "supply", *BUDGET]
ARGUMENTS = {"fit": "runs.csv --method isoflop --draws 20", "forecast": "--samples 200", "plan": shlex.join(BUDGET)}
"""Kind of subject -> arguments with which each figure of it has something to show."""


def says(name: str) -> str:
    """The sentence of a figure of the plan."""
    made = make_plan(PlanOptions(budget={"flops": "1e24"}, supply="web=2T,code=400B"), Path("none.duckdb"))
    drawing: Any = FIGURES.get(name).draw(made.plan)
    return str(drawing.says)


def test_the_figures_are_listed_with_their_titles(run: Run) -> None:
    rows = run("plot", "--json").json["rows"]

    assert [row["figure"] for row in rows] == FIGURES.names()
    assert [row["title"] for row in rows] == [FIGURES.get(name).title for name in FIGURES.names()]
    assert {row["drawn_from"] for row in rows} <= {asked.kind for asked in SUBJECTS.values()}


def test_the_help_lists_each_figure_under_what_it_is_drawn_from(run: Run) -> None:
    shown = run("plot", "--help").out
    for row in run("plot", "--json").json["rows"]:
        section = shown.partition(f"Figures of a {row['drawn_from']}:\n")[2].partition("\n\n")[0]
        assert re.search(rf"^  {row['figure']} +{re.escape(row['title'])}$", section, re.MULTILINE)


def test_the_list_takes_options_before_and_after_and_from_variables(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run("plot", "--format", "csv").out
    monkeypatch.setenv("TOKAUDIT_FORMAT", "csv")

    assert run("--format", "csv", "plot").out == run("plot").out == whole
    assert whole.startswith("figure,title,drawn_from\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES.names())
def test_each_figure_is_written(name: str, run: Run, counted: Counted) -> None:
    write_csv(Path("runs.csv"), on_budgets(noise=0.004))
    arguments = shlex.split(ARGUMENTS.get(SUBJECTS[FIGURES.get(name).subject.__name__].kind, ""))
    done = run("--catalog", counted.catalog, "plot", name, *arguments, "-o", "figure.svg", "--json")

    assert set(done.json) == {"figure", "file", "says", "complete", "warnings"}
    assert (done.json["figure"], done.json["file"]) == (name, "figure.svg")
    assert FIGURES.get(name).title in Path("figure.svg").read_text(encoding="utf-8")


def test_the_suffix_decides_on_the_format(run: Run) -> None:
    run(*SUPPLY, "-o", "a.SVG")
    run(*SUPPLY, "--output", "a.png")

    assert Path("a.SVG").read_bytes().startswith(b"<svg ")
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["a.pdf", "a", "-", "svg"])
def test_another_suffix_is_refused_and_both_are_named(run: Run, name: str) -> None:
    assert run(*SUPPLY, "-o", name, code=2).err == f"tokaudit: --output: {name}: the name must end in .svg or .png\n"


def test_a_file_is_overwritten_only_with_force(run: Run) -> None:
    Path("a.svg").write_text("mine")
    assert "a.svg: exists already; pass --force" in run(*SUPPLY, "-o", "a.svg", code=2).err
    assert Path("a.svg").read_text() == "mine"
    run(*SUPPLY, "-o", "a.svg", "--force")

    assert Path("a.svg").read_text().startswith("<svg ")


def test_people_see_the_sentence_and_the_file(run: Run) -> None:
    first, _, *table = run(*SUPPLY, "-o", "a.svg").out.splitlines()

    assert first == says("supply")
    assert [line.split() for line in table] == [["figure", "file"], ["supply", "a.svg"]]


def test_an_unknown_figure_gets_a_suggestion(run: Run) -> None:
    assert "unknown figure 'suply'; did you mean 'supply'?" in run("plot", "suply", "-o", "a.svg", code=2).err


def test_a_figure_with_nothing_to_show_writes_no_file(run: Run) -> None:
    write_csv(Path("runs.csv"), scattered(count=15))
    done = run("plot", "isoflop-fit", "runs.csv", "--draws", 0, "-o", "a.svg", code=3)

    assert done.err.startswith("tokaudit: a.svg: not written, because there is nothing to draw. The method parametric")
    assert (done.out, Path("a.svg").exists()) == ("", False)


def test_a_setting_of_the_file_and_its_place_are_known(run: Run) -> None:
    Path("tokaudit.toml").write_text('law = "nobody2030"\n')
    done = run(*SUPPLY, "-o", "a.svg", code=2)

    assert done.err.endswith("(law is set by tokaudit.toml:1)\n")
    assert run(*SUPPLY, "--law", "kaplan2020", "-o", "a.svg").out


def test_a_file_named_after_the_figure_replaces_the_usual_one(run: Run) -> None:
    Path("tokaudit.toml").write_text('format = "csv"\n')
    Path("other.toml").write_text('law = "kaplan2020"\n')

    assert run(*SUPPLY, "-o", "a.svg").out.startswith("figure,file,says\n")
    assert not run(*SUPPLY, "-o", "b.svg", "--config", "other.toml").out.startswith("figure,file,says\n")


def test_what_a_misspelt_variable_means_is_said_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_LWA", "kaplan2020")

    assert run(*SUPPLY, "-o", "a.svg").err.count("TOKAUDIT_LWA is not a setting") == 1
    assert run("plot").err.count("TOKAUDIT_LWA is not a setting") == 1


def test_a_list_in_pieces_says_what_to_quote(run: Run) -> None:
    done = run("plot", "supply", "--supply", "web=1T,", "code=1T", "--flops", "1e22", "-o", "a.svg", code=2)

    assert "quote it: --supply 'web=1T, code=1T' (see `tokaudit plot supply --help`)" in done.err


def test_json_has_the_notes_of_the_plan(run: Run) -> None:
    warned = json.loads(run("plan", *BUDGET, "--json").out)["warnings"]

    assert run(*SUPPLY, "-o", "a.svg", "--json").json["warnings"] == warned
