"""Numbers from Python are those that their text gives."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import (
    Number,
    Numbers,
    checked_name,
    given_count,
    given_days,
    given_pairs,
    given_seconds,
    given_share,
    whole_number,
)

FORM = "DOMAIN=TOKENS"


@given(st.floats(5e-324, 1.7e308) | st.integers(1, 10**300))
def test_a_count_is_exact_as_a_number_and_as_its_text(number: float) -> None:
    assert given_count(number) == given_count(repr(number)) == float(number)
    assert given_days(number) == given_days(repr(number)) == float(number)


@given(st.floats(0, 1))
def test_a_share_is_exact_as_a_number_and_as_its_text(share: float) -> None:
    assert given_share(share) == given_share(repr(share)) == given_share(np.float64(share)) == share


@given(st.integers(0, 2**200))
def test_a_whole_number_is_exact(number: int) -> None:
    assert whole_number(number, "n", 0) == whole_number(str(number), "n", 0) == number


@pytest.mark.parametrize("number", [np.float32(2), np.int8(2), np.uint64(2), Fraction(4, 2), 2.0, " 2 ", np.str_("2")])
def test_numbers_of_other_types_are_taken(number: Number) -> None:
    assert given_count(number) == 2


BAD = [None, True, np.True_, [2], b"2", Decimal(2), float("nan"), np.float64("nan"), 2j, np.array(2)]


@pytest.mark.parametrize("value", BAD, ids=[f"{type(each).__name__} {each!r}" for each in BAD])
@pytest.mark.parametrize("read", [given_count, given_share, given_days])
def test_what_is_not_a_number_is_refused_by_name(value: Number, read: Callable[[Number, str], float]) -> None:
    with pytest.raises(UsageError, match=r"^--x: .* is not a number; write "):
        read(value, "--x")


@pytest.mark.parametrize("value", [0, -1, float("inf"), -float("inf"), 10**400, np.float64(0)])
def test_a_count_must_be_positive_and_finite(value: float) -> None:
    with pytest.raises(UsageError, match=r"--x: .* must be positive and finite"):
        given_count(value, "--x")


@pytest.mark.parametrize("value", [-0.1, 1.0001, 2, float("inf"), 10**400])
def test_a_share_must_be_from_0_to_1(value: float) -> None:
    with pytest.raises(UsageError, match=r"--x: .* is not a share from 0 to 1"):
        given_share(value, "--x")


@pytest.mark.parametrize("value", [1.5, "1.5", -1, 11, None, True, float("nan"), float("inf"), "many", 10**400])
def test_a_whole_number_must_be_whole_and_within_bounds(value: Number) -> None:
    with pytest.raises(UsageError, match=r"--x: .* is not a whole number from 0 to 10"):
        whole_number(value, "--x", 0, 10)


def test_a_number_too_long_to_be_written_is_refused_too() -> None:
    with pytest.raises(UsageError, match="--x: a number of thousands of digits is not a whole number from 0 to 10"):
        whole_number(10**5000, "--x", 0, 10)


def test_names_in_a_mapping_may_have_any_printable_characters() -> None:
    pairs: Numbers = {"a,b": 1, "web=2T": "2T", " lone ": 3}

    assert given_pairs(pairs, "--x", FORM) == pairs
    assert given_pairs("a=1, b=2T", "--x", FORM) == {"a": "1", "b": "2T"}


@pytest.mark.parametrize("name", ["", " ", None, 5, "a\nb", "a\x1b", "a\u2028b", "\ud800"])
def test_a_name_that_can_not_be_shown_is_refused(name: object) -> None:
    with pytest.raises(UsageError, match=r"^--x: "):
        checked_name(name, "--x")


@pytest.mark.parametrize("given_", [5, None, ["a=1"]])
def test_neither_text_nor_a_mapping_is_refused(given_: Numbers) -> None:
    with pytest.raises(UsageError, match=r"--x: .* is neither text of the form DOMAIN=TOKENS nor a mapping"):
        given_pairs(given_, "--x", FORM)


@pytest.mark.parametrize(("value", "seconds"), [("1.5", 1.5), (2, 2.0), (np.float32(0.5), 0.5), ("inf", math.inf)])
def test_seconds_are_positive_numbers(value: Any, seconds: float) -> None:
    assert given_seconds(value) == seconds


@pytest.mark.parametrize("wrong", [0, -1, "", "soon", math.nan, None, True, [1]])
def test_other_seconds_are_refused(wrong: Any) -> None:
    with pytest.raises(UsageError, match=r"^timeout: .* is not a positive number of seconds$"):
        given_seconds(wrong, "timeout")
