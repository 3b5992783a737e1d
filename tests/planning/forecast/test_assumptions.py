"""The settings of forecasts, and how users change them."""

import pytest

from tokaudit.catalog.reference.read import read_table
from tokaudit.catalog.reference.stocks import stocks
from tokaudit.core.errors import UsageError
from tokaudit.planning.forecast.assumptions import changed, models, published_years, settings_of
from tokaudit.planning.forecast.forecast import PROJECTIONS
from tokaudit.planning.forecast.forecaster import WITHOUT_DATA

BASE = settings_of("villalobos2024")


@pytest.mark.parametrize("model", models())
def test_every_setting_has_an_interval_a_unit_and_a_source(model: str) -> None:
    rows = [row["name"] for row in read_table("forecast_settings.csv") if model in row["model"].split()]
    found = settings_of(model)
    assert list(found) == rows
    for setting in found.values():
        assert setting.source
        assert setting.unit
        constant = setting.distribution == "constant"
        assert constant == (setting.level is None) == (setting.low == setting.high), setting.name
        assert 0 < setting.low <= setting.high
        assert setting.level in {None, 0.9, 0.95}
        if setting.distribution == "6-lognormal":
            assert setting.high < 6


@pytest.mark.parametrize("model", models())
def test_every_model_has_a_start_a_demand_a_stock_and_published_years(model: str) -> None:
    found = settings_of(model)
    assert {"start", "set_size", "data_growth"} <= set(found)
    assert "stock" in found or {"pages", "bytes_per_page", "bytes_per_token"} <= set(found)
    assert ("compute" in found) == ("compute_growth" in found)
    published = published_years(model)
    assert published
    for row in published:
        assert row.projection in PROJECTIONS
        assert row.year_low < row.year_median < row.year_high
        assert 0 < row.level < 1
        assert row.source


def test_a_domain_has_a_share_a_known_name_and_a_reference_stock() -> None:
    domains = {row.domain for row in stocks()}
    shares = [name.removesuffix(".share") for name in BASE if name.endswith(".share")]
    assert set(shares) <= domains
    assert not set(shares) & set(WITHOUT_DATA)
    assert sum(BASE[f"{name}.share"].low for name in shares) <= 1
    names = {row.stock for row in stocks()}
    for domain in shares:
        if f"{domain}.stock" in BASE:
            cited = BASE[f"{domain}.stock"].source.removeprefix("stocks.csv: ").split("; ")
            assert set(cited) <= names


def test_an_interval_keeps_its_distribution_and_a_value_has_none() -> None:
    found = changed(BASE, ["pages=1e11:2e11", "quality=0.2", "code.share=0.1:0.2"])
    assert (found["pages"].low, found["pages"].high, found["pages"].level) == (1e11, 2e11, 0.95)
    assert (found["pages"].source, found["pages"].kind) == ("--set", None)
    assert (found["quality"].distribution, found["quality"].low, found["quality"].level) == ("constant", 0.2, None)
    assert (found["code.share"].distribution, found["code.share"].level) == ("lognormal", 0.9)
    assert found["repetition"] == BASE["repetition"]
    assert changed(BASE, ["quality=10%:20%"]) == changed(BASE, ["quality=0.1:0.2"])
    assert changed(BASE, []) == BASE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("pages", "is not of the form NAME=LOW:HIGH"),
        ("page=1", f"unknown setting 'page'; did you mean 'pages'.*known: {', '.join(BASE)}"),
        ("pages=2:1", "is not an interval"),
        ("pages=1:2:3", "is not an interval"),
        ("pages=-1:1", "must be positive"),
        ("quality=0", "must be positive"),
        ("code.share=5", "is not a share from 0 to 1"),
        ("pages=many", "is not a number"),
        ("bytes_per_token=2:7", "it must be below 6"),
        ("start=1066", "a year from 2000 to 2040"),
        ("start=2024:2026", "a year from 2000 to 2040"),
    ],
)
def test_an_invalid_setting_is_refused(change: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        changed(BASE, [change])


def test_a_setting_named_twice_and_an_unknown_model_are_refused() -> None:
    with pytest.raises(UsageError, match="quality is named twice"):
        changed(BASE, ["quality=0.2", "quality=0.3"])
    with pytest.raises(UsageError, match=rf"unknown model 'epoch' \(known: {', '.join(models())}"):
        settings_of("epoch")


@pytest.mark.parametrize("change", ["set_size=1e300:1e308", "pages=1e31", "web_growth=1:1e300", "data_growth=0.1:11"])
def test_a_setting_out_of_bounds_is_refused(change: str) -> None:
    with pytest.raises(UsageError, match="is too large"):
        changed(settings_of("villalobos2024"), [change])
