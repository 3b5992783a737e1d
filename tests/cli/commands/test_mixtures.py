"""`tokaudit mixtures`, through the installed program."""

import math

import pytest
from made.samples import Run

from tokaudit.catalog.reference.mixtures import find_mixture

pytestmark = pytest.mark.usefixtures("made_reference")


def test_every_mixture_is_listed_with_the_shares_of_plan(run: Run) -> None:
    shares: dict[str, dict[str, float]] = {}
    for row in run("mixtures", "--format", "json").json["rows"]:
        shares.setdefault(row["mixture"], {})[row["domain"]] = row["share"]

    assert set(shares) == {"feed1", "rounded", "llama3", "heard-of"}
    for name, each in shares.items():
        assert math.isclose(math.fsum(each.values()), 1)
        assert each == find_mixture(name).shares


def test_the_table_shows_rounded_shares(run: Run) -> None:
    assert run("mixtures").out.splitlines()[0].split() == ["mixture", "domain", "share", "checked", "source"]
