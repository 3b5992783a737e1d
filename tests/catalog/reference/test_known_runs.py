"""The shipped training runs."""

import pytest
from made.reference import RUNS

from tokaudit.catalog.reference.known_runs import known_runs


def test_runs_have_unique_names_and_plausible_numbers() -> None:
    runs = known_runs()
    assert len({run.run for run in runs}) == len(runs)
    for run in runs:
        assert 1e8 < run.params < 1e13
        assert 1e10 < run.tokens < 1e14
        assert run.active_params is None or run.active_params < run.params
        assert run.source or run.status == "recalled"


def test_flops_of_a_mixture_of_experts_use_active_parameters() -> None:
    runs = {run.run: run for run in RUNS}
    assert runs["Experts-671B"].flops == pytest.approx(6 * 37e9 * 14.8e12)
    assert runs["Early-175B"].flops == pytest.approx(6 * 175e9 * 300e9)
    assert runs["Early-175B"].flops_ratio == pytest.approx(1.003, abs=5e-4)
    assert runs["Small-8B"].flops_ratio is None
