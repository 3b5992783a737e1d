"""A fit knows the command that makes it anew."""

import shlex

import pytest
from made.runs import scattered

from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.laws.fit.methods import METHODS

FIT = METHODS.get("parametric")(scattered(count=15), draws=0)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (MadeFit("my runs.csv", "parametric", FIT, []), ["my runs.csv"]),
        (MadeFit(None, "parametric", FIT, [], draws=1000), ["FILE.csv"]),
        (
            MadeFit("a.csv", "isoflop", FIT, [], drops=["loss>3", "line=7"], draws=0),
            ["a.csv", "--method", "isoflop", "--drop", "loss>3", "--drop", "line=7", "--draws", "0"],
        ),
        (
            MadeFit("a.csv", "parametric", FIT, [], base="muennighoff2023"),
            ["a.csv", "--base", "muennighoff2023"],
        ),
    ],
)
def test_the_command_has_the_options_that_are_no_defaults(made: MadeFit, words: list[str]) -> None:
    assert shlex.split(made.command("draws")) == ["tokaudit", "fit", *words, "--show", "draws"]
