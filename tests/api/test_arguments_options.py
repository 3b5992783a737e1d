"""The arguments of Python are the options of the commands."""

from inspect import signature

from made.command_options import own_options

import tokaudit
from tokaudit.api.catalog import Catalog

OUTPUTS = {"html", "markdown", "fail_on"}
"""Options of ``plan`` that say where the plan goes, or how the program ends."""
OF_A_PROGRAM = {"engine", "ray_address", "work", "groups", "dry_run"}
"""Options of ``ingest`` that a call of a function does not need."""


def test_plan_has_the_options_of_its_command() -> None:
    assert set(signature(tokaudit.plan).parameters) - {"catalog"} == set(own_options("plan")) - OUTPUTS


def test_ingest_has_the_options_of_its_command() -> None:
    assert (
        set(signature(Catalog.ingest).parameters) - {"self", "data", "progress"}
        == set(own_options("ingest")) - OF_A_PROGRAM
    )
