"""Numbers as options take them."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.cli.number_types import WholeNumber


@given(st.integers(0, 10**9))
def test_a_number_is_read_as_people_type_it(number: int) -> None:
    for text in (str(number), f"{number:,}", f"{number:_}"):
        assert WholeNumber(0).convert(text, None, None) == number


def test_a_large_number_is_exact() -> None:
    assert WholeNumber(0).convert("9007199254740993", None, None) == 2**53 + 1
    assert WholeNumber(0).convert("007", None, None) == 7


def test_a_suffix_multiplies() -> None:
    assert WholeNumber(1, 10**6).convert("100K", None, None) == 100_000
    assert WholeNumber(1).convert("1.5K", None, None) == 1500


@pytest.mark.parametrize("text", ["", "many", "-1", "1.5", "nan", "inf", "11", "1e400", "0,5", "00"])
def test_another_text_or_a_number_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"is not a whole number from 1 to 10$"):
        WholeNumber(1, 10).convert(text, None, None)


def test_without_a_largest_number_the_message_says_the_smallest() -> None:
    with pytest.raises(click.BadParameter, match=r"'0' is not a whole number of at least 1$"):
        WholeNumber(1).convert("0", None, None)
