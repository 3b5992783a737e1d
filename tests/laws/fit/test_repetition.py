"""The objective for repeated data."""

import numpy as np
import pytest
from made.runs import BESIROGLU, repeated

from tokaudit.laws.fit.repetition import Repeats
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import Repetition
from tokaudit.laws.repeated_data import RepeatedDataLaw

BASE = {name: np.array([value]) for name, value in BESIROGLU.constants.items()}


@pytest.mark.parametrize("stars", [(15.0, 5.0), (3.0, np.inf), (np.inf, 0.5), (np.inf, np.inf)])
def test_the_loss_is_that_of_the_planner(stars: tuple[float, float]) -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5))
    repeats = Repeats(runs, np.ones(len(runs)), free=True)
    residual, _ = repeats.parts(repeats.points(BASE, np.log([stars])))
    plain = [
        RepeatedDataLaw(BESIROGLU, [DomainPool(1.0, u)], Repetition(*stars)).loss(n, d)
        for n, d, u in zip(runs.params, runs.tokens, runs.unique, strict=True)
    ]

    assert np.exp(residual[0]) * runs.loss == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize("free", [True, False])
def test_the_derivatives_are_those_of_the_residuals(free: bool) -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5), noise=0.01)
    runs.unique[:4] = np.inf  # not known
    repeats = Repeats(runs, np.ones(len(runs)), free=free)
    theta = repeats.points(BASE, np.log([[7.0, 2.0]]))
    _, slopes = repeats.parts(theta)
    assert len(slopes) == (7 if free else 2)
    for place, slope in zip(range(7 - len(slopes), 7), slopes, strict=True):
        step = np.zeros((1, 7))
        step[0, place] = 1e-6
        wanted = (repeats.parts(theta + step)[0] - repeats.parts(theta - step)[0]) / 2e-6
        assert slope == pytest.approx(wanted, rel=1e-3, abs=1e-7)


def test_points_and_constants_are_inverse_to_each_other() -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5))
    repeats = Repeats(runs, np.ones(len(runs)), free=True)
    found = repeats.constants(repeats.points(BASE, np.log([[15.0, 1e9]])))

    assert {name: value[0] for name, value in found.items()} == pytest.approx(
        {**BESIROGLU.constants, "R_D_star": 15.0, "R_N_star": np.inf}
    )


def test_constants_that_make_no_law_have_a_high_objective() -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5))
    repeats = Repeats(runs, np.ones(len(runs)), free=True)
    theta = repeats.points({**BASE, "alpha": np.array([-0.1])}, np.log([[15.0, 5.0]]))

    assert np.isfinite(repeats.value(theta, np.arange(1))).all()
    assert np.isfinite(repeats.expand(theta, np.arange(1), exact=False)[1]).all()
