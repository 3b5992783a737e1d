"""``tokaudit guide``: the list of chapters, one of them, and how it is written."""

import csv
import io

import pytest
from made.documents import on_a_terminal
from made.samples import Run

from tokaudit.core.resources import guide_chapters
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
    rows = list(csv.DictReader(io.StringIO(run("guide", "plans", "--format", "csv").out)))

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
