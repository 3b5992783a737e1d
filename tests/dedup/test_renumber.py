"""Numbers are found again under their new numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tokaudit.core.types import UInt32
from tokaudit.dedup.renumber import renumbered


@given(arrays.arrays(np.uint32, st.tuples(st.integers(0, 20), st.integers(1, 2)), elements=st.integers(0, 29)))
def test_each_number_is_at_its_new_place(numbers: UInt32) -> None:
    distinct, places = renumbered(numbers, 30)

    assert distinct.tolist() == sorted(set(numbers.ravel().tolist()))
    assert (distinct[places] == numbers).all()
