"""The program ``tokaudit``: finds commands by file name and turns errors into exit codes."""

import gc
import io
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from tokaudit.cli.command import GROUPS, HelpWriter, Listed
from tokaudit.cli.common_options import common_options
from tokaudit.cli.interrupt import EXIT_CODE, WHY, chosen_progress, leave, speak_through, stop_in_time
from tokaudit.cli.output import ReaderLeft, flush
from tokaudit.cli.registry_group import RegistryGroup
from tokaudit.cli.session import Session
from tokaudit.core.errors import InputError, TokauditError, UsageError
from tokaudit.core.plugins import Registry
from tokaudit.core.shortage import shortage

_GARBAGE: Final = 10_000
"""Number of new objects after which Python looks for garbage in cycles. There is little of it, and with many small
files the default threshold takes a tenth of the time."""

_ENVIRONMENT: Final = {
    **dict.fromkeys(("DATASETS_VERBOSITY", "HF_HUB_VERBOSITY"), "critical"),
    **dict.fromkeys(("HF_DATASETS_DISABLE_PROGRESS_BARS", "HF_HUB_DISABLE_PROGRESS_BARS"), "1"),
    "OPENBLAS_NUM_THREADS": "1",  # it ends the process where it can't start threads, and is asked for little here
}
"""What libraries read from the environment, unless the user has set it: they write nothing to stderr by themselves."""

COMMANDS: Final = Registry[Listed]("tokaudit.cli.commands", "COMMAND", "command")


class Commands(HelpWriter, RegistryGroup):
    """A group whose commands are the files of ``cli/commands``."""

    registry = COMMANDS

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the commands by group, each with its whole summary."""
        commands = [(name, COMMANDS.get(name)) for name in COMMANDS.names()]
        width = max(len(name) for name, _ in commands)
        for group in GROUPS:
            with formatter.section(group):
                formatter.write_dl(
                    [(name.ljust(width), command.summary) for name, command in commands if command.heading == group]
                )

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write how to get the help of a command."""
        formatter.write_paragraph()
        formatter.write_text("`tokaudit COMMAND --help` explains a command and gives examples.")

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it wrote has left the process.

        Raises:
            InputError: the system refused something.
        """
        try:
            result = super().invoke(ctx)
            flush()
        except OSError as error:  # before click, which ends without a message if a pipe is broken
            # Files that are counted and the catalog have errors of their own: this is a folder, a cache, a temporary
            # file.
            what = f"{error.filename}: can't be accessed" if error.filename else "the system refused"
            raise InputError(f"{what}: {error.strerror or error}") from error
        except KeyboardInterrupt:  # before click, which would print an empty line
            _say_interrupted(ctx.ensure_object(Session))
        return result


@click.command(cls=Commands, params=common_options(), context_settings={"help_option_names": ["-h", "--help"]})
def program() -> None:
    """Is data, rather than model size or compute, what limits a training run?

    tokaudit counts the deduplicated tokens of each domain into a catalog. It then plans training runs on that supply,
    or on published corpora.
    """


def _check_text(arguments: Sequence[str]) -> None:
    """Refuse what a terminal in another encoding sends: names and SQL are Unicode."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise UsageError(f"{argument!r}: is not valid UTF-8") from error


def _refuse(session: Session, error: TokauditError) -> None:
    session.fail(str(error), error.exit_code)
    sys.exit(error.exit_code)


def _say_interrupted(session: Session) -> NoReturn:
    session.fail(WHY[signal.SIGINT], EXIT_CODE)
    sys.exit(EXIT_CODE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program; every expected error is one line on stderr and its class's exit code.

    Args:
        arguments: without the program's name; None for those of the process.
    """
    gc.set_threshold(_GARBAGE, 50, 50)
    session = Session()
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - while the program runs
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # where a terminal or pipe is not UTF-8
    given = sys.argv[1:] if arguments is None else arguments
    if chosen_progress(given) == "json":  # wrong arguments are an event, too
        session.progress = "json"
    speak_through(session.last_words)
    code: object = 1
    try:
        _call(arguments, session)
        code = 0
    except SystemExit as stop:
        code = stop.code
        raise
    except Exception as error:  # a fault of the program
        if session.progress != "json":
            raise
        from traceback import format_exc

        session.events.write("error", text=f"{type(error).__name__}: {error}", exit_code=1, traceback=format_exc())
        sys.exit(1)
    finally:
        session.end(code if isinstance(code, int) else int(code is not None))


def _call(arguments: Sequence[str] | None, session: Session) -> None:
    """Run the command; expected errors end the program with their message and exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        _check_text([*given, str(session.catalog)])
        program.main(arguments, obj=session, prog_name="tokaudit", standalone_mode=False)
    except click.UsageError as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError) and session.progress != "json":
            error.show()
            sys.exit(error.exit_code)
        from tokaudit.cli.usage_errors import usage_error

        _refuse(session, usage_error(error))
    except TokauditError as error:
        _refuse(session, error)
    except (KeyboardInterrupt, click.Abort):
        _say_interrupted(session)
    except (MemoryError, RuntimeError, ImportError) as error:
        short = shortage(error)
        if short is None:
            raise
        _refuse(session, short)
    except ReaderLeft:  # Python would complain at its end, when it writes the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _drop_warning(*_: object, **__: object) -> None:
    """Drop a warning of Python or of another library. With ``-v -v`` it becomes a log record instead."""


def run() -> None:
    """The program as a process. It ends at once: taking all objects of Python apart would take a quarter of a second.

    Files and connections have been closed by then.
    """
    code: int | str | None = 0
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if not sys.warnoptions:
        warnings.showwarning = _drop_warning
    try:
        try:
            stop_in_time()
            main()
        except SystemExit as end:
            code = end.code
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with suppress(OSError):
            sys.stderr.flush()
    except KeyboardInterrupt:  # once more, while the first was being reported
        code = EXIT_CODE
    leave(code if isinstance(code, int) else int(code is not None))
