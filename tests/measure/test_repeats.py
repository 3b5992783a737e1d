"""Repetition inside documents: what is measured of a batch."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.plain_repeats import plain_repeats
from made.samples import arrow, text

from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.measure.repeats import PARAGRAPHS, Repeats

TEXTS = st.lists(st.lists(st.sampled_from(["a b", "c", "\n", "\n\n", " "]), max_size=20).map("".join), max_size=6)


@given(texts=TEXTS, length=st.integers(1, 5), by_line=st.booleans(), cut=st.integers(0, 3))
def test_texts_of_a_slice_are_measured_as_in_the_plain_count(
    texts: list[str], length: int, by_line: bool, cut: int
) -> None:
    measured = Repeats(by_line, length).bytes_repeated(arrow(texts)[cut:])

    assert measured.tolist() == [plain_repeats(each, length, by_line=by_line) for each in texts[cut:]]


def test_no_texts_have_no_repeats() -> None:
    assert PARAGRAPHS.bytes_repeated(pa.array([], pa.large_string())).tolist() == []


def test_lines_of_forty_characters_count_by_default() -> None:
    assert REPEAT_LENGTH == 40
    for line, repeated in (("x" * 39, 0), ("x" * 40, 40), ("}" + " " * 60, 0)):
        assert Repeats(by_line=True).bytes_repeated(arrow([f"{line}\n{line}"])).tolist() == [repeated]


@pytest.mark.slow
def test_a_long_text_is_measured_as_in_the_plain_count() -> None:
    long = "\n".join(text(seed % 1000, 8) for seed in range(100_000))

    for length in (1, 40):
        measured = Repeats(by_line=True, length=length).bytes_repeated(arrow([long, "a\na", long]))
        expected = plain_repeats(long, length, by_line=True)
        assert measured.tolist() == [expected, int(length == 1), expected]
