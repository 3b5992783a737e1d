"""The options that every command takes, before its name and after it; and those that many commands share."""

from pathlib import Path
from typing import Any, get_args

import click
from click.core import ParameterSource

from tokaudit import __version__
from tokaudit.cli.completion import complete_counted_tokenizers
from tokaudit.cli.output import write_text
from tokaudit.cli.session import Progress, Session
from tokaudit.cli.settings import origin, setting, use_file
from tokaudit.core.default_catalog import DEFAULT_CATALOG, DEFAULT_CONFIG
from tokaudit.core.errors import TokauditError
from tokaudit.reports.formats import DEFAULT_FORMAT, REPORTS

counted_tokenizer_option = click.option(
    "--tokenizer",
    metavar="NAME",
    help="Tokenizer that counted the tokens to show.",
    show_default="the catalog's first",
    shell_complete=complete_counted_tokenizers,
    **setting("tokenizer"),
)

where_option = click.option(
    "--where",
    metavar="EXPR",
    help="Count only documents that meet this condition on labels, such as \"language = 'en' and quality > 3\".",
)


def _is_last(context: click.Context) -> bool:
    """Whether no command may follow; if one follows, it is not known yet which file of settings there is."""
    return context.parent is not None and not isinstance(context.command, click.Group)


def _store(name: str) -> Any:
    """Store a value in the session. An option given before or after the command wins over variable and file."""

    def store(context: click.Context, option: click.Parameter, value: Any) -> None:
        session, source = context.ensure_object(Session), context.get_parameter_source(option.name or "")
        if name == "progress" and context.resilient_parsing:
            return  # a shell completes the line; nothing may be written
        if source is ParameterSource.COMMANDLINE:
            setattr(session, name, value)
            session.origins[option.name or ""] = origin(context, option)
        elif source is not ParameterSource.DEFAULT and _is_last(context) and option.name not in session.origins:
            setattr(session, "usual_catalog" if name == "named_catalog" else name, value)
            session.origins[option.name or ""] = origin(context, option)

    return store


class _Times(click.ParamType[int]):
    """How often an option is given. A variable or a file may also say true or false."""

    name = "times"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; 1 for true."""
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        return value if isinstance(value, int) else int(click.BOOL.convert(value, param, ctx))


def _want_more(context: click.Context, option: click.Parameter, value: int) -> None:
    session, source = context.ensure_object(Session), context.get_parameter_source("verbose")
    given = source is ParameterSource.COMMANDLINE
    if context.resilient_parsing or not (given or (_is_last(context) and "verbose" not in session.origins)):
        return
    if source is not ParameterSource.DEFAULT:
        session.origins["verbose"] = origin(context, option)
        session.debug = session.debug or value + session.verbose > 1
        session.verbose = session.verbose or value > 0
    if session.verbose:
        session.hear_records()


def _choose_json(context: click.Context, option: click.Parameter, value: bool) -> None:
    if value:
        session = context.ensure_object(Session)
        session.format, session.origins["format"] = "json", origin(context, option)


def _use_file(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    session = context.ensure_object(Session)
    if context.get_parameter_source("config") is ParameterSource.COMMANDLINE:
        session.named_config = value
    if _is_last(context):
        try:
            use_file(context, session, session.named_config or value)
        except TokauditError as error:
            if not getattr(context.command, "works_without_file", False):
                raise
            session.file_fault = str(error)


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        write_text(f"tokaudit, version {__version__}")
        context.exit()


def _config_option(**kinds: Any) -> click.Option:
    return click.Option(
        ["--config"],
        type=click.Path(readable=False, path_type=Path),
        metavar="FILE",
        callback=_use_file,
        help="File of settings, sources and plans.",
        show_default=f"$TOKAUDIT_CONFIG, or {DEFAULT_CONFIG} if there is one",
        envvar="TOKAUDIT_CONFIG",
        **kinds,
    )


def common_options() -> list[click.Option]:
    """New options that store what they say in the `Session`; the one given last wins."""
    kinds: dict[str, Any] = {"expose_value": False, "is_eager": True}
    flag: dict[str, Any] = {"is_flag": True, **kinds}
    return [
        _config_option(**kinds),  # the first: it gives the others their defaults
        click.Option(
            ["--catalog"],
            type=click.Path(readable=False, path_type=Path),
            metavar="FILE",
            callback=_store("named_catalog"),
            help="Catalog, a DuckDB file.",
            show_default=f"$TOKAUDIT_CATALOG, or {DEFAULT_CATALOG}",
            **{**setting("catalog"), "show_envvar": False},
            **kinds,
        ),
        click.Option(
            ["--format"],
            type=click.Choice(REPORTS.names()),
            callback=_store("format"),
            help="Format of the data on stdout.",
            show_default=DEFAULT_FORMAT,
            **setting("format"),
            **kinds,
        ),
        click.Option(["--json"], callback=_choose_json, help="Short for --format json.", **flag),
        click.Option(
            ["--raw"],
            callback=_store("raw"),
            help="Write text cells of CSV as they are, even those that a spreadsheet computes.",
            **flag,
        ),
        *_stderr_options(),
        click.Option(["-V", "--version"], callback=_show_version, help="Print the version and exit.", **flag),
    ]


def _stderr_options() -> list[click.Option]:
    """New options that say what is written to stderr, and how."""
    kinds: dict[str, Any] = {"expose_value": False, "is_eager": True}
    return [
        click.Option(
            ["-q", "--quiet"],
            callback=_store("quiet"),
            help="Print no progress, notes or warnings on stderr, only errors.",
            is_flag=True,
            **setting("quiet"),
            **kinds,
        ),
        click.Option(
            ["-v", "--verbose"],
            count=True,
            type=_Times(),
            callback=_want_more,
            help="Print more notes; given twice, all.",
            **setting("verbose"),
            **kinds,
        ),
        click.Option(
            ["--progress"],
            type=click.Choice(get_args(Progress)),
            callback=_store("progress"),
            help="How stderr shows progress and notes: json is one object per line, none shows no progress.",
            show_default="auto",
            **setting("progress"),
            **kinds,
        ),
    ]
