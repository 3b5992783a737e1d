"""R_D* and R_N* alone."""

import numpy as np
import pytest
from made_runs import BESIROGLU, repeated

from tokaudit.fitting._repetition import Repeats
from tokaudit.laws import Repetition
from tokaudit.laws._limited import Limited, Pool

BASE = {name: np.array([value]) for name, value in BESIROGLU.constants.items()}
ONE = np.arange(1)


@pytest.mark.parametrize("stars", [(15.0, 5.0), (3.0, np.inf), (np.inf, 0.5), (np.inf, np.inf)])
def test_the_loss_is_the_planner_s(stars: tuple[float, float]) -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5))
    residual, *_ = Repeats(runs, BASE, np.ones(len(runs))).parts(np.log([stars]), ONE)
    plain = [
        Limited(BESIROGLU, [Pool(1.0, u)], Repetition(*stars)).loss(n, d)
        for n, d, u in zip(runs.params, runs.tokens, runs.unique, strict=True)
    ]

    assert np.exp(residual[0]) * runs.loss == pytest.approx(plain, rel=1e-12)


def test_the_derivatives_are_those_of_the_residuals() -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5), noise=0.01)
    repeats = Repeats(runs, BASE, np.ones(len(runs)))
    theta = np.log([[7.0, 2.0]])
    _, *slopes = repeats.parts(theta, ONE)
    for place, slope in enumerate(slopes):
        step = np.zeros((1, 2))
        step[0, place] = 1e-5
        wanted = (repeats.parts(theta + step, ONE)[0] - repeats.parts(theta - step, ONE)[0]) / 2e-5
        assert slope == pytest.approx(wanted, rel=1e-5, abs=1e-9)


def test_constants_of_a_draw_that_are_no_law_cost_much_and_raise_nothing() -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5))
    base = {**BASE, "alpha": np.array([-0.1])}

    assert np.isfinite(Repeats(runs, base, np.ones(len(runs))).value(np.log([[15.0, 5.0]]), ONE)).all()
