"""Reading and writing numbers as people write them."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.core.units import (
    format_bytes,
    format_count,
    format_duration,
    format_number_of,
    format_power,
    parse_count,
    parse_days,
    parse_duration,
    parse_list,
    parse_pairs,
    parse_share,
    parse_size,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("70B", 70e9), ("1.4T", 1.4e12), ("5.76e23", 5.76e23), ("3k", 3e3), (".5M", 5e5), (" 7 M ", 7e6)],
        *[("15_000_000", 15e6), ("2,000", 2e3), ("1,234,567.5", 1_234_567.5), ("1,500B", 1.5e12)],
    ],
)
def test_counts_may_have_a_suffix_and_separators(text: str, value: float) -> None:
    assert math.isclose(parse_count(text), value)


@pytest.mark.parametrize(
    "text",
    [
        *["", "B", "abc", "1e", "-1", "0", "inf", "nan", "1e999", "7Q", "1 2", "0x10", "40%"],
        *["1,5", "20,00", "2,0000", "2000,000", "0,400", "1,000_000", ",5", "1_", "1__0", "1,000,", "1.5,000"],
    ],
)
def test_a_wrong_count_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(UsageError, match=r"^budget: ") as raised:
        parse_count(text, "budget")
    assert repr(text) in str(raised.value)


def test_a_text_that_is_not_a_number_gets_examples() -> None:
    with pytest.raises(UsageError) as raised:
        parse_count("1,5", "--tokens")
    assert str(raised.value) == "--tokens: '1,5' is not a number; write 5.76e23, 70B, 1.4T or 2,000"


@given(st.integers(1, 10**15))
def test_counts_with_commas_or_underscores_are_the_same(value: int) -> None:
    assert parse_count(f"{value:,}") == parse_count(f"{value:_}") == parse_count(str(value)) == value


@given(st.floats(1e-300, 1e300))
def test_parse_count_reads_what_format_count_writes(value: float) -> None:
    assert math.isclose(parse_count(format_count(value)), value, rel_tol=5.1e-3)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.4", 0.4), ("40%", 0.4), ("70 %", 0.7), ("12.5%", 0.125), (".3", 0.3), ("0", 0), ("1", 1), ("100%", 1)],
)
def test_shares_are_fractions_or_percentages(text: str, value: float) -> None:
    assert parse_share(text) == value


@pytest.mark.parametrize("text", ["40", "1.01", "101%", "-1%", "0.4B", "0.4%%"])
def test_a_share_outside_of_0_to_1_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--mfu: .* is not a .*; write 0\.4 or 40%$"):
        parse_share(text, "--mfu")


@given(st.decimals(0, 1, places=4))
def test_a_percentage_is_the_same_share_as_its_fraction(share: Decimal) -> None:
    assert parse_share(str(share)) == float(share)
    assert math.isclose(parse_share(f"{100 * share}%"), float(share), rel_tol=1e-15)


@pytest.mark.parametrize(("text", "value"), [("60", 60), ("60d", 60), ("0.5 D", 0.5), ("1,000d", 1000)])
def test_days_may_have_their_unit(text: str, value: float) -> None:
    assert parse_days(text) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("36h", "unknown unit 'h' in '36h'; write 60 or 60d"),
        ("60k", "unknown unit 'k' in '60k'; write 60 or 60d"),
        ("soon", "'soon' is not a number; write 60 or 60d"),
        ("0d", "'0d' must be positive and finite"),
        ("1e999", "'1e999' must be positive and finite"),
    ],
)
def test_wrong_days_are_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_days(text, "--days")
    assert str(raised.value) == f"--days: {said}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("8GiB", 2**33), ("8Gi", 2**33), ("8gib", 2**33), ("1.5KiB", 1536), ("2TiB", 2**41)],
        *[("500MB", 500_000_000), ("8G", 8 * 10**9), ("4g", 4 * 10**9), ("1,500 kB", 1_500_000), ("1000B", 1000)],
    ],
)
def test_sizes_are_decimal_or_binary_by_their_unit(text: str, value: int) -> None:
    assert parse_size(text) == value


@pytest.mark.parametrize("text", ["8", "1_000", "0"])
def test_a_size_without_a_unit_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_size(text, "--memory")
    assert str(raised.value) == f"--memory: {text!r} has no unit; write 8GiB or 500MB"


@pytest.mark.parametrize("text", ["", "-1GB", "0GB", "0.5B", "8XB", "8BB", "8iB", "1e400GB", "much"])
def test_a_wrong_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--memory: "):
        parse_size(text, "--memory")


@given(st.integers(1, 10**15))
def test_parse_size_reads_what_format_bytes_writes(value: int) -> None:
    assert math.isclose(parse_size(format_bytes(value)), value, rel_tol=5.1e-3)


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
def test_a_malformed_pair_or_a_repeated_name_is_refused(parts: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_pairs(parts, "--supply", "DOMAIN=TOKENS")


def test_every_comma_separates_the_entries_of_a_list() -> None:
    assert parse_list("web=2T, code=1_000", "--supply", "DOMAIN=TOKENS") == {"web": "2T", "code": "1_000"}


@pytest.mark.parametrize("text", ["web=2,000,code=1T", "web=2,000", "web=2,000.5B", "web=0,5,code=0,5"])
def test_a_comma_inside_a_number_of_a_list_is_explained(text: str) -> None:
    part = text.split(",")[1]
    with pytest.raises(UsageError) as raised:
        parse_list(text, "--supply", "DOMAIN=TOKENS")
    why = "commas separate the entries of a list, so write its numbers without them"
    assert str(raised.value) == f"--supply: {part!r} is not of the form DOMAIN=TOKENS; {why}"


@pytest.mark.parametrize("text", ["1T", "web=2T,", "web=2T,code"])
def test_other_malformed_lists_get_no_word_on_commas(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not of the form DOMAIN=TOKENS$"):
        parse_list(text, "--add", "DOMAIN=TOKENS")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0, "0"), (999, "999"), (1000, "1.00K"), (999_999, "1.00M"), (1.4e12, "1.40T"), (5.76e23, "5.76e23")],
)
def test_counts_are_written_with_three_digits_and_a_suffix(value: float | None, text: str) -> None:
    assert format_count(value) == text


@pytest.mark.parametrize(("value", "text"), [(1_250_000_000, "1.25 GB"), (12, "12 B"), (999_999, "1 MB")])
def test_bytes_are_written_in_decimal_units(value: int, text: str) -> None:
    assert format_bytes(value) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [(5.76e23, "5.76e23"), (8e9, "8e9"), (1e100, "1e100"), (2e-7, "2e-7"), (20.0, "20"), (float("inf"), "inf")],
)
def test_a_power_of_ten_has_no_plus_and_no_zeros(value: float, written: str) -> None:
    assert format_power(value) == written


def test_one_thing_is_not_written_in_the_plural() -> None:
    assert [format_number_of(number, "bad record") for number in (0, 1, 2_000)] == [
        "0 bad records",
        "1 bad record",
        "2,000 bad records",
    ]


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [
        ("0", 0, "0 s"),
        ("30", 30, "30 s"),
        ("90s", 90, "90 s"),
        ("10min", 600, "10 min"),
        ("1h", 3600, "1 h"),
        ("2d", 172800, "48 h"),
    ],
)
def test_a_time_is_read_in_seconds_and_shown_in_one_unit(text: str, seconds: float, shown: str) -> None:
    assert parse_duration(text) == seconds
    assert format_duration(seconds) == shown


@pytest.mark.parametrize("text", ["soon", "-1s", "5 weeks", "1e400", ""])
def test_what_is_not_a_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--wait: "):
        parse_duration(text, "--wait")
