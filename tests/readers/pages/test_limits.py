"""How long a page may take."""

from tokaudit.readers.pages.limits import SECONDS, seconds_for


def test_every_page_has_some_seconds_and_large_ones_have_more() -> None:
    assert seconds_for(0) == SECONDS
    assert seconds_for(50_000_000) == SECONDS + 50
    assert seconds_for(10) < seconds_for(1_000_000) < seconds_for(1 << 30)
