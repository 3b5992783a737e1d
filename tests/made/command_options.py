"""The options that a command has of its own."""

from collections.abc import Iterator

import click

from tokaudit.cli.app import COMMANDS
from tokaudit.cli.common_options import common_options


def own_options(command: str) -> Iterator[str]:
    """The options of a command without the common ones, as names of Python."""
    common = {option.name for option in common_options()}
    for option in COMMANDS.get(command).params:
        if isinstance(option, click.Option) and option.name not in common:
            yield max(option.opts, key=len).removeprefix("--").replace("-", "_")
