"""Groups whose commands a registry lists."""

import click
import pytest

from tokaudit.cli.app import program
from tokaudit.cli.figure_commands import Figures
from tokaudit.core.errors import UsageError
from tokaudit.reports.figures import FIGURES


def groups() -> list[click.Group]:
    """The program, and the command that draws figures."""
    drawing = program.get_command(click.Context(program), "plot")
    assert isinstance(program, click.Group)
    assert isinstance(drawing, Figures)
    return [program, drawing]


def test_its_names_are_those_of_the_registry() -> None:
    _, drawing = groups()

    assert drawing.list_commands(click.Context(drawing)) == FIGURES.names()


@pytest.mark.parametrize("group", groups(), ids=["program", "plot"])
def test_a_name_that_it_lists_has_a_command_and_another_has_none(group: click.Group) -> None:
    context = click.Context(group)

    assert group.get_command(context, group.list_commands(context)[0]) is not None
    assert group.get_command(context, "no-such-name") is None


@pytest.mark.parametrize("group", groups(), ids=["program", "plot"])
def test_an_unknown_name_is_refused_but_not_while_it_is_completed(group: click.Group) -> None:
    with pytest.raises(UsageError, match="no-such-name"):
        group.resolve_command(click.Context(group), ["no-such-name"])

    completing = click.Context(group, resilient_parsing=True)
    assert group.resolve_command(completing, ["no-such-name"])[1] is None
