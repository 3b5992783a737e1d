"""``tokaudit.forecast`` says what ``tokaudit forecast`` says."""

import copy
import pickle
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from made.samples import Run

import tokaudit
from tokaudit.api.forecast import Forecast, forecast

FEW = 500
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "defaults": ("", {}),
    "compute": ("--demand compute --overtraining 5", {"demand": "compute", "overtraining": 5}),
    "a ratio": ("--demand compute --law 20.0 --seed 3", {"demand": "compute", "law": 20, "seed": 3}),
    "a domain": ("--domain code", {"domain": "code"}),
    "settings": ("--set quality=0.1:0.2 --set pages=1e11", {"set": {"quality": (0.1, "20%"), "pages": 10**11}}),
    "settings as text": ("--set quality=10%:0.2", {"set": ["quality=0.1:0.2"]}),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_gives_the_json_of_the_command(name: str, run: Run) -> None:
    options, arguments = CALLS[name]
    found = forecast(**arguments, samples=FEW)

    assert found.to_dict() == run("forecast", *shlex.split(options), "--samples", FEW, "--format", "json").json


@pytest.fixture(scope="module")
def made() -> Forecast:
    """A small forecast."""
    return forecast(samples=FEW)


def test_a_forecast_has_years_and_rows(made: Forecast) -> None:
    assert made.year_low is not None
    assert made.year_median is not None
    assert made.year_high is not None
    assert 2020 < made.year_low < made.year_median < made.year_high
    assert [row["year"] for row in made.rows] == list(range(2024, 2041))
    assert made.to_frame().to_dict("records") == made.rows


def test_attributes_have_the_names_of_the_json(made: Forecast) -> None:
    assert {name for name in made.to_dict() if not hasattr(made, name)} == set()


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])  # noqa: S301
def test_a_copy_of_a_forecast_equals_it(made: Forecast, again: Callable[[Forecast], Forecast]) -> None:
    assert again(made) == made
    assert again(made)._repr_html_() == made._repr_html_()


def test_a_forecast_is_read_in_a_notebook(made: Forecast) -> None:
    assert repr(made).startswith("<Forecast: Demand exceeds the stock, in tokens, in 20")
    assert made._repr_html_().count("<tr>") == 1 + len(made.rows)
    assert "<p>Demand exceeds the stock" in made._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": "none"}, "model: unknown model 'none'"),
        ({"model": 5}, "model: 5 is not a text"),
        ({"demand": "none"}, "demand: 'none' is not one of historical, compute, mixture"),
        ({"law": "none"}, "unknown law 'none'"),
        ({"law": -1}, "law: -1 must be positive and finite"),
        ({"overtraining": float("nan")}, "overtraining: nan is not a number"),
        ({"domain": "none"}, "domain: there is no forecast for 'none'"),
        ({"set": "quality=0.1"}, "set: 'quality=0.1' is not a list of settings; put a single one into a list"),
        ({"set": {"none": 1}}, "set: unknown setting 'none'"),
        ({"set": {5: 1}}, "set: unknown setting '5'"),
        ({"set": {"quality": True}}, "set quality: True is not a number"),
        ({"set": {"quality": (0.2, 0.1)}}, "set quality: '(0.2, 0.1)' is not an interval"),
        ({"set": {"quality": ()}}, "set quality: '()' is not an interval"),
        ({"seed": -1}, "seed: -1 is not a whole number of at least 0"),
        ({"samples": 10}, "samples: 10 is not a whole number from 100 to 1,000,000"),
    ],
)
def test_a_wrong_argument_is_refused_by_its_name(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(tokaudit.UsageError) as raised:
        forecast(**arguments)

    assert message in str(raised.value)
