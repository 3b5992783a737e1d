"""Parts of a book are packed into one entry and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.pages.parts import pack_parts, unpack_parts


@given(st.lists(st.binary(max_size=50)))
def test_parts_come_back_as_they_were(parts: list[bytes]) -> None:
    assert list(unpack_parts(pack_parts(parts))) == parts


@given(st.lists(st.binary(max_size=9), min_size=1), st.integers(1, 8))
def test_a_cut_entry_is_refused(parts: list[bytes], cut: int) -> None:
    packed = pack_parts([*parts, b"12345678"])

    with pytest.raises(ValueError, match="cut"):
        list(unpack_parts(packed[:-cut]))
