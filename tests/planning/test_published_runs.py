"""Published training runs under a law."""

from dataclasses import replace

import pytest
from made import reference
from made.plans import make_plan, optimal

from tokaudit.laws.embedding_params import params_total
from tokaudit.laws.published import LAWS
from tokaudit.planning.plan import Budget
from tokaudit.planning.published_runs import COLUMNS, MORE, audit_run
from tokaudit.supply.types import Supply

RUNS = {run.run: run for run in reference.RUNS}
LAW = LAWS.get("besiroglu2024")
VERDICT = ["params_optimal", "tokens_optimal", "loss", "tokens_side", "constraint", "cause", "implied_inference_tokens"]


@pytest.mark.parametrize("name", ["Early-175B", "Even-70B", "Small-8B"])
@pytest.mark.parametrize("law", ["besiroglu2024", "kaplan2020"])
def test_a_published_run_has_the_verdict_of_its_plan(name: str, law: str) -> None:
    run = RUNS[name]
    found = audit_run(run, LAWS.get(law))
    made = make_plan(law, LAWS.get(law), Budget(run.flops, run.params, run.tokens), Supply((), "none"))
    assert found["flops"] == made.budget.flops
    assert (found["params_optimal"], found["tokens_optimal"]) == (optimal(made).params, optimal(made).tokens)
    assert (found["constraint"], found["cause"]) == (made.constraint, made.cause)
    assert found["tokens_side"] == made.tokens_side
    assert found["implied_inference_tokens"] == made.implied_inference_tokens
    assert found["loss"] == (made.loss.total if made.loss else None)
    if made.loss:
        assert (found["model_term"], found["data_term"]) == (made.loss.model_term, made.loss.data_term)


@pytest.mark.parametrize("name", LAWS.names())
def test_a_mixture_of_experts_has_no_verdict(name: str) -> None:
    run = RUNS["Experts-671B"]
    found = audit_run(run, LAWS.get(name))
    assert found["flops"] == pytest.approx(6 * 37e9 * 14.8e12)
    assert {field: found[field] for field in VERDICT} == dict.fromkeys(VERDICT)
    assert any("mixture of experts" in warning for warning in found["warnings"])


def test_every_row_has_the_same_fields() -> None:
    for run in RUNS.values():
        assert list(audit_run(run, LAW)) == [*COLUMNS, *MORE]


def test_epochs_are_over_the_corpus_if_it_is_known() -> None:
    assert audit_run(RUNS["Part-280B"], LAW)["epochs"] == pytest.approx(0.128, abs=5e-4)
    assert audit_run(RUNS["Even-70B"], LAW)["epochs"] is None


def test_a_corpus_repeated_too_often_is_the_cause() -> None:
    worn = replace(RUNS["Even-70B"], unique_tokens=1e11)
    assert (audit_run(worn, LAW)["constraint"], audit_run(worn, LAW)["cause"]) == ("data", "supply")


def test_a_small_model_has_implied_inference_tokens() -> None:
    assert audit_run(RUNS["Small-8B"], LAW)["implied_inference_tokens"] == pytest.approx(1.9e14, rel=0.01)
    assert audit_run(RUNS["Early-175B"], LAW)["implied_inference_tokens"] is None


def test_recalled_numbers_have_a_warning() -> None:
    for run in RUNS.values():
        unsure = any("not checked against the source" in warning for warning in audit_run(run, LAW)["warnings"])
        assert unsure is (run.status != "read")


def test_non_embedding_parameters_are_converted_for_the_law() -> None:
    run = RUNS["Bare-2.4B"]
    found = audit_run(run, LAW)
    assert found["params"] == 2.4e9
    whole = audit_run(replace(run, params=params_total(2.4e9), params_counted="total"), LAW)
    assert found["loss"] == whole["loss"]
    assert "parameters are counted without embeddings" in found["warnings"]


def test_a_run_outside_the_fitted_range_is_marked() -> None:
    assert audit_run(RUNS["Early-175B"], LAW)["extrapolated"] is True
    assert audit_run(replace(RUNS["Early-175B"], params=1e9, tokens=2e10), LAW)["extrapolated"] is False
