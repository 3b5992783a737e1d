"""The shipped estimates of stocks, and the shipped training sets."""

import re

import pytest
from made.registry import DOMAINS

from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.catalog.reference.stocks import stocks, training_sets

UNITS = set(
    "tokens words bytes pages books titles volumes items articles papers documents PDFs files repositories".split()
) | {"token equivalents"}
BROKEN = re.compile(r"second-hand[A-Z]|hand(found|read)|^recalled:|\s{2}|^\s|\s$")


def test_stocks_have_a_unique_name_a_number_and_a_source() -> None:
    rows = stocks()
    assert len({row.stock for row in rows}) == len(rows)
    for row in rows:
        assert row.domain in DOMAINS - {"synthetic"}, row.stock
        assert row.unit in UNITS, row.stock
        assert row.source, row.stock
        assert row.value or (row.low and row.high), row.stock
        assert 2010 <= row.year < 2030, row.stock
        assert not any(BROKEN.search(cell) for cell in (row.stock, row.method, row.source, row.note)), row.stock


def test_intervals_contain_the_value_and_levels_have_intervals() -> None:
    for row in stocks():
        assert (row.low is None) == (row.high is None), row.stock
        assert row.level is None or 0.5 <= row.level < 1, row.stock
        assert row.level is None or row.low is not None, row.stock
        if row.low is not None and row.high is not None:
            assert row.low <= (row.value or row.low) <= row.high, row.stock


def test_no_estimate_is_listed_twice() -> None:
    seen = [(row.domain, row.adjusted, row.value, row.low, row.unit, row.source) for row in stocks()]
    assert len(set(seen)) == len(seen)


def test_a_label_from_memory_is_marked_as_recalled() -> None:
    for row in stocks():
        if "from memory" in row.note:
            assert row.kind == "recalled"


@pytest.mark.parametrize(
    ("stock", "adjusted", "value", "low", "high", "level"),
    [  # Villalobos 2024, Table 1 and Figure 3
        ("indexed web", "raw", 510e12, 130e12, 2100e12, 0.95),
        ("indexed web, quality-adjusted", "quality", 100e12, 22e12, 490e12, 0.95),
        ("indexed web, quality- and repetition-adjusted", "repetition", 320e12, 65e12, 1700e12, 0.95),
        ("effective stock of public human text", "repetition", 300e12, 100e12, 1000e12, 0.9),
    ],
)
def test_published_stocks_are_as_printed(
    stock: str, adjusted: str, value: float, low: float, high: float, level: float
) -> None:
    (row,) = [row for row in stocks() if row.stock == stock]
    assert (row.adjusted, row.value, row.low, row.high, row.level) == (adjusted, value, low, high, level)


def test_training_sets_have_a_source_and_parts_within_the_total() -> None:
    rows = training_sets()
    assert len({row.run for row in rows}) == len(rows)
    assert [row.year for row in rows] == sorted(row.year for row in rows)
    for row in rows:
        assert row.source, row.run
        assert 1e11 <= row.tokens_total <= 1e14, row.run
        assert all(part <= row.tokens_total for part in (row.tokens_natural, row.tokens_unique) if part), row.run
        assert not any(BROKEN.search(cell) for cell in (row.source, row.note)), row.run


OF_THE_MIX = "OLMo-3-32B"  # its set is the mix, of which its card says that it saw 5.50T


def test_training_sets_agree_with_the_known_runs() -> None:
    known = {run.run: run for run in known_runs()}
    shared = [row for row in training_sets() if row.run in known]
    assert len(shared) > 10
    for row in shared:
        of_run = 5.93e12 if row.run == OF_THE_MIX else known[row.run].tokens
        assert row.tokens_total == pytest.approx(of_run, rel=1e-3 if row.run == OF_THE_MIX else 0), row.run
        unique = known[row.run].unique_tokens
        assert None in {row.tokens_unique, unique} or row.tokens_unique == min(unique or 0, row.tokens_total), row.run


@pytest.mark.parametrize(
    ("run", "year", "tokens"),
    [("Qwen2.5-72B", 2024, 18e12), ("Qwen3-235B-A22B", 2025, 36e12), ("DeepSeek-V4-Pro", 2026, 32e12)],
)
def test_the_largest_training_sets_are_as_published(run: str, year: int, tokens: float) -> None:
    (row,) = [row for row in training_sets() if row.run == run]
    assert (row.year, row.tokens_total) == (year, tokens)
