"""What every command of ``tokaudit`` has: a group, a summary, examples, the common options, and its own hints."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final, Literal

import click

from tokaudit.cli.common_options import common_options
from tokaudit.cli.output import write_text
from tokaudit.cli.session import Session
from tokaudit.cli.settings import add_origins, from_elsewhere, unknown_variables
from tokaudit.core.errors import TokauditError

Group = Literal["Count", "Inspect", "Plan", "Published", "Manage"]
GROUPS: Final[tuple[Group, ...]] = ("Count", "Inspect", "Plan", "Published", "Manage")
"""Headings of ``tokaudit --help``, in order."""


class _WholeNames(click.HelpFormatter):
    """Wraps at blanks only, so that names with a hyphen stay whole; writes defaults in one style."""

    _UNBROKEN: Final = "\ue000"
    """Stands for a hyphen while lines are wrapped; a letter for private use, so no help contains it."""

    def write_text(self, text: str) -> None:
        """Write a wrapped paragraph."""
        super().write_text(text.replace("-", self._UNBROKEN))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of terms, each with a wrapped explanation."""
        plain = ((term, re.sub(r"([\[ ]default: )\(([^()]*)\)", r"\1\2", text)) for term, text in rows)
        whole = [(term, text.replace("-", self._UNBROKEN)) for term, text in plain]
        super().write_dl(whole, col_max, col_spacing)

    def getvalue(self) -> str:
        """All that was written."""
        return super().getvalue().replace(self._UNBROKEN, "-")


class _Context(click.Context):
    formatter_class = _WholeNames


class HelpWriter(click.Command):
    """A command whose ``--help`` is written like data: if the disk behind it is full, the error is one line."""

    context_class = _Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; each error knows the command that it is about."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option of click, with a callback of our own."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
            option.help = "Print this help and exit."
        return option


class Listed(HelpWriter):
    """What ``tokaudit --help`` lists: a command, or a group of commands.

    Args:
        given: arguments of click's class.
        group: the heading in ``tokaudit --help`` that lists it.
        examples: whole command lines, printed at the end of the help.
        settings: further arguments of click's class.
    """

    def __init__(self, *given: Any, group: Group, examples: Sequence[str], **settings: Any) -> None:
        super().__init__(*given, **settings)
        self.params.extend(common_options())
        self.heading = group
        self.examples = tuple(examples)

    @property
    def summary(self) -> str:
        """The first paragraph of the help, on one line."""
        return " ".join((self.help or "").partition("\n\n")[0].split())

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the examples; they are never wrapped."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{example}\n")


class Command(Listed):
    """A command of ``tokaudit``; used as ``@click.command("name", cls=Command, group=…, examples=…)``.

    Args:
        given: arguments of `click.Command`.
        required: parameter's name -> what to do if it is missing; an option's help is used if it is not named here.
        surplus: what to do if there are more arguments than the command takes; empty: nothing is suggested.
        works_without_file: whether the command goes on if the file of settings has a fault: it helps to find that.
        settings: further arguments of `Listed`.
    """

    allow_extra_args = True  # they are refused below, with a hint

    def __init__(
        self,
        *given: Any,
        required: Mapping[str, str] | None = None,
        surplus: str = "",
        works_without_file: bool = False,
        **settings: Any,
    ) -> None:
        super().__init__(*given, **settings)
        self.required = required or {}
        self.surplus = surplus
        self.works_without_file = works_without_file

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and refuse arguments that the command does not take.

        Raises:
            click.UsageError: there are such arguments; the message has a hint.
        """
        given = list(args)
        left = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            message = (
                self._list_in_pieces(given, left[0])
                or self.surplus
                or f"{left[0]!r}: unexpected argument; put a value of several words in quotes"
            )
            raise click.UsageError(message, ctx)
        return left

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors and ``-v`` say which settings come from a variable or a file."""
        session = ctx.ensure_object(Session)
        if session.file_fault:
            session.say(f"the file of settings is not used: {session.file_fault}")
        for sentence in unknown_variables():
            session.say(sentence)
        if session.verbose and (found := [f"{name} ({place})" for name, place in from_elsewhere(ctx)]):
            session.say(f"settings from a variable or a file: {', '.join(found)}")
        try:
            return super().invoke(ctx)
        except TokauditError as error:
            add_origins(error, ctx)
            raise

    def _list_in_pieces(self, given: Sequence[str], first: str) -> str:
        """What to write instead, if a list was given in several arguments; empty if none was."""
        from shlex import quote

        for option in self.params:
            if not isinstance(option, click.Option) or "," not in (option.metavar or ""):
                continue
            for name in option.opts:
                pieces = _after(given, name)
                if first in pieces[1:]:
                    whole = (" " if any("," in piece for piece in pieces) else ",").join(pieces)
                    return f"{name}: the list must be one argument; quote it: {name} {quote(whole)}"
        return ""


def with_options(options: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """A decorator that gives a function these options and arguments of click, in this order."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _after(given: Sequence[str], name: str) -> list[str]:
    """The arguments after an option, up to the next option."""
    for place, argument in enumerate(given):
        head, equals, value = argument.partition("=")
        if argument == name or (head == name and equals):
            rest = list(takewhile(lambda each: not each.startswith("-"), given[place + 1 :]))
            return [value, *rest] if equals else rest
    return []


def _show_help(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        write_text(context.get_help())
        context.exit()
