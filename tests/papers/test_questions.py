"""Questions of planners: what the program answers, against an answer that others have published."""

import functools
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from made.invoked import invoked
from made.paper_tables import last_digit, table

ROWS = table("questions.csv")
DIFFERENT = [row for row in ROWS if row["answer"]]
ROUNDED = [row for row in ROWS if row["tolerance"] not in {"", "range"}]
DIGITS = 1e-3  # of an answer of ours, written with three or four digits
DOUBLE = 1e-12  # of a value printed with all digits of a float64

PART = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")


@functools.cache
def answered(command: str) -> Any:
    """The JSON document that a command prints, with no catalog and no network."""
    arguments = [*shlex.split(command), "--format", "json"]
    done = invoked(*arguments, catalog=Path("no-such-catalog.duckdb"), quiet=True)
    assert done.exception is None, done.output
    return json.loads(done.stdout)


def at(document: Any, field: str) -> Any:
    """The value at a path such as `domains[web].epochs`: the row whose first column is `web`."""
    for key, name in PART.findall(field):
        if key:
            document = document[key]
        else:
            (document,) = (row for row in document if next(iter(row.values())) == name)
    return document


def found(row: dict[str, str]) -> Any:
    """What the program answers to a question."""
    return at(answered(row["command"]), row["field"])


def asked(rows: list[dict[str, str]]) -> list[Any]:
    """The rows as parameters of a test, named by their questions; forecasts draw samples and are slow."""
    return [
        pytest.param(row, id=row["question"], marks=[pytest.mark.slow] * row["command"].startswith("forecast"))
        for row in rows
    ]


@pytest.mark.parametrize("row", asked(ROWS))
def test_a_planner_s_question_gets_the_published_answer(row: dict[str, str]) -> None:
    if row["answer"]:
        assert found(row) == pytest.approx(float(row["answer"]), rel=DIGITS)
    elif row["tolerance"] == "range":
        low, high = (at(answered(row["command"]), f"{row['field']}_{end}") for end in ("low", "high"))
        assert low <= float(row["value"]) <= high
    elif row["tolerance"]:
        assert found(row) == pytest.approx(float(row["value"]), rel=float(row["tolerance"]))
    else:
        assert json.dumps(found(row)).strip('"') == row["value"]


@pytest.mark.parametrize("row", asked(DIFFERENT))
def test_an_answer_that_differs_is_beyond_rounding_and_explained(row: dict[str, str]) -> None:
    assert found(row) != pytest.approx(float(row["value"]), rel=float(row["tolerance"]))
    assert row["note"]


@pytest.mark.parametrize("row", ROUNDED, ids=lambda row: row["question"])
def test_a_tolerance_is_no_wider_than_the_rounding_of_the_value(row: dict[str, str]) -> None:
    half = 1.0 if row["note"].startswith("cut") else 0.5
    rounding = half * last_digit(row["value"]) / float(row["value"])
    assert 0 < float(row["tolerance"]) <= max(rounding * (1 + DOUBLE), DOUBLE)


def test_each_question_names_its_source_and_is_asked_once() -> None:
    assert all(row["source"] and row["question"].endswith("?") for row in ROWS)
    assert len({row["question"] for row in ROWS}) == len(ROWS)
