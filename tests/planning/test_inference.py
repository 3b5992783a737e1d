"""The cheapest run over a lifetime, against published examples and a brute-force search."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.runs import BESIROGLU

from tokaudit.core.errors import UsageError
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import Run
from tokaudit.planning.inference import cheapest, lifetime_flops

SARDANA = Parametric(A=406.4, B=410.7, E=1.69, alpha=0.336, beta=0.283, metadata=BESIROGLU.metadata)
"""The constants that reproduce the paper (arXiv:2401.00448)."""


@pytest.mark.parametrize(
    ("quality", "served", "params", "tokens", "ratio", "saved"),
    [
        # arXiv:2401.00448, section 3: "a 13.6B model on 2.84 times the data", 28 % cheaper.
        (30e9, 1e13, 13.61e9, 4.43e12, 2.845, 0.2798),
        (13e9, 2e12, 6.97e9, 1.25e12, 2.16, 0.174),
    ],
)
def test_the_published_examples_are_reproduced(
    quality: float, served: float, params: float, tokens: float, ratio: float, saved: float
) -> None:
    optimal = SARDANA.optimum_of_params(quality)
    found = cheapest(SARDANA, optimal, served)

    assert found.params == pytest.approx(params, rel=1e-3)
    assert found.tokens == pytest.approx(tokens, rel=3e-3)
    assert found.tokens / optimal.tokens == pytest.approx(ratio, abs=0.005)  # as printed
    assert found.flops_saved_share == pytest.approx(saved, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(
    law=st.sampled_from([BESIROGLU, SARDANA]),
    params=st.floats(1e8, 1e12),
    each=st.floats(2, 500),
    served=st.floats(1e9, 1e15),
)
def test_no_other_run_of_the_same_loss_is_cheaper(law: Parametric, params: float, each: float, served: float) -> None:
    run = Run(params, params * each)
    loss = law.loss(run.params, run.tokens)
    found = cheapest(law, run, served)

    assert law.loss(found.params, found.tokens) == pytest.approx(loss, rel=1e-9)
    assert found.flops_total == pytest.approx(lifetime_flops(Run(found.params, found.tokens), served))
    assert -1e-9 <= found.flops_saved_share < 1
    # eq. 2 of the paper, solved for D by hand, on a fine grid of N.
    grid = np.geomspace(params / 1e3, params * 1e3, 20_001)
    left = loss - law.E - law.A * grid**-law.alpha
    grid, left = grid[left > 0], left[left > 0]
    totals = 6 * grid * (law.B / left) ** (1 / law.beta) + 2 * grid * served
    assert found.flops_total <= totals.min() * (1 + 1e-9)


def test_with_nothing_to_serve_the_compute_optimal_run_is_cheapest() -> None:
    run = Run(280e9, 300e9)
    best = BESIROGLU.optimum(BESIROGLU.flops_to_reach(BESIROGLU.loss(run.params, run.tokens)) or 0)
    found = cheapest(BESIROGLU, run, 0)

    assert (found.params, found.tokens) == pytest.approx((best.params, best.tokens), rel=1e-4)
    assert found.flops_total == pytest.approx(best.flops, rel=1e-9)


def test_the_cheapest_run_agrees_with_implied_inference_tokens() -> None:
    found = cheapest(SARDANA, SARDANA.optimum_of_params(30e9), 1e13)
    by_params, by_tokens = SARDANA.elasticities(found.params, found.tokens)
    side = by_tokens / (by_params + by_tokens)

    assert 3 * found.tokens * (1 - 2 * side) / side == pytest.approx(1e13, rel=1e-4)


def test_the_longest_lifetime_needs_a_finite_number_of_tokens() -> None:
    found = cheapest(BESIROGLU, Run(70e9, 1.4e12), 1e20)

    assert math.isfinite(found.flops_total)
    assert found.tokens < 1e20


def test_if_parameters_hardly_matter_the_cheapest_run_is_the_smallest() -> None:
    flat = replace(BESIROGLU, A=10.0, B=10.0, alpha=0.05, beta=0.05)
    best = flat.optimum(1e20)
    found = cheapest(flat, best, 1e20)

    assert found.params < 1e-4 * best.params
    for factor in (0.9, 1.1):
        params = factor * found.params
        tokens = (10 / (flat.loss(best.params, best.tokens) - flat.E - 10 * params**-0.05)) ** 20
        assert lifetime_flops(Run(params, tokens), 1e20) > found.flops_total


@pytest.mark.parametrize("served", [-1.0, 1e21, math.nan, math.inf])
def test_tokens_to_serve_out_of_bounds_are_refused(served: float) -> None:
    with pytest.raises(UsageError, match="--inference-tokens"):
        cheapest(BESIROGLU, Run(70e9, 1.4e12), served)
