"""``tokaudit guide``: the list of chapters, one of them, and how it is written."""

import csv
import io
import json
from pathlib import Path

import pytest
from made.documents import on_a_terminal
from made.samples import Run

from tokaudit.core.resources import guide_chapters, guide_notebooks
from tokaudit.reports.formats import REPORTS


def test_the_list_has_each_chapter_with_what_it_is_for(run: Run) -> None:
    rows = run("guide", "--format", "json").json["rows"]

    assert [row["topic"] for row in rows] == list(guide_chapters())
    for row in rows:
        assert f"\n\n{row['about']}\n\n" in guide_chapters()[row["topic"]]


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_each_chapter_of_the_list_is_one_line(run: Run, fmt: str) -> None:
    lines = run("guide", "--format", fmt).out.splitlines()

    assert len(lines) == len(guide_chapters()) + {"table": 1, "markdown": 2}[fmt]


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_a_pipe_gets_the_markdown_of_the_chapter(run: Run, fmt: str) -> None:
    assert run("guide", "plans", "--format", fmt).out == guide_chapters()["plans"]


def test_json_has_the_topic_and_the_markdown(run: Run) -> None:
    assert run("guide", "plans", "--format", "json").json == {
        "topic": "plans",
        "markdown": guide_chapters()["plans"],
    }


def test_csv_has_one_row_with_the_topic_and_the_markdown(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("guide", "plans", "--format", "csv", "--raw").out)))

    assert rows == [{"topic": "plans", "markdown": guide_chapters()["plans"]}]


def test_a_terminal_gets_the_chapter_formatted() -> None:
    shown = on_a_terminal(["guide", "plans"])

    assert shown.strip().startswith("Plans\n")
    assert "**" not in shown
    assert "|---" not in shown
    assert "\n  tokaudit plan --flops 1e22\n" in shown


@pytest.mark.parametrize("fmt", REPORTS.names())
def test_an_unknown_topic_is_wrong_usage_and_lists_the_known(run: Run, fmt: str) -> None:
    done = run("guide", "plan", "--format", fmt, code=2)

    assert done.out == ""
    assert f"unknown topic 'plan'; did you mean 'plans'? (known: {', '.join(guide_chapters())})" in done.err


def test_a_notebook_is_written_to_a_file_and_not_over_one(run: Run) -> None:
    run("guide", "notebook", "--notebook", "my.ipynb")
    written = json.loads(Path("my.ipynb").read_text(encoding="utf-8"))

    assert written == json.loads(guide_notebooks()["notebook"])
    assert (
        "--notebook: my.ipynb: exists already; pass --force"
        in run("guide", "notebook", "--notebook", "my.ipynb", code=2).err
    )
    Path("my.ipynb").write_text("mine")
    run("guide", "notebook", "--notebook", "my.ipynb", "--force")
    assert json.loads(Path("my.ipynb").read_text(encoding="utf-8")) == written
    assert [path.name for path in Path().iterdir()] == ["my.ipynb"]


@pytest.mark.parametrize("topic", [["plans"], []])
def test_a_chapter_that_is_not_a_notebook_is_refused(run: Run, topic: list[str]) -> None:
    done = run("guide", *topic, "--notebook", "my.ipynb", code=2)

    assert f"--notebook: {(topic or ['no topic'])[0]} is not a notebook (notebooks: notebook)" in done.err
    assert not Path("my.ipynb").exists()


def test_a_folder_that_is_not_there_is_an_input_error(run: Run) -> None:
    assert "no does not exist; create it" in run("guide", "notebook", "--notebook", "no/my.ipynb", code=3).err
