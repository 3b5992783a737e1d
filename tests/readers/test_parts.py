"""Parts of a file: stretches of whole lines, and streams that end where a part ends."""

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.files import InputFile
from tokaudit.readers.parts import Stretch, line_starts

DATA = st.lists(st.sampled_from([b"a", b"\n", b"bcd", b"\r"]), max_size=40).map(b"".join)


def held(data: bytes) -> InputFile:
    """A file with these bytes in memory."""
    return InputFile("/a", "a", len(data), "", data=data)


@given(DATA, st.integers(1, 9))
def test_every_part_begins_with_a_line_and_has_at_least_the_size(data: bytes, size: int) -> None:
    starts = list(line_starts(held(data), size))

    assert starts[0] == 0
    assert all(data[start - 1 : start] == b"\n" for start in starts[1:])
    assert all(later - start >= size for start, later in pairwise(starts))
    assert all(start < len(data) for start in starts[1:])


@given(DATA, st.integers(1, 9))
def test_a_part_ends_with_the_first_line_that_makes_it_large_enough(data: bytes, size: int) -> None:
    starts = [*line_starts(held(data), size), len(data)]

    for begin, end in pairwise(starts):
        assert b"\n" not in data[begin + size - 1 : end - 1]


@given(DATA, st.data())
def test_a_stretch_has_the_bytes_between_two_places(data: bytes, choice: st.DataObject) -> None:
    begin = choice.draw(st.integers(0, len(data)))
    end = choice.draw(st.integers(begin, len(data)))

    assert Stretch(io.BytesIO(data), begin, end).read() == data[begin:end]


def test_closing_a_stretch_closes_its_file() -> None:
    file = io.BytesIO(b"abc")
    Stretch(file, 1, 2).close()

    with pytest.raises(ValueError, match="closed"):
        file.read()
