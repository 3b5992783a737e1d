"""``tokaudit runs``."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import Result
from made.invoked import invoked
from made.reference import RUNS

from tokaudit.core.errors import UsageError

pytestmark = pytest.mark.usefixtures("made_reference")

FIELDS = [
    *("run", "params", "tokens", "flops", "tokens_per_param", "params_optimal", "tokens_optimal", "model_term"),
    *("data_term", "loss", "tokens_side", "constraint", "cause", "implied_inference_tokens", "epochs"),
]


def runs(folder: Path, *arguments: str) -> Result:
    return invoked("runs", *arguments, catalog=folder / "none.duckdb")


def test_json_has_every_run_and_field(tmp_path: Path) -> None:
    found = json.loads(runs(tmp_path, "--format", "json").stdout)
    assert found["law"] == "besiroglu2024"
    rows = {row["run"]: row for row in found["rows"]}
    assert len(rows) == len(found["rows"]) == len(RUNS)
    for row in rows.values():
        assert list(row)[: len(FIELDS)] == FIELDS
    assert rows["Early-175B"]["constraint"] == "data"
    assert rows["Early-175B"]["tokens_side"] == pytest.approx(0.701, abs=1e-3)
    assert rows["Experts-671B"]["constraint"] is None
    assert rows["Experts-671B"]["certainty"] is None
    assert (rows["Even-70B"]["certainty"], rows["Even-70B"]["certainty_laws"]) == ("sure", 1.0)
    assert rows["Even-70B"]["certainty_draws"] > 0.95
    assert found["disagreement"][0]["law"] == "kaplan2020"
    assert found["disagreement"][0]["runs_otherwise"] == len(found["disagreement"][0]["runs"]) > 0
    assert rows["Talk-137B"]["warnings"] == ["6ND is 0.39 times the published FLOPs"]


def test_another_law_may_disagree_and_has_its_warnings(tmp_path: Path) -> None:
    done = runs(tmp_path, "--law", "kaplan2020", "--format", "csv")
    rows = {row["run"]: row for row in csv.DictReader(done.stdout.splitlines())}
    assert rows["Early-175B"]["constraint"] == "compute"
    assert rows["Even-70B"]["constraint"] == "model"
    assert rows["Even-70B"]["loss"] == ""
    assert "kaplan2020: history" in done.stderr
    assert "7 of 7 runs lie outside" in done.stderr


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_the_table_has_verdicts_and_doubts_in_words(tmp_path: Path, fmt: str) -> None:
    done = runs(tmp_path, "--format", fmt, "--quiet")
    line = next(line for line in done.stdout.splitlines() if "Memory-175B" in line)
    assert "data" in line
    assert "certainty" in done.stdout
    assert any("compute" in line and "sure" in line for line in done.stdout.splitlines())
    assert "6ND is 0.73 times the published FLOPs; recalled, not checked against the source" in line
    assert done.stderr == ""


def test_an_unknown_law_is_refused(tmp_path: Path) -> None:
    failure = runs(tmp_path, "--law", "kaplan2021").exception
    assert isinstance(failure, UsageError)
    assert "kaplan2020" in str(failure)
