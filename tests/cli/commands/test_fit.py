"""``tokaudit fit``: the options, the formats, the catalog."""

import csv
import json
from pathlib import Path

import pytest
from made.runs import BESIROGLU, curves, on_budgets, repeated, scattered, write_csv
from made.samples import Run

from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.protocol import Repetition

FIELDS = {"method", "law", "exponents", "objective", "runs_used", "runs_dropped", "interval"}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Noiseless runs and three that can't be used."""
    path = write_csv(tmp_path / "runs.csv", scattered(count=15))
    path.write_text(path.read_text() + "1e9,1e10,\n1e9,0,3\n1e9,1e10,9.9\n")
    return path


@pytest.mark.slow
def test_json_has_the_whole_fit(run: Run, runs: Path) -> None:
    done = run("fit", runs, "--method", "parametric", "--drop", "loss>9", "--draws", 20, "--format", "json")
    assert set(done.json) > FIELDS
    assert done.json["method"] == "parametric"
    assert done.json["law"] == pytest.approx(dict(BESIROGLU.constants), rel=1e-5)
    assert done.json["exponents"] == pytest.approx({"a": 0.51261, "b": 0.48739}, abs=1e-5)
    assert done.json["objective"] == pytest.approx(0, abs=1e-12)
    assert done.json["runs_used"] == 15
    assert done.json["runs_dropped"] == [
        {"line": 17, "reason": "loss is missing"},
        {"line": 18, "reason": "tokens is not positive: 0"},
        {"line": 19, "reason": "--drop loss>9"},
    ]
    assert set(done.json["interval"]) == {"E", "A", "B", "alpha", "beta", "a", "b"}
    assert done.json["draws"] == 20
    assert len(done.json["residuals"]) == 15
    assert done.err == ""
    assert not Path("tokaudit.duckdb").exists()


@pytest.mark.parametrize("method", ["isoflop", "envelope"])
def test_the_other_methods_have_the_same_fields(run: Run, tmp_path: Path, method: str) -> None:
    path = write_csv(tmp_path / "runs.csv", on_budgets() if method == "isoflop" else curves())
    found = run("fit", path, "--method", method, "--draws", 20, "--format", "json").json

    assert set(found) > FIELDS
    assert found["law"] == {
        **dict.fromkeys(["E", "A", "B", "alpha", "beta"]),
        "k_N": pytest.approx(0.047, rel=0.2),
        "a": pytest.approx(0.5126, abs=6e-3),
    }
    assert found["objective"] is None
    assert set(found["interval"]) == {"k_N", "a", "b"}


@pytest.mark.slow
def test_the_table_shows_constants_and_stderr_dropped_runs(run: Run, runs: Path) -> None:
    for fmt in ("table", "markdown"):
        done = run("fit", runs, "--draws", 20, "--drop", "loss>9", "--format", fmt)
        for name in ("E", "alpha", "beta", "482", "0.348"):
            assert name in done.out
        assert f"dropped {runs}:17: loss is missing\n" in done.err


@pytest.mark.slow
def test_show_chooses_the_rows(run: Run, runs: Path) -> None:
    for show, columns in {
        "constants": "constant value low high",
        "residuals": "line params tokens flops unique_tokens loss predicted log_residual",
        "frontier": "flops params tokens loss",
        "draws": "draw E A B alpha beta",
    }.items():
        out = run("-q", "fit", runs, "--drop", "loss>9", "--draws", 20, "--show", show, "--format", "csv").out
        header, *lines = csv.reader(out.splitlines())
        assert header == columns.split()
        assert len(lines) == {"constants": 7, "residuals": 15, "frontier": 25, "draws": 20}[show]


@pytest.mark.slow
def test_without_draws_there_are_no_intervals(run: Run, runs: Path) -> None:
    found = run("fit", runs, "--drop", "loss>9", "--draws", 0, "--format", "json").json
    assert (found["interval"], found["draws"], found["warnings"]) == ({}, 0, [])
    out = run("-q", "fit", runs, "--drop", "loss>9", "--draws", 0, "--show", "draws", "--format", "csv").out
    assert out == "draw,E,A,B,alpha,beta\n"


@pytest.mark.slow
def test_a_saved_fit_is_a_law_like_any_other(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "runs.csv", scattered(count=20, noise=0.003))
    done = run("fit", path, "--save", "ours", "--draws", 50, "--format", "json")
    assert done.json["saved"] == "ours"
    assert "plan --law ours" in done.err

    (row,) = [row for row in run("laws", "--format", "json").json["rows"] if row["law"] == "ours"]
    assert row["E"] == done.json["law"]["E"]
    assert "runs.csv" in row["source"]
    plan = run("plan", "--law", "ours", "--flops", "1e24", "--supply", "web=1T", "--format", "json").json
    assert plan["law"] == "ours"
    interval = plan["interval"]
    assert interval["params_low"] < plan["optimal"]["params"] < interval["params_high"]
    assert interval["tokens_low"] < plan["optimal"]["tokens"] < interval["tokens_high"]
    assert 0 <= plan["agreement"]["draws_same_verdict"] <= 1
    (saved,) = run("query", "select * from laws", "--format", "json").json["rows"]
    assert (saved["law"], saved["method"], saved["source_file"], saved["runs_used"]) == (
        *("ours", "parametric", "runs.csv"),
        20,
    )
    again = run("fit", path, "--save", "ours", code=2)
    assert "pass --force to replace it" in again.err
    run("fit", path, "--save", "ours", "--force", "--draws", 0)
    assert "ours2" in run("plan", "--law", "ours2", "--flops", "1e24", code=2).err
    assert "removed the law ours from tokaudit.duckdb" in run("laws", "--forget", "ours").err
    assert "ours" not in [row["law"] for row in run("laws", "--format", "json").json["rows"]]
    assert "no saved law 'ours'" in run("laws", "--forget", "ours", code=2).err
    assert "no saved law 'besiroglu2024'" in run("laws", "--forget", "besiroglu2024", code=2).err


def test_a_saved_frontier_makes_plans(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "runs.csv", on_budgets(noise=1e-3))
    run("-q", "fit", path, "--method", "isoflop", "--save", "ours")
    plan = run("plan", "--law", "ours", "--params", "280B", "--tokens", "200B", "--format", "json").json

    assert plan["constraint"] == "data"
    assert plan["optimal"]["loss"] is None
    assert plan["interval"]["params_low"] < plan["optimal"]["params"] < plan["interval"]["params_high"]
    assert plan["agreement"]["draws_same_verdict"] == 1


def test_a_saved_law_counts_like_its_runs(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "runs.csv", on_budgets(noise=1e-3))
    saved = ("--save", "ours", "--params-counted", "non-embedding", "--tokenizer", "openai-community/gpt2")
    run("-q", "fit", path, "--method", "isoflop", *saved)
    (row,) = [row for row in run("laws", "--format", "json").json["rows"] if row["law"] == "ours"]
    assert (row["params_counted"], row["tokenizer"]) == ("non-embedding", "openai-community/gpt2")
    supply = ("--supply", "web=1T", "--tokenizer", "meta-llama/Llama-2-7b-hf")
    plan = run("plan", "--law", "ours", "--params", "100M", "--tokens", "2B", *supply, "--format", "json").json
    assert any("the given run has 79.6M" in warning for warning in plan["warnings"])
    assert plan["domains"][0]["tokens_factor"] < 0.95
    assert (
        "--params-counted, --tokenizer: describe a saved law; add --save NAME"
        in run("fit", path, "--tokenizer", "gpt2", code=2).err
    )


def test_base_keeps_the_constants_of_a_law(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "runs.csv", repeated(BESIROGLU, Repetition(15, 5)))
    found = run("fit", path, "--base", "besiroglu2024", "--draws", 20, "--format", "json").json

    assert found["law"]["R_D_star"] == pytest.approx(15, rel=1e-3)
    assert found["law"]["E"] == BESIROGLU.E
    assert set(found["interval"]) == {"R_D_star", "R_N_star"}


@pytest.mark.slow
def test_tokens_and_flops_that_disagree_are_reported(run: Run, tmp_path: Path) -> None:
    runs = on_budgets(sizes=3)
    flops = [repr(1.7 * value) for value in runs.flops.tolist()]
    path = write_csv(tmp_path / "runs.csv", runs, {"flops": flops})
    (said,) = [text for text in run("fit", path, "--draws", 0, "--format", "json").json["warnings"] if "6ND" in text]
    assert said.startswith("6ND of 21 of 21 runs differs by more than 10 % from the FLOPs given")
    assert not any(
        "6ND" in text for text in run("fit", write_csv(path, runs), "--draws", 0, "--format", "json").json["warnings"]
    )


def test_open_intervals_are_null(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "runs.csv", repeated(BESIROGLU, Repetition(float("inf"), 5.0), noise=1e-4))
    done = run("fit", path, "--base", "besiroglu2024", "--draws", 30, "--format", "json")

    assert done.json["interval"]["R_D_star"][1] is None
    assert "Infinity" not in json.dumps(done.json)
    assert done.json["warnings"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--method", "guess"], 2, f"unknown method 'guess' (known: {', '.join(METHODS.names())})"),
        (["--drop", "loss"], 2, "is not a condition"),
        (["--drop", "lr>3"], 2, "the runs have no column 'lr'"),
        (["--save", "a b"], 2, "is not a name for a law"),
        (["--save", "besiroglu2024"], 2, "is a published law"),
        (["--base", "nobody1999"], 2, "unknown law 'nobody1999'"),
        (["--drop", "params>1"], 3, "has no runs to fit (18 dropped)"),
        (["--drop", "line>8"], 3, "too few runs: 7 different ones"),
        (["--method", "isoflop", "--drop", "loss>9"], 3, "can't identify a: "),
    ],
)
def test_a_refusal_is_one_line(run: Run, runs: Path, arguments: list[str], code: int, message: str) -> None:
    refused = run("fit", runs, *arguments, code=code)
    assert refused.out == ""
    assert message in refused.err
    assert len(refused.err.splitlines()) == 1
    assert not Path("tokaudit.duckdb").exists()


def test_the_help_names_every_method(run: Run) -> None:
    help_text = run("fit", "--help").out
    assert all(name in help_text for name in METHODS.names())
