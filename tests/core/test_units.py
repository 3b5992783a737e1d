"""Numbers as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_bytes, format_count, parse_count, parse_pairs, parse_size


@pytest.mark.parametrize(
    ("text", "value"),
    [("70B", 70e9), ("1.4T", 1.4e12), ("15_000_000", 15e6), ("5.76e23", 5.76e23), ("3k", 3e3), (".5M", 5e5)],
)
def test_counts_are_read_with_their_suffix(text: str, value: float) -> None:
    assert math.isclose(parse_count(text), value)


@pytest.mark.parametrize("text", ["", "B", "abc", "1e", "-1", "0", "inf", "nan", "1e999", "7Q", "1 2", "0x10"])
def test_what_is_no_positive_finite_count_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(UsageError, match="budget"):
        parse_count(text, "budget")


@pytest.mark.parametrize(("text", "value"), [("8GiB", 2**33), ("500MB", 500_000_000), ("1000", 1000), ("1.5KiB", 1536)])
def test_sizes_are_read_with_their_unit(text: str, value: int) -> None:
    assert parse_size(text) == value


@pytest.mark.parametrize("text", ["", "0", "-1GB", "8XB", "1e400GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_size(text)


def test_pairs_are_read_as_written() -> None:
    assert parse_pairs([" web = 2T", "code=1=2"], "--supply", "DOMAIN=TOKENS") == {"web": "2T", "code": "1=2"}
    assert parse_pairs([], "--supply", "DOMAIN=TOKENS") == {}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["web=2T", " code "], r"--supply: 'code' is not of the form DOMAIN=TOKENS$"),
        (["=2T"], "'=2T' is not of the form"),
        (["web="], "'web=' is not of the form"),
        ([""], "'' is not of the form"),
        (["web=1", "web =2"], "--supply: web is named twice"),
    ],
)
def test_what_is_no_pair_and_a_name_twice_are_refused(parts: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_pairs(parts, "--supply", "DOMAIN=TOKENS")


@given(st.floats(1, 1e30))
def test_a_formatted_count_is_within_half_a_percent(value: float) -> None:
    assert math.isclose(parse_count(format_count(value)), value, rel_tol=5.1e-3)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0, "0"), (999, "999"), (1000, "1.00K"), (999_999, "1.00M"), (1.4e12, "1.40T"), (5.76e23, "5.76e23")],
)
def test_counts_have_three_digits_and_a_suffix(value: float | None, text: str) -> None:
    assert format_count(value) == text


def test_bytes_have_decimal_units() -> None:
    assert format_bytes(1_250_000_000) == "1.25 GB"
    assert format_bytes(12) == "12 B"
