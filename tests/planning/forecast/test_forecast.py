"""Properties of the Monte Carlo of demand against stock, for any numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.catalog.reference.stocks import TrainingSet
from tokaudit.planning.forecast.assumptions import changed, settings_of
from tokaudit.planning.forecast.forecast import HORIZON, YEARS, Futures, Projection
from tokaudit.planning.forecast.outcomes import Outcome

BASE = settings_of("villalobos2024")
FEW = 2000
NEVER = HORIZON + 1


def twenty(flops: float) -> float:
    return 20 * math.sqrt(flops / 120)


def futures(*changes: str, seed: int = 0, overtraining: float = 1.0) -> Futures:
    return Futures(changed(BASE, changes), twenty, seed=seed, samples=FEW, overtraining=overtraining)


def years(found: Outcome) -> list[float]:
    return [year or NEVER for year in (found.year_low, found.year_median, found.year_high)]


@given(st.floats(1, 20), st.sampled_from(["historical", "compute", "mixture"]), st.sampled_from([None, "code"]))
@settings(max_examples=15, deadline=None)
def test_more_stock_lasts_longer(more: float, projection: Projection, domain: str | None) -> None:
    name, low, high = ("code.stock", 0.4e12, 5.25e12) if domain else ("pages", 75e9, 1e12)
    found = futures(f"{name}={low * more}:{high * more}").outcome(projection, domain)
    assert all(
        later >= sooner
        for later, sooner in zip(years(found), years(futures().outcome(projection, domain)), strict=True)
    )


@given(st.floats(0, 0.5))
@settings(max_examples=15, deadline=None)
def test_demand_that_grows_faster_exceeds_the_stock_sooner(more: float) -> None:
    found = futures(f"data_growth={0.27 + more}:{0.48 + more}").outcome("historical")
    assert all(
        sooner <= later for sooner, later in zip(years(found), years(futures().outcome("historical")), strict=True)
    )


@given(st.floats(1, 100), st.sampled_from(["historical", "compute", "mixture"]))
@settings(max_examples=10, deadline=None)
def test_over_training_multiplies_tokens_by_the_root_of_the_ratio(times: float, projection: Projection) -> None:
    plain, over = futures(), futures(overtraining=times)
    assert years(over.outcome(projection))[1] <= years(plain.outcome(projection))[1]
    pairs = zip(plain.rows(projection), over.rows(projection), strict=True)
    assert all(
        more.demand_median == pytest.approx(row.demand_median * math.sqrt(times), rel=1e-9) for row, more in pairs
    )


@given(
    st.integers(0, 2**32),
    st.sampled_from(["historical", "compute", "mixture"]),
    st.sampled_from([None, "books"]),
    st.floats(0.01, 0.6),
)
@settings(max_examples=15, deadline=None)
def test_an_exhausted_stock_stays_exhausted(
    seed: int, projection: Projection, domain: str | None, growth: float
) -> None:
    rows = futures(f"data_growth={growth}", seed=seed).rows(projection, domain)
    assert [row.year for row in rows] == list(YEARS) == list(range(2024, 2041))
    chances = [row.probability_exhausted for row in rows]
    assert chances == sorted(chances)
    assert 0 <= chances[0] <= chances[-1] <= 1


def test_a_seed_gives_the_same_numbers_in_any_order_of_settings() -> None:
    backwards = Futures(dict(reversed(BASE.items())), twenty, samples=FEW)
    for projection in futures().projections:
        assert backwards.rows(projection) == futures().rows(projection)
        assert backwards.outcome(projection) == futures().outcome(projection)
    assert futures(seed=1).outcome("historical") != futures().outcome("historical")


def test_changing_one_setting_leaves_the_samples_of_the_others() -> None:
    same = futures("web_growth=1.01:1.02").rows("historical")
    assert [row.demand_median for row in same] == [row.demand_median for row in futures().rows("historical")]
    assert same[-1].stock_median != futures().rows("historical")[-1].stock_median


def test_with_constant_settings_the_year_is_the_algebraic_one() -> None:
    fixed = [f"{name}={(setting.low + setting.high) / 2}" for name, setting in BASE.items()]
    found = futures(*fixed)
    stock = 537.5e9 * 7150 / 3.5 * 0.25 * 3.5
    gap = math.log(stock / 8e12) / (math.log(10) * 0.375 - math.log(1.03 * 1.05))
    outcome = found.outcome("historical")
    assert years(outcome) == pytest.approx([2024 + gap] * 3)
    compute = math.log(stock / twenty(55e24)) / (math.log(4.5) / 2 - math.log(1.03 * 1.05))
    assert years(found.outcome("compute")) == pytest.approx([2024 + compute] * 3)
    code = math.log(2.825e12 * 3.5 / (0.17 * 8e12)) / (math.log(10) * 0.375 - math.log(1.04))
    assert years(found.outcome("historical", "code")) == pytest.approx([2024 + code] * 3)
    assert [row.median for row in found.stocks()] == pytest.approx([stock / 0.875, stock / 3.5, stock])


def test_the_mixture_is_half_of_each_projection() -> None:
    rows = {projection: futures().rows(projection) for projection in futures().projections}
    for row, one, other in zip(rows["mixture"], rows["historical"], rows["compute"], strict=True):
        half = (one.probability_exhausted + other.probability_exhausted) / 2
        assert row.probability_exhausted == pytest.approx(half, abs=0.03)


def test_settings_without_compute_have_no_compute_projection() -> None:
    found = Futures(settings_of("villalobos2022"), twenty, samples=FEW)
    assert found.projections == ["historical"]
    with pytest.raises(ValueError, match="no projection 'mixture'"):
        found.outcome("mixture")


def test_a_stock_that_is_never_exhausted_has_no_year() -> None:
    found = futures("data_growth=0.001").outcome("historical")
    assert (found.year_median, found.year_high) == (None, None)
    assert found.never > 0.5
    some = futures("data_growth=0.001:0.07").outcome("historical")
    assert some.year_high is None
    assert 0 < some.never < 1


def test_a_stock_exhausted_at_the_start_has_the_year_of_the_start() -> None:
    found = futures("code.stock=1e9").outcome("historical", "code")
    assert years(found) == [2024, 2024, 2024]
    assert found.exhausted_at_start == 1
    assert futures("code.stock=1e9").rows("historical", "code")[0].probability_exhausted == 1


@pytest.mark.parametrize("name", ["pages", "bytes_per_page", "repetition"])
def test_an_interval_contains_its_level_of_the_samples(name: str) -> None:
    others = ["pages", "bytes_per_page", "bytes_per_token", "quality", "repetition"]
    fixed = [f"{other}=1" for other in others if other != name]
    found = Futures(changed(BASE, fixed), twenty, samples=100_000).stocks()[-1]
    assert BASE[name].level == found.level
    assert (found.low, found.high) == pytest.approx((BASE[name].low, BASE[name].high), rel=0.01)
    assert found.median == pytest.approx(math.sqrt(BASE[name].low * BASE[name].high), rel=1e-3)


def test_bytes_per_token_are_at_least_one_and_below_six() -> None:
    fixed = [f"{name}=1" for name in ("pages", "bytes_per_page", "quality", "repetition")]
    found = Futures(changed(BASE, fixed), twenty, samples=100_000).stocks()[-1]
    assert (1 / found.high, 1 / found.median, 1 / found.low) == pytest.approx((2, 4, 5), rel=0.01)
    wide = Futures(changed(BASE, [*fixed, "bytes_per_token=0.001:5.999"]), twenty, samples=FEW).stocks()[-1]
    assert wide.high == 1


def test_extreme_settings_break_nothing() -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        found = futures("compute_growth=100", "data_growth=10", "pages=1e30").outcome("mixture")
    assert found.year_median is not None


def test_the_back_test_gives_the_percentile_of_a_training_set() -> None:
    sets = [
        TrainingSet("old", 2023, 10**12, None, None, "read", "a test", ""),
        TrainingSet("low", 2024, 10**9, 10**9, None, "read", "a test", ""),
        TrainingSet("high", 2025, 10**16, None, 10**9, "read", "a test", ""),
    ]
    low, high = futures().back_test(sets)
    assert (low.run, low.percentile_total, low.percentile_natural, low.percentile_unique) == ("low", 0, 0, None)
    assert (high.run, high.percentile_total, high.percentile_natural, high.percentile_unique) == ("high", 100, None, 0)
    middle = replace(sets[1], tokens_total=int(low.demand_median))
    assert futures().back_test([middle])[0].percentile_total == pytest.approx(50, abs=0.1)
    before, after = futures().rows("historical")[:2]
    assert low.demand_median == pytest.approx(math.sqrt(before.demand_median * after.demand_median), rel=0.02)
    assert low.demand_low < low.demand_median < low.demand_high


@pytest.mark.parametrize("domain", [None, "code"])
def test_the_middle_of_the_samples_has_the_median_within_it(domain: str | None) -> None:
    found = futures()
    for row, band in zip(found.rows("compute", domain), found.bands("compute", domain), strict=True):
        assert row.year == band.year
        assert band.demand_low < row.demand_median < band.demand_high
        assert band.stock_low < row.stock_median < band.stock_high


def test_a_tenth_of_the_samples_lies_beyond_each_end_of_the_middle() -> None:
    (test,) = futures().back_test([TrainingSet("late", 2030, 10**15, None, None, "read", "a test", "")])
    early, late = (row for row in futures().bands("historical") if row.year in {2030, 2031})

    assert early.demand_low < test.demand_low < late.demand_low
    assert early.demand_high < test.demand_high < late.demand_high
