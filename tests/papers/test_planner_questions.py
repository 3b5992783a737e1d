"""Questions of a planner without a corpus, answered from the registry with explicit mixtures.

The answers are those of November 2026. What a law says of them may change; how often a domain is used does not.
"""

import pytest
from made.samples import Run

WEB_AND_CODE = ("--params", "30B", "--mixture", "code=0.8,web=0.2")


def epochs(run: Run, *arguments: str, supply: str = "published") -> dict[str, float]:
    found = run("plan", *arguments, "--supply", supply, "--format", "json").json
    return {row["domain"]: row["epochs"] for row in found["domains"] if row["share"]}


def test_code_is_not_the_constraint_of_a_code_model_of_30b(run: Run) -> None:
    assert epochs(run, *WEB_AND_CODE)["code"] == pytest.approx(0.100, abs=0.002)
    without = epochs(run, *WEB_AND_CODE, supply="published:Dolma v1.6/GitHub (The Stack),TxT360")
    assert without["code"] == pytest.approx(1.13, abs=0.01)  # what the registry of 2025 had


def test_a_small_code_model_on_2t_tokens_repeats_nothing(run: Run) -> None:
    arguments = ("--params", "7B", "--tokens", "2T", "--mixture", "code=1")
    assert epochs(run, *arguments) == {"code": pytest.approx(2e12 / 4.595e12, rel=1e-3)}


def test_a_third_of_pdfs_in_15t_tokens_is_one_epoch_of_two_corpora(run: Run) -> None:
    arguments = ("--params", "70B", "--tokens", "15T", "--mixture", "web=0.7,pdf=0.3")
    assert epochs(run, *arguments)["pdf"] == pytest.approx(4.5 / 5.142, rel=1e-3)
    assert epochs(run, *arguments, supply="published:FinePDFs,TxT360")["pdf"] == pytest.approx(4.5 / 3)


def test_web_binds_a_small_model_on_15t_tokens(run: Run) -> None:
    arguments = ("--params", "8B", "--tokens", "15T", "--mixture", "web=0.6,code=0.2,pdf=0.2")
    found = run("plan", *arguments, "--supply", "published", "--format", "json").json
    assert found["binding_domain"] == "web"
    assert epochs(run, *arguments)["web"] == pytest.approx(9 / 4.83, rel=1e-3)


def test_open_books_are_read_four_times_if_they_are_a_tenth_of_2t_tokens(run: Run) -> None:
    arguments = ("--params", "7B", "--tokens", "2T", "--mixture", "books=0.1,web=0.9")
    assert epochs(run, *arguments)["books"] == pytest.approx(4.0, abs=0.02)


def test_the_natural_text_of_nemotron_is_not_enough_for_6t_tokens(run: Run) -> None:
    (web,) = run("plan", "--tokens", "6T", "--supply", "published:nemotron cc v2", "--json").json["domains"]
    assert (web["domain"], web["verdict"]) == ("web", "repeat")
    assert web["tokens_unique"] == pytest.approx(3_258_740_000_000 * 1.187, rel=0.01)  # Llama 3's tokens in Llama 2's


def test_synthetic_text_is_no_supply_unless_it_is_counted(run: Run) -> None:
    mixed = ("--flops", "1e25", "--mixture", "web=0.6,synthetic=0.4", "--supply", "published")
    counted = run("plan", *mixed, "--count-synthetic", "--format", "json").json
    assert {row["domain"] for row in counted["domains"] if row["tokens_unique"]} >= {"synthetic", "web"}
    plain = run("plan", "--flops", "1e25", "--supply", "published", "--format", "json").json
    assert "synthetic" not in {row["domain"] for row in plain["domains"]}
