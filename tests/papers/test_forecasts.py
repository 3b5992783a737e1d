"""Forecasts against the published ones."""

import math

import pytest
from made.paper_tables import table

from tokaudit.catalog.reference.stocks import stocks, training_sets
from tokaudit.laws.published import LAWS
from tokaudit.planning.forecast.assumptions import published_years, settings_of
from tokaudit.planning.forecast.forecast import Futures

NOISE = 0.015  # relative error of medians and ends of 100,000 samples
QUARTER = 0.25


def twenty(flops: float) -> float:
    """The authors' rule: 20 tokens per parameter."""
    return 20 * math.sqrt(flops / 120)


FUTURES = {
    name: Futures(settings_of(name), twenty)
    for name in ("villalobos2024", "villalobos2024-text", "villalobos2022", "villalobos2022-high-quality")
}
HERE = FUTURES["villalobos2024"]


@pytest.mark.parametrize("row", table("villalobos2024_stocks.csv"), ids=lambda row: row["adjusted"])
def test_stocks_match_the_authors_code_and_round_to_the_paper_s(row: dict[str, str]) -> None:
    (found,) = [stock for stock in HERE.stocks() if stock.adjusted == row["adjusted"]]
    assert found.level == 0.95
    assert found.median == pytest.approx(float(row["code"]), rel=NOISE / 2)
    assert (found.low, found.high) == pytest.approx((float(row["code_low"]), float(row["code_high"])), rel=NOISE)
    published = [float(row[name]) for name in ("published", "published_low", "published_high")]
    assert [found.median, found.low, found.high] == pytest.approx(published, rel=0.025)
    printed = [(stock.value, stock.low, stock.high) for stock in stocks() if stock.adjusted == row["adjusted"]]
    assert tuple(published) in printed


@pytest.mark.slow
@pytest.mark.parametrize("row", table("villalobos2024_years.csv"), ids=lambda row: row["year"])
def test_stock_and_demand_grow_as_in_the_authors_code(row: dict[str, str]) -> None:
    (found,) = [entry for entry in HERE.rows("historical") if entry.year == int(row["year"])]
    if row["stock"]:
        assert found.stock_median == pytest.approx(float(row["stock"]), rel=NOISE / 2)
    if row["demand"]:
        assert found.demand_median == pytest.approx(float(row["demand"]), rel=NOISE / 2)


@pytest.mark.parametrize("row", table("villalobos2024_exhausted.csv"), ids=lambda row: row["probability"])
def test_demand_exceeds_stock_in_the_quarter_of_the_authors_code(row: dict[str, str]) -> None:
    found = HERE.outcome("historical")
    year = {"0.1": found.year_low, "0.5": found.year_median, "0.9": found.year_high}[row["probability"]]
    assert year is not None
    assert float(row["year"]) - QUARTER <= year <= float(row["year"])


def test_the_paper_s_text_and_figures_give_different_stocks() -> None:
    assert FUTURES["villalobos2024-text"].stocks()[0].median == pytest.approx(774e12, rel=NOISE)


def test_the_published_median_is_a_year_before_any_projection_here() -> None:
    (published,) = (row for row in published_years("villalobos2024") if row.projection == "mixture")
    assert (published.year_median, published.year_low, published.year_high) == (2028, 2026, 2032)
    for projection in HERE.projections:
        found = HERE.outcome(projection).year_median
        assert found == pytest.approx(published.year_median + 1.1, abs=0.1)
    (extra,) = HERE.compare_with([published])
    assert extra.year_median == HERE.outcome("mixture").year_median
    assert "missing" in extra.note


def test_over_training_by_five_is_a_year_earlier_as_published() -> None:
    over = Futures(settings_of("villalobos2024"), twenty, overtraining=5)
    for projection in HERE.projections:
        optimal, found = HERE.outcome(projection).year_median, over.outcome(projection).year_median
        assert optimal is not None
        assert found is not None
        assert optimal - found == pytest.approx(1, abs=0.25)


@pytest.mark.parametrize(("run", "percentile"), [("Qwen2.5-72B", 92), ("Qwen3-235B-A22B", 83), ("DeepSeek-V4-Pro", 17)])
def test_a_training_set_has_the_percentile_that_the_readme_says(run: str, percentile: float) -> None:
    (found,) = HERE.back_test(each for each in training_sets() if each.run == run)
    assert found.percentile_total == pytest.approx(percentile, abs=0.5)


@pytest.mark.parametrize("row", table("villalobos2022_table1.csv"), ids=lambda row: row["model"])
def test_the_years_of_the_2022_paper_are_met_within_18_months(row: dict[str, str]) -> None:
    (found,) = [
        entry
        for entry in FUTURES[row["model"]].compare_with(published_years(row["model"]))
        if entry.projection == "historical"
    ]
    printed = [float(row[name]) for name in ("year_median", "year_low", "year_high")]
    assert [found.published_median, found.published_low, found.published_high] == printed
    assert found.level == 0.9
    assert found.year_median == pytest.approx(printed[0], abs=0.5)
    assert [found.year_low, found.year_high] == pytest.approx(printed[1:], abs=1.5)


@pytest.mark.parametrize("model", ["villalobos2022", "villalobos2022-high-quality"])
def test_a_projection_with_missing_settings_has_no_year_of_ours(model: str) -> None:
    (found,) = [row for row in FUTURES[model].compare_with(published_years(model)) if row.projection == "compute"]
    assert found.year_median is None
    assert "not reproduced" in found.note


def test_a_law_near_20_tokens_per_parameter_gives_similar_years() -> None:
    law = LAWS.get("besiroglu2024")
    found = Futures(settings_of("villalobos2024"), lambda flops: law.optimum(flops).tokens).outcome("compute")
    assert found.year_median == pytest.approx(HERE.outcome("compute").year_median, abs=0.5)
