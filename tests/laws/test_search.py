"""Roots and minima of functions of one variable."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.laws.search import minimum, root


@given(place=st.floats(-50, 50), power=st.sampled_from([1, 3]))
def test_a_root_is_found_at_any_place(place: float, power: int) -> None:
    found = root(lambda x: math.copysign(abs(x - place) ** power, x - place), -60, 60)
    assert found == pytest.approx(place, abs=1e-3)


@given(place=st.floats(-50, 50))
def test_a_root_of_a_curved_function_is_precise(place: float) -> None:
    assert root(lambda x: math.atan(x - place), -60, 60) == pytest.approx(place, abs=1e-9)


def test_a_root_at_an_end_is_found() -> None:
    assert root(lambda x: x - 1, 0, 1) == 1


@given(place=st.floats(-9, 9))
def test_a_minimum_is_found_at_any_place(place: float) -> None:
    assert minimum(lambda x: math.cosh(x - place), -10, 10) == pytest.approx(place, abs=1e-6)


def test_the_lower_of_two_minima_is_found() -> None:
    def valleys(x: float) -> float:
        return min((x + 5) ** 2 + 0.1, (x - 5) ** 2)

    assert minimum(valleys, -10, 10) == pytest.approx(5, abs=1e-6)


def test_a_minimum_at_the_edge_is_the_edge() -> None:
    assert minimum(lambda x: x, 2, 3) == pytest.approx(2, abs=1e-6)
