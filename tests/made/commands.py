"""Every command of the program, those of groups too."""

from collections.abc import Iterator

import click

from tokaudit.cli.app import COMMANDS
from tokaudit.cli.command import Listed


def all_commands() -> Iterator[tuple[str, Listed]]:
    """The words that call a command, such as ``plan`` or ``plot supply``, and the command."""
    for name in COMMANDS.names():
        command = COMMANDS.get(name)
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for each in command.list_commands(context):
                inner = command.get_command(context, each)
                assert isinstance(inner, Listed)
                yield f"{name} {each}", inner


EVERY = dict(all_commands())
"""Words -> command."""
