"""Shares of many domains, against a plain search for the factor."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.planning.mixture import project_shares


@given(seed=st.integers(0, 10**6), count=st.sampled_from([1, 2, 7, 200]), scarce=st.floats(-2, 2), empty=st.booleans())
def test_projected_shares_are_those_of_a_bisected_factor(seed: int, count: int, scarce: float, *, empty: bool) -> None:
    random = np.random.default_rng(seed)
    shares, most = random.dirichlet(np.ones(count)), 10 ** random.uniform(6, 11, count)
    if empty and count > 1:
        shares[0] = 0.0
        shares /= shares.sum()
    used = np.where(shares > 0, most, 0.0)
    tokens = math.fsum(used) * 10**scarce
    found, feasible = project_shares(shares.tolist(), most.tolist(), tokens)
    assert feasible == (tokens <= math.fsum(used))
    if not feasible:
        assert found == pytest.approx(used / used.sum())
        return
    low, high = 0.0, 1e18
    for _ in range(300):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(used / tokens, middle * shares).sum() < 1 else (low, middle)
    assert found == pytest.approx(np.minimum(used / tokens, high * shares), rel=1e-6, abs=1e-12)
