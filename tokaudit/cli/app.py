"""The program ``tokaudit``: finds commands by file name, gives them common options, turns errors into exit codes."""

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from tokaudit import __version__
from tokaudit.cli.interrupt import EXIT_CODE, INTERRUPTED, stop_in_time
from tokaudit.cli.session import DEFAULT_CATALOG, Session
from tokaudit.core.errors import InputError, TokauditError, UsageError
from tokaudit.core.plugins import Registry
from tokaudit.reports.formats import DEFAULT_FORMAT, REPORTS

_GARBAGE: Final = 10_000
"""Objects after which Python looks for garbage in cycles: next to none is made here, and looking takes a tenth of
the time of a tree of small files."""

COMMANDS: Final = Registry[click.Command]("tokaudit.cli.commands", "COMMAND", "command")


def _common(name: str) -> Any:
    def store(context: click.Context, _: click.Parameter, value: Any) -> None:
        session = context.ensure_object(Session)
        if value is not None and value is not False:
            setattr(session, name, value)

    return store


def common_options() -> list[click.Option]:
    """Options that are taken before the command's name and after it alike."""
    kinds: dict[str, Any] = {"expose_value": False, "is_eager": True}
    return [
        click.Option(
            ["--catalog"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            callback=_common("named_catalog"),
            help=f"The DuckDB catalog [default: $TOKAUDIT_CATALOG or {DEFAULT_CATALOG}].",
            **kinds,
        ),
        click.Option(
            ["--format"],
            type=click.Choice(REPORTS.names()),
            callback=_common("format"),
            help=f"How data is written to stdout [default: {DEFAULT_FORMAT}].",
            **kinds,
        ),
        click.Option(
            ["-q", "--quiet"], is_flag=True, callback=_common("quiet"), help="No progress, no notes.", **kinds
        ),
        click.Option(["-v", "--verbose"], is_flag=True, callback=_common("verbose"), help="More notes.", **kinds),
    ]


class Commands(click.Group):
    """A group whose commands are the files of ``cli/commands``; only the one that is called is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names of all commands."""
        return COMMANDS.names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command, with the common options added; None if there is none of that name."""
        if cmd_name not in COMMANDS.names():
            return None
        command = COMMANDS.get(cmd_name)
        if not any(parameter.name == "catalog" for parameter in command.params):
            command.params.extend(common_options())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called.

        Raises:
            UsageError: there is none of that name; the message lists those there are.
        """
        COMMANDS.check(args[0])
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it wrote has left the process."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader of a pipe went away (`| head`): nothing is wrong. click would exit with code 1, and Python
            # would complain at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt:  # of which click would make an empty line first
            _say_interrupted()
        return result


@click.command(cls=Commands, params=common_options(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tokaudit")
def program() -> None:
    """Is data, rather than model size or compute, what limits a training run, in which domain, and by how much?"""


def _check_text(arguments: Sequence[str]) -> None:
    """Refuse what a terminal in another encoding sends: names and SQL are Unicode."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"{argument!r}: is no UTF-8 text") from error


def _say_interrupted() -> NoReturn:
    print(INTERRUPTED, file=sys.stderr)
    sys.exit(EXIT_CODE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program; every expected error is one line on stderr and its class's exit code.

    Args:
        arguments: without the program's name; None for those of the process.
    """
    gc.set_threshold(_GARBAGE, 50, 50)
    session = Session()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - while the program runs
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # where a terminal or pipe is not UTF-8
    try:
        _check_text([*(sys.argv[1:] if arguments is None else arguments), str(session.catalog)])
        program.main(arguments, obj=session, prog_name="tokaudit", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except TokauditError as error:
        print(f"tokaudit: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _say_interrupted()
    except OSError as error:
        # What is read or kept has its own errors: this is where the data goes, a full disk behind a redirection.
        print(f"tokaudit: can't write: {error.strerror or error}", file=sys.stderr)
        sys.stdout = None
        sys.exit(InputError.exit_code)


def run() -> None:
    """The program as a process. It ends at once: taking all objects of Python apart would take a quarter of a second.

    Files and connections have been closed by then.
    """
    code: int | str | None = 0
    try:
        try:
            stop_in_time()
            main()
        except SystemExit as end:
            code = end.code
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stderr.flush()
    except KeyboardInterrupt:  # once more, while the first was being told
        code = EXIT_CODE
    os._exit(code if isinstance(code, int) else int(code is not None))
