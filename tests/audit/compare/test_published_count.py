"""Published rows as one number in the measured tokenizer's tokens."""

import pytest
from made.registry import published_row

from tokaudit.audit.compare.measured_source import Amount
from tokaudit.audit.compare.published_count import restate
from tokaudit.catalog.reference.corpora import BytesOf
from tokaudit.catalog.reference.token_rates import NO_RATES, TokenRate, TokenRates
from tokaudit.core.errors import UsageError

OURS = Amount(100, 40_000, 10_000)
RATES = TokenRates(
    tuple(
        TokenRate(name, "a", "web", size, None, None, "a source")
        for name, size in (("theirs", 4.0), ("ours", 5.0), ("third", 2.0))
    ),
    {"Their Own": "theirs"},
)


def test_counts_of_the_measured_text_beat_published_rates() -> None:
    row = published_row(tokens=1_000, tokenizer="Their Own")
    published = restate([row], "ours", {"ours": OURS}, RATES).converted
    counted = restate([row], "ours", {"ours": OURS, "theirs": Amount(100, 40_000, 12_500)}, RATES).converted

    assert published is not None
    assert counted is not None
    assert (published.value, counted.value) == pytest.approx((800, 800))
    assert (published.bounded, counted.bounded) == (False, True)
    assert "counted in the catalog" in counted.how
    third = restate([row], "ours", {"ours": OURS, "theirs": Amount(100, 40_000, 20_000)}, RATES).converted
    assert third is not None
    assert (third.low, third.value, third.high) == pytest.approx((500, 500, 500))


def test_the_same_tokenizer_is_exact_without_measured_text() -> None:
    found = restate([published_row(tokenizer="ours")], "ours", {"ours": Amount(0, 0, 0)}, NO_RATES).converted

    assert found is not None
    assert (found.low, found.value, found.high, found.bounded) == (1_000, 1_000, 1_000, True)


@pytest.mark.parametrize("tokenizer", ["", "words"])
def test_an_unknown_tokenizer_is_converted_by_bytes_if_at_all(tokenizer: str) -> None:
    row = published_row(tokens=1_000, tokenizer=tokenizer, bytes=6_000)
    found = restate([row], "ours", {"ours": OURS}, RATES).converted

    assert found is not None
    assert (found.value, found.by_bytes, found.bounded) == (1_500, True, False)
    assert restate([published_row(tokenizer=tokenizer)], "ours", {"ours": OURS}, RATES).converted is None
    assert restate([row], "ours", {"ours": Amount(0, 0, 0)}, RATES).converted is None


def test_one_row_without_a_conversion_leaves_the_sum_without() -> None:
    rows = [published_row(component="one", tokenizer="ours"), published_row(component="two", tokenizer="words")]
    found = restate(rows, "ours", {"ours": OURS}, RATES)

    assert found.converted is None
    assert (found.tokens, found.tokenizer) == (2_000, "ours, words")


@pytest.mark.parametrize(
    ("size", "of", "used"),
    [
        (4_000, "text", True),
        (2_000, "text", False),
        (7_000, "text", False),
        (4_000, "compressed", False),
        (4_000, "files", False),
        (4_000, "characters", False),
        (4_000, "other", False),
    ],
)
def test_bytes_that_are_not_text_are_left_out_with_a_warning(size: int, of: BytesOf, used: bool) -> None:
    found = restate([published_row(bytes=size, bytes_of=of, tokenizer="ours")], "ours", {"ours": OURS}, NO_RATES)

    assert found.bytes == (size if used else None)
    assert [str(size)[0] in warning and "not used" in warning for warning in found.warnings] == [True] * (not used)


def test_an_odd_rate_is_accepted_if_the_measured_text_has_it() -> None:
    row = published_row(bytes=1_200, tokenizer="ours")
    assert restate([row], "ours", {"ours": Amount(1, 1_300, 1_000)}, NO_RATES).bytes == 1_200


def test_a_row_without_tokens_uses_its_bytes_or_is_left_out() -> None:
    sized, bare, full = (
        published_row(component="sized", tokens=None, bytes=8_000),
        published_row(component="bare", tokens=None),
        published_row(component="full", tokenizer="ours"),
    )
    found = restate([sized, bare, full], "ours", {"ours": OURS}, NO_RATES)

    assert (found.tokens, found.tokenizer) == (3_000, "ours")
    assert found.rows == (sized, full)
    assert found.converted is not None
    assert found.converted.value == 3_000
    assert ["bare" in warning for warning in found.warnings] == [False, True]
    for nothing in (OURS, Amount(0, 0, 0)):
        with pytest.raises(UsageError, match="made/bare"):
            restate([bare], "ours", {"ours": nothing}, NO_RATES)
    with pytest.raises(UsageError, match="made/sized"):
        restate([sized], "ours", {"ours": Amount(0, 0, 0)}, NO_RATES)
