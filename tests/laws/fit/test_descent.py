"""Many descents at once."""

import numpy as np
import pytest

from tokaudit.core.types import Float64, Int64
from tokaudit.laws.fit.descent import descend


class Bowl:
    """The objective ``(x - row % 4)^2 + 100 (y - x^2)^2``: a bent valley, a different one for each of four starts."""

    terms = 300

    def value(self, theta: Float64, rows: Int64) -> Float64:
        """The value at each point."""
        x, y = theta.T
        total: Float64 = (x - rows % 4) ** 2 + 100 * (y - x**2) ** 2
        return total

    def expand(self, theta: Float64, rows: Int64, *, exact: bool) -> tuple[Float64, Float64, Float64]:
        """The value and its derivatives at each point."""
        assert exact
        x, y = theta.T
        gap = y - x**2
        gradient = np.stack([2 * (x - rows % 4) - 400 * x * gap, 200 * gap], axis=1)
        mixed = -400 * x
        curvature = np.array([[2 - 400 * gap + 800 * x**2, mixed], [mixed, np.full(len(x), 200.0)]])
        return self.value(theta, rows), gradient, curvature.transpose(2, 0, 1)


def test_every_start_finds_its_own_minimum() -> None:
    starts = np.random.default_rng(0).uniform(-3, 3, (150, 2))
    theta, value = descend(Bowl(), starts, steps=300, exact=True)

    assert value == pytest.approx(np.zeros(150), abs=1e-12)
    assert theta[:, 0] == pytest.approx(np.arange(150) % 4, abs=1e-5)


def test_no_step_goes_uphill() -> None:
    starts = np.random.default_rng(1).uniform(-3, 3, (20, 2))
    values = [descend(Bowl(), starts, steps=steps, exact=True)[1] for steps in range(12)]

    assert (np.diff(values, axis=0) <= 0).all()


def test_a_start_descends_the_same_way_alone_or_with_others() -> None:
    starts = np.random.default_rng(2).uniform(-3, 3, (70, 2))
    theta, _ = descend(Bowl(), starts, steps=7, exact=True)

    assert (descend(Bowl(), starts[:1], steps=7, exact=True)[0] == theta[:1]).all()


def test_with_zero_steps_the_start_comes_back() -> None:
    starts = np.array([[1.0, 2.0]])
    theta, value = descend(Bowl(), starts, steps=0, exact=True)

    assert (theta == starts).all()
    assert value == Bowl().value(starts, np.arange(1))
