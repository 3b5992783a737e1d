"""Scenarios made once for all tests of faults."""

import functools
from collections.abc import Callable

import pytest
from made.scenarios import SCENARIOS, Prepared, Workshop


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Prepared]:
    """The scenario of a name, ready to run."""
    workshop = Workshop(tmp_path_factory.mktemp("workshop"))
    return functools.cache(lambda name: Prepared(SCENARIOS[name], tmp_path_factory.mktemp("scenario"), workshop))
