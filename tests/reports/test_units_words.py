"""Shares as people read them."""

import pytest

from tokaudit.core.units import mixture_share, percent


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
