"""Arrow text is read in place, including slices and missing buffers."""

from itertools import pairwise

import pyarrow as pa
import pytest

from tokaudit.measure.fingerprints.buffers import text_buffers


def parts(text: pa.LargeStringArray) -> list[bytes]:
    """The texts read from the buffers."""
    data, offsets = text_buffers(text)
    return [data[a:b].tobytes() for a, b in pairwise(offsets)]


@pytest.mark.parametrize(
    "text",
    [
        pa.array(["a", "", "ünï", "d"], pa.large_string()),
        pa.array(["a", "", "ünï", "d"], pa.large_string())[1:3],
        pa.array(["", ""], pa.large_string()),
        pa.Array.from_buffers(pa.large_string(), 0, [None, pa.py_buffer(b""), pa.py_buffer(b"")]),
        pa.array([], pa.large_string()),
        pa.array(["a"], pa.large_string())[1:],
    ],
)
def test_the_buffers_contain_the_texts(text: pa.LargeStringArray) -> None:
    assert parts(text) == [value.encode() for value in text.to_pylist()]


def test_nothing_is_copied() -> None:
    text = pa.array(["some", "text"], pa.large_string())
    data, offsets = text_buffers(text)
    assert data.ctypes.data == text.buffers()[2].address
    assert offsets.ctypes.data == text.buffers()[1].address
