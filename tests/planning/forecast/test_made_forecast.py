"""A forecast knows the command that makes it anew."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tokaudit.planning.defaults import DEFAULT_LAW, DEFAULT_MODEL
from tokaudit.planning.forecast.forecaster import ForecastOptions, make_forecast
from tokaudit.planning.forecast.made_forecast import MadeForecast

DEFAULT = ForecastOptions(DEFAULT_MODEL, "historical", DEFAULT_LAW)
FORECAST = make_forecast(replace(DEFAULT, samples=100), Path("none.duckdb"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"projection": "compute", "overtraining": 5.0}, "--demand compute --overtraining 5"),
        ({"domain": "code", "seed": 3, "samples": 500}, "--domain code --seed 3 --samples 500"),
        ({"changes": ["quality=10%:0.2", "pages=1e11"]}, "--set quality=10%:0.2 --set pages=1e11"),
        ({"changes": {"quality": (0.1, "20%"), "pages": 10**11}}, "--set quality=0.1:20% --set pages=100000000000"),
        ({"law": "20.0", "model": "villalobos2022"}, "--model villalobos2022 --law 20.0"),
    ],
)
def test_the_command_has_the_options_that_are_no_defaults(changes: dict[str, Any], words: str) -> None:
    made = MadeForecast(replace(DEFAULT, **changes), FORECAST)

    assert shlex.split(made.command) == ["tokaudit", "forecast", *words.split()]
