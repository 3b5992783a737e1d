"""The objective of the parametric method."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made.runs import BESIROGLU, scattered

from tokaudit.core.types import Float64
from tokaudit.laws.fit.huber import DELTA, LogSumExp, huber, touching_weight

POINTS = st.tuples(
    *(st.floats(4, 8), st.floats(4, 10), st.floats(-0.5, 1), st.floats(0.2, 0.5), st.floats(0.2, 0.5)),
).map(lambda point: np.array([point]))
ONE = np.arange(1)


def objective(noise: float = 0.0) -> LogSumExp:
    runs = scattered(count=30, noise=noise)
    return LogSumExp(runs.params, runs.tokens, runs.loss, np.ones(30))


def test_the_huber_loss_is_quadratic_near_zero_and_linear_beyond() -> None:
    residual = np.array([0, 5e-4, -1e-3, 0.1, -2])

    assert huber(residual) == pytest.approx([0, 1.25e-7, 5e-7, DELTA * (0.1 - DELTA / 2), DELTA * (2 - DELTA / 2)])


@given(at=st.floats(-1, 1), other=st.floats(-1, 1))
def test_the_touching_quadratic_lies_above_the_huber_loss(at: float, other: float) -> None:
    here, there = np.array(at), np.array(other)
    weight = touching_weight(here)
    quadratic = huber(here) + weight / 2 * (there**2 - here**2)

    assert quadratic >= huber(there) - 1e-15


def test_a_law_s_own_constants_leave_no_residual() -> None:
    made = objective()
    theta = made.point(
        np.array([[np.log(BESIROGLU.A), np.log(BESIROGLU.B), np.log(BESIROGLU.E), BESIROGLU.alpha, BESIROGLU.beta]])
    )

    assert made.value(theta, ONE) == pytest.approx([0], abs=1e-20)
    assert {name: float(value[0]) for name, value in made.constants(theta).items()} == pytest.approx(
        dict(BESIROGLU.constants)
    )


@given(theta=POINTS)
def test_the_gradient_is_that_of_the_value(theta: Float64) -> None:
    made = objective(0.01)
    theta = made.point(theta)
    _, gradient, _ = made.expand(theta, ONE, exact=True)
    for place in range(5):
        step = np.zeros((1, 5))
        step[0, place] = 1e-6
        slope = (made.value(theta + step, ONE) - made.value(theta - step, ONE)) / 2e-6
        assert gradient[0, place] == pytest.approx(slope[0], rel=1e-4, abs=1e-6)


@given(theta=POINTS)
def test_the_exact_curvature_is_that_of_the_gradient(theta: Float64) -> None:
    made = objective(0.01)
    theta = made.point(theta)
    assume(np.abs(np.abs(made.residuals(theta)) - DELTA).min() > 1e-4)  # it jumps where a residual crosses delta
    _, _, curvature = made.expand(theta, ONE, exact=True)
    for place in range(5):
        step = np.zeros((1, 5))
        step[0, place] = 1e-6
        bend = (made.expand(theta + step, ONE, exact=True)[1] - made.expand(theta - step, ONE, exact=True)[1]) / 2e-6
        assert curvature[0, place] == pytest.approx(bend[0], rel=1e-3, abs=1e-5)


def test_a_weight_of_two_equals_the_same_run_twice() -> None:
    runs = scattered(count=20, noise=0.01)
    weights = np.ones(20)
    weights[3] = 2
    twice = runs.taken(np.array([*range(20), 3]))
    theta = np.array([[6.0, 7.0, 0.5, 0.3, 0.3]])
    weighted = LogSumExp(runs.params, runs.tokens, runs.loss, weights)
    longer = LogSumExp(twice.params, twice.tokens, twice.loss, np.ones(21))

    assert weighted.value(weighted.point(theta), ONE) == pytest.approx(longer.value(longer.point(theta), ONE))
