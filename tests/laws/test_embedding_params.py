"""Parameters with and without embeddings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.laws.embedding_params import as_counted, params_non_embedding, params_total
from tokaudit.laws.published import LAWS

PARAMS = st.floats(2, 15).map(lambda exponent: 10.0**exponent)


@given(params=PARAMS)
def test_the_conversion_goes_both_ways(params: float) -> None:
    assert params_non_embedding(params_total(params)) == pytest.approx(params, rel=1e-9)


def test_embeddings_matter_in_a_small_model_and_not_in_a_large_one() -> None:
    # arXiv:2406.12907: N + 47491 N^(1/3)
    assert params_total(1e6) == pytest.approx(1e6 + 47_491 * 100)
    assert params_total(1e12) == pytest.approx(1e12, rel=1e-3)


def test_only_laws_that_leave_embeddings_out_convert_parameters() -> None:
    assert as_counted(LAWS.get("kaplan2020"), params_total(1e8)) == pytest.approx(1e8)
    assert as_counted(LAWS.get("porian2024"), 1e8) == 1e8
