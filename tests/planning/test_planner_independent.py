"""Every field of a hundred random plans, against a planner that was written from the definitions alone."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.compare_plans import disagreements
from made.random_requests import SEED, Asked, random_request
from made.samples import Run
from made.second_opinion import Facts, Opinion, read_draws, read_mixtures
from numpy.typing import NDArray

from tokaudit.core.resources import shipped
from tokaudit.laws.find import shipped_draws

REFERENCE = shipped("catalog") / "reference"
REQUESTS = 100
DRAWS = 51
"""So many draws are used, by both planners: all of them take long. The tenth percentile of these is one of them."""


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Constants of the laws as the program prints them, and the reference files."""
    done = subprocess.run([sys.executable, "-m", "tokaudit", "laws", "--json"], capture_output=True, check=True)
    rows = json.loads(done.stdout)["rows"]
    draws = {name: read_draws(REFERENCE / f"{name}_draws.csv") for name in ("besiroglu2024", "muennighoff2023")}
    few = {law: {name: values[:DRAWS] for name, values in each.items()} for law, each in draws.items()}
    return Facts({row["law"]: row for row in rows}, few, read_mixtures(REFERENCE / "mixtures.csv"))


def _few(read: Callable[[str], Mapping[str, NDArray[np.float64]]]) -> Callable[[str], dict[str, NDArray[np.float64]]]:
    return lambda law: {name: values[:DRAWS] for name, values in read(law).items()}


@pytest.mark.slow
@pytest.mark.parametrize("number", range(REQUESTS))
def test_two_planners_agree_in_every_field(
    number: int, facts: Facts, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("laws.find", "planning.options"):
        monkeypatch.setattr(f"tokaudit.{room}.shipped_draws", _few(shipped_draws))
    asked = random_request(random.Random(f"{SEED} {number}"))
    plan = json.loads(run(*asked.arguments(tmp_path)).out)
    assert disagreements(_opinion(asked, facts, plan)) == []


def _opinion(asked: Asked, facts: Facts, plan: Mapping[str, Any]) -> Opinion:
    if asked.supply is None:
        rows = {row["domain"]: row for row in plan["domains"]}
        supply = {name: row["tokens_unique"] for name, row in rows.items()}
        bounds = [{name: row[f"tokens_unique_{end}"] for name, row in rows.items()} for end in ("low", "high")]
    else:
        given = {name: asked.supply[name] for name in sorted(asked.supply)}
        supply = {name: row[1] for name, row in given.items()}
        bounds = [{name: row[at] for name, row in given.items()} for at in (0, 2)] if asked.bounded else []
    return Opinion(facts, plan, asked, supply, tuple(bounds))
