"""A group whose commands a registry lists; only the one that is called is imported."""

from typing import Any, ClassVar

import click

from tokaudit.core.plugins import Registry


class RegistryGroup(click.Group):
    """A group with one command per plugin.

    Attributes:
        registry: lists the names.
    """

    registry: ClassVar[Registry[Any]]

    def command_of(self, name: str) -> click.Command:
        """The command of a plugin: by default, the plugin itself."""
        found: click.Command = self.registry.get(name)
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names of all commands."""
        return self.registry.names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None if there is none."""
        return self.command_of(cmd_name) if cmd_name in self.list_commands(ctx) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called.

        Raises:
            UsageError: there is no such command; the message lists the known ones.
        """
        if not ctx.resilient_parsing:
            self.registry.check(args[0])
        return super().resolve_command(ctx, args)
