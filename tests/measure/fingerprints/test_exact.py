"""Keys of texts are MurmurHash3 x64 128 of their bytes."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.measure.fingerprints.exact import text_keys


def keys(texts: list[str]) -> list[str]:
    """The keys, printed as MurmurHash3 prints them."""
    return [f"{high:016x}{low:016x}" for high, low in text_keys(pa.array(texts, pa.large_string())).tolist()]


# From github.com/spaolacci/murmur3, murmur_test.go: computed by the C++ original with seed 0.
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "00000000000000000000000000000000"),
        ("hello", "cbd8a7b341bd9b025b1e906a48ae1d19"),
        ("hello, world", "342fac623a5ebc8e4cdcbc079642414d"),
        ("19 Jan 2038 at 3:14:07 AM", "b89e5988b737affc664fc2950231b2cb"),
        ("The quick brown fox jumps over the lazy dog.", "cd99481f9ee902c9695da1a38987b6e7"),
    ],
)
def test_a_key_is_the_published_hash(text: str, key: str) -> None:
    assert keys([text]) == [key]


@settings(deadline=None)
@given(st.lists(st.text(max_size=80)))
def test_keys_are_those_of_the_mmh3_package(texts: list[str]) -> None:
    mmh3 = pytest.importorskip("mmh3")
    expected = [mmh3.hash64(text.encode(), x64arch=True, signed=False) for text in texts]
    assert text_keys(pa.array(texts, pa.large_string())).tolist() == [list(pair) for pair in expected]


@settings(deadline=None)
@given(st.lists(st.text(max_size=3)))
def test_keys_are_equal_only_for_equal_texts(texts: list[str]) -> None:
    found = keys(texts)
    assert [found.index(key) for key in found] == [texts.index(text) for text in texts]


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1), st.data())
def test_a_slice_has_the_keys_of_its_texts(texts: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(texts)))
    stop = data.draw(st.integers(start, len(texts)))
    text = pa.array(texts, pa.large_string())
    assert np.array_equal(text_keys(text[start:stop]), text_keys(text)[start:stop])


def test_no_texts_give_no_keys() -> None:
    found = text_keys(pa.array([], pa.large_string()))
    assert found.shape == (0, 2)
    assert found.dtype == np.uint64
