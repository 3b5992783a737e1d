"""Shares as people read them."""

import pytest

from tokaudit.core.units import mixture_share, percent
from tokaudit.reports.units_words import ratio


@pytest.mark.parametrize(
    ("share", "alone", "of_a_mixture"),
    [
        (None, "-", "-"),
        (0.0, "0 %", "0 %"),
        (0.00003, "<0.01 %", "<0.01 %"),
        (0.0257, "2.57 %", "2.57 %"),
        (0.1649, "16 %", "16.5 %"),
        (0.9962, "99.6 %", "99.6 %"),
        (1.0, "100 %", "100 %"),
    ],
)
def test_a_share_alone_has_fewer_digits(share: float | None, alone: str, of_a_mixture: str) -> None:
    assert (percent(share), mixture_share(share)) == (alone, of_a_mixture)


@pytest.mark.parametrize(("value", "words"), [(1.714, "1.71"), (20.0, "20"), (1875.0, "1,875"), (60_000.0, "60,000")])
def test_a_ratio_is_a_whole_number_from_a_hundred_on(value: float, words: str) -> None:
    assert ratio(value) == words
