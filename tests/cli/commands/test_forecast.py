"""``tokaudit forecast``: the shipped models, whose years the guide quotes."""

import csv
import functools
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from made.invoked import invoked
from made.runs import on_budgets

from tokaudit.core.errors import UsageError
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.saved import save_law
from tokaudit.planning.forecast.assumptions import models, settings_of

pytestmark = pytest.mark.usefixtures("made_reference")

MODEL = "villalobos2024"
"""The default model."""
DOMAINS = [name.removesuffix(".share") for name in settings_of(MODEL) if name.endswith(".share")]
"""Domains that it has settings for."""


def asked(*arguments: str, catalog: Path = Path("none.duckdb")) -> Result:
    return invoked("forecast", *arguments, catalog=catalog)


forecast = functools.cache(asked)

FEW = ("--samples", "20000")
"""Enough samples for these tests; the program's 100,000 take a third of a second."""


def answer(*arguments: str, catalog: Path = Path("none.duckdb")) -> dict[str, Any]:
    done = forecast("--format", "json", *arguments, catalog=catalog)
    assert done.exit_code == 0, done.exception
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_json_has_a_row_for_every_year_from_2024_to_2040() -> None:
    found = answer()
    assert 2027 < found["year_low"] < 2029 < found["year_median"] < 2029.25 < found["year_high"] < 2031.25
    assert [row["year"] for row in found["rows"]] == list(range(2024, 2041))
    for row in found["rows"]:
        assert list(row) == ["year", "demand_median", "stock_median", "probability_exhausted"]
        assert isinstance(row["year"], int)
    assert found["rows"][0]["stock_median"] == pytest.approx(321e12, rel=0.01)
    assert found["rows"][0]["demand_median"] == pytest.approx(6.25e12, rel=0.01)
    assert found["definition"] in found["notes"]


def test_json_has_all_projections_settings_and_tests() -> None:
    found = answer("--samples", "2000")
    assert list(found["projections"]) == ["historical", "compute", "mixture"]
    assert found["projections"]["historical"]["year_median"] == found["year_median"]
    assert [row["adjusted"] for row in found["stocks"]] == ["raw", "quality", "repetition"]
    assert [row["domain"] for row in found["domains"]] == DOMAINS
    assert {"web", "multilingual-web", "code", "books", "papers"} <= set(DOMAINS)
    assert set(found["domains_without_data"]) == {"encyclopedia", "forum", "legal", "math", "news"}
    (published,) = (row for row in found["published"] if row["projection"] == "mixture")
    assert (published["published_median"], published["published_low"], published["published_high"]) == (
        2028,
        2026,
        2032,
    )
    tested = {row["run"]: row for row in found["backtest"]}
    assert tested["Set-2025"]["tokens_total"] == 36e12
    assert 70 < tested["Set-2025"]["percentile_total"] < 95
    assert tested["Set-2025"]["percentile_natural"] is None
    assert tested["Set-2026"]["percentile_total"] < 50
    assert all(setting["source"] for setting in found["settings"])
    assert {"pages", "code.share"} <= {setting["name"] for setting in found["settings"]}


def test_another_seed_changes_the_answer_little() -> None:
    assert asked(*FEW, "--format", "json").stdout == asked(*FEW, "--format", "json").stdout
    assert answer(*FEW, "--seed", "1")["year_median"] == pytest.approx(answer()["year_median"], abs=0.05)
    assert answer(*FEW, "--seed", "1")["year_median"] != answer(*FEW)["year_median"]


def test_a_domain_has_its_own_forecast() -> None:
    found = answer("--domain", "code")
    (code,) = [row for row in found["domains"] if row["domain"] == "code"]
    assert found["year_median"] == code["year_median"] < 2027
    assert found["rows"][0]["demand_median"] == pytest.approx(0.17 * 6.25e12, rel=0.01)


def test_settings_law_and_overtraining_change_the_forecast() -> None:
    plain = answer(*FEW, "--demand", "compute", "--law", "20")
    assert answer(*FEW, "--demand", "compute")["year_median"] > plain["year_median"]
    assert plain["rows"][0]["demand_median"] == pytest.approx(20 * (10**25.5 / 120) ** 0.5, rel=0.01)
    over = answer(*FEW, "--demand", "compute", "--law", "20", "--overtraining", "5")
    assert over["year_median"] < plain["year_median"] - 0.8
    assert over["backtest"] == []
    more = answer(*FEW, "--set", "pages=1e12:2e12", "--set", "code.share=0.05")
    assert more["year_median"] > answer(*FEW)["year_median"]
    assert {row["name"]: row["source"] for row in more["settings"]}["pages"] == "--set"


@pytest.mark.slow
def test_a_number_is_a_ratio_unless_a_saved_law_has_that_name(tmp_path: Path) -> None:
    catalog, found = tmp_path / "c.duckdb", METHODS.get("isoflop")(on_budgets(noise=1e-3), draws=0)
    for name in ("7b-ours", "20"):
        save_law(catalog, name, "isoflop", "runs.csv", found)
    compute = ("--demand", "compute", "--samples", "1000", "--law")
    by_law = answer(*compute, "7b-ours", catalog=catalog)
    assert answer(*compute, "20", catalog=catalog)["rows"] == by_law["rows"]
    assert answer(*compute, "20")["rows"] != by_law["rows"]
    assert answer(*compute, ".5", catalog=catalog)["rows"] == answer(*compute, "0.5")["rows"] != by_law["rows"]


def test_the_models_of_2022_have_no_compute_projection() -> None:
    found = answer("--model", "villalobos2022-high-quality")
    assert found["unit"] == "words"
    assert list(found["projections"]) == ["historical"]
    assert (found["domains"], found["backtest"]) == ([], [])
    assert found["year_median"] == pytest.approx(2024.5, abs=0.5)


def test_what_is_never_exhausted_is_null() -> None:
    found = answer(*FEW, "--set", "data_growth=0.001")
    assert found["year_median"] is None
    assert found["never"] > 0.5
    assert "in fewer than half of the samples" in forecast(*FEW, "--set", "data_growth=0.001").stdout


@pytest.mark.slow
@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_the_table_begins_with_the_years_in_a_sentence(fmt: str) -> None:
    done = forecast("--format", fmt)
    assert done.stdout.startswith("Demand exceeds the stock, in tokens, in 2029.0 (2027.3 to 2031.1)")
    line = next(line for line in done.stdout.splitlines() if "438T" in line)
    assert "197T" in line
    assert "text counts as exhausted when the largest training set" in done.stderr
    assert "published 2028 (2026 to 2032), here 2029.2" in done.stderr
    assert "missing from their repository" in done.stderr
    assert "2025: 36.0T (Set-2025), forecast 22.8T, percentile 83" in done.stderr
    assert forecast(*FEW, "--quiet").stderr == ""


def test_csv_has_the_rows_alone() -> None:
    rows = list(csv.DictReader(forecast(*FEW, "--format", "csv", "--quiet").stdout.splitlines()))
    assert [row["year"] for row in rows] == [str(year) for year in range(2024, 2041)]


def test_a_historical_law_is_marked() -> None:
    assert any(note.startswith("kaplan2020: ") for note in answer(*FEW, "--law", "kaplan2020")["notes"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "epoch"], f"known: {', '.join(models())})"),
        (["--domain", "math"], "no estimate of its stock is published"),
        (["--domain", "poems"], f"known: {', '.join(DOMAINS)})"),
        (["--model", "villalobos2022", "--demand", "compute"], "it has: historical"),
        (["--model", "villalobos2022", "--domain", "code"], "none of villalobos2022"),
        (["--set", "growth=2"], f"known: {', '.join(settings_of(MODEL))})"),
        (["--law", "gopher"], "unknown law 'gopher'"),
        (["--law", "7b-ours"], "'7b-ours' is not a law (see `tokaudit laws`)"),
        (["--law", "0"], "and not a positive number of tokens per parameter"),
        (["--overtraining", "0"], "must be positive"),
    ],
)
def test_wrong_options_list_what_is_known(arguments: list[str], said: str) -> None:
    failure = forecast(*arguments).exception
    assert isinstance(failure, UsageError)
    assert said in str(failure)
