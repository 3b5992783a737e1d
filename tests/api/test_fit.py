"""``tokaudit.fit`` says what ``tokaudit fit`` says."""

import copy
import csv
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made.runs import curves, on_budgets, scattered, write_csv
from made.samples import Run

import tokaudit
from tokaudit.api.fit import Fit, fit
from tokaudit.api.plan import plan


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs in a file, and three that can't be used."""
    path = write_csv(tmp_path_factory.mktemp("runs") / "runs.csv", scattered(count=15, noise=0.002))
    path.write_text(path.read_text() + "1e9,1e10,\n1e9,0,3\n1e9,1e10,9.9\n")
    return path


@pytest.fixture(scope="module")
def made(runs: Path) -> Fit:
    """A fit of a frame of these."""
    return fit(pd.read_csv(runs), drop=["loss>9"], draws=10)


@pytest.mark.slow
def test_a_file_gives_the_json_of_the_command(runs: Path, run: Run) -> None:
    found = fit(runs, drop=["loss>9"], draws=10)

    assert found.to_dict() == run("fit", runs, "--drop", "loss>9", "--draws", 10, "--format", "json").json


@pytest.mark.parametrize("method", ["isoflop", "envelope"])
def test_each_method_gives_the_json_of_the_command(method: str, tmp_path: Path, run: Run) -> None:
    path = write_csv(tmp_path / "runs.csv", on_budgets() if method == "isoflop" else curves())
    found = fit(str(path), method, draws=10)

    assert found.to_dict() == run("fit", path, "--method", method, "--draws", 10, "--format", "json").json
    assert len(found.to_frame("frontier")) == len(found.frontier) > 0


def test_a_frame_gives_the_fit_of_its_file(made: Fit, runs: Path) -> None:
    of_file = fit(runs, drop=["loss>9"], draws=10).to_dict()
    of_frame = made.to_dict()

    assert [run["line"] for run in of_frame["runs_dropped"]] == [15, 16, 17]
    assert [run["line"] for run in of_file["runs_dropped"]] == [17, 18, 19]
    for found in (of_frame, of_file):
        for row in found["runs_dropped"] + found["residuals"]:
            row["line"] = row.get("reason", "").replace("0.0", "0")
            row.pop("reason", None)
    assert of_frame == of_file


def test_tables_of_every_kind_give_the_same_fit(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "runs.csv", on_budgets())
    with path.open() as file:
        records = list(csv.DictReader(file))
    frame = pd.read_csv(path)
    found = [
        fit(table, "isoflop", draws=0)
        for table in (frame, records, frame.to_dict("records"), frame.to_dict("list"), frame.convert_dtypes())
    ]

    assert all(each == found[0] for each in found)
    assert found[0].residuals[0]["line"] == 0


@pytest.mark.slow
def test_a_saved_fit_is_a_law_of_the_catalog(runs: Path, tmp_path: Path, run: Run) -> None:
    catalog = tmp_path / "a.duckdb"
    frame = pd.read_csv(runs).head(15)
    found = fit(frame, draws=0, save="mine", tokenizer="gpt2", catalog=catalog)
    (law,) = [row for row in run("--catalog", catalog, "laws", "--format", "json").json["rows"] if row["law"] == "mine"]

    assert found.saved == "mine"
    assert (law["tokenizer"], law["E"]) == ("gpt2", found.law["E"])
    assert "fitted on a table" in law["source"]
    assert plan(1e20, supply={"web": 1e12}, law="mine", catalog=catalog).law == "mine"
    with pytest.raises(tokaudit.UsageError, match=r"save: .* already has a law mine; pass force=True to replace it"):
        fit(frame, draws=0, save="mine", catalog=catalog)
    assert fit(frame, draws=0, save="mine", catalog=catalog, force=True).saved == "mine"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"params": [1e9], "tokens": [1e10]}, r"^runs: has no column 'loss' \(it has: params, tokens\)$"),
        (
            {"params": [1e9, "x"], "tokens": [1e10, 1], "loss": [3, 3]},
            "^runs, row 1: column params: 'x' is not a number",
        ),
        ({"params": [1e9], "tokens": [True], "loss": [3]}, "^runs, row 0: column tokens: True is not a number"),
        ({"params": [1e9], "tokens": [10**400], "loss": [3]}, "^runs, row 0: column tokens: inf must be positive and"),
        ({"params": [1e9], "tokens": [None], "loss": [3]}, r"^runs: has no runs to fit \(1 dropped\)$"),
        ({"params": [1e9], "tokens": [1e10], "loss": [3, 3]}, "^runs: the columns have different lengths"),
        (pd.DataFrame([[1, 2, 3, 4]], columns=["params", "tokens", "loss", "loss"]), "^runs: has two columns 'loss'"),
        (5, "^runs: int is not a table; give a data frame, columns by name, or rows$"),
        (Path("none.csv"), "^none.csv: can't be read: No such file"),
    ],
)
def test_a_bad_table_is_refused_with_the_row(table: Any, message: str) -> None:
    with pytest.raises(tokaudit.TokauditError, match=message):
        fit(table)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "none"}, "unknown method 'none'"),
        ({"drop": "loss>3"}, "drop: 'loss>3' is not a list of conditions; put a single one into a list"),
        ({"drop": ["lr>3"]}, "drop 'lr>3': the runs have no column 'lr'"),
        ({"draws": -1}, "draws: -1 is not a whole number from 0 to 10,000"),
        ({"draws": 1.5}, "draws: 1.5 is not a whole number"),
        ({"base": 5}, "base: 5 is not a text"),
        ({"params_counted": "some"}, "params_counted: 'some' is not one of total, non-embedding, active"),
        ({"tokenizer": "gpt2"}, 'params_counted, tokenizer: describe a saved law; add save="NAME"'),
        ({"save": "a b"}, "save: 'a b' is not a name for a law"),
    ],
)
def test_a_wrong_argument_is_refused_by_its_name(arguments: dict[str, Any], message: str, runs: Path) -> None:
    with pytest.raises(tokaudit.UsageError) as raised:
        fit(runs, **arguments)

    assert message in str(raised.value)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])  # noqa: S301
def test_a_copy_of_a_fit_equals_it(made: Fit, again: Callable[[Fit], Fit]) -> None:
    assert again(made) == made
    assert again(made).to_frame("draws").equals(made.to_frame("draws"))


def test_constants_residuals_and_draws_are_frames(made: Fit) -> None:
    constants, residuals, draws = (made.to_frame(), made.to_frame("residuals"), made.to_frame("draws"))

    assert dict(zip(constants["constant"], constants["value"], strict=True)) == {**made.law, **made.exponents}
    assert len(residuals) == made.runs_used == 15
    assert len(draws) == made.draws == 10
    with pytest.raises(tokaudit.UsageError, match="show: 'all' is not one of constants, residuals, frontier, draws"):
        made.to_frame("all")  # type: ignore[arg-type] # the point of the test


def test_a_fit_is_read_in_a_notebook(made: Fit) -> None:
    assert repr(made).startswith("<Fit: parametric, 15 runs, E=")
    assert "Method parametric: 15 runs used, 3 dropped." in made._repr_html_()
    assert ">alpha</td>" in made._repr_html_()
