"""The options that every command takes, before its name and after it; and those that many commands share."""

from pathlib import Path
from typing import Any, get_args

import click

from tokaudit import __version__
from tokaudit.cli.completion import complete_counted_tokenizers
from tokaudit.cli.output import write_text
from tokaudit.cli.session import DEFAULT_CATALOG, Progress, Session
from tokaudit.reports.formats import DEFAULT_FORMAT, REPORTS

counted_tokenizer_option = click.option(
    "--tokenizer",
    metavar="NAME",
    help="Tokenizer that counted the tokens to show.",
    show_default="the catalog's first",
    shell_complete=complete_counted_tokenizers,
)

where_option = click.option(
    "--where",
    metavar="EXPR",
    help="Count only documents that meet this condition on labels, such as \"language = 'en' and quality > 3\".",
)


def _store(name: str) -> Any:
    def store(context: click.Context, _: click.Parameter, value: Any) -> None:
        session = context.ensure_object(Session)
        if value is not None and value is not False and not (name == "progress" and context.resilient_parsing):
            setattr(session, name, value)

    return store


def _want_more(context: click.Context, _: click.Parameter, value: int) -> None:
    session = context.ensure_object(Session)
    if value and not context.resilient_parsing:
        session.debug = session.debug or session.verbose or value > 1
        session.verbose = True
        session.hear_records()


def _choose_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Session).format = "json"


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        write_text(f"tokaudit, version {__version__}")
        context.exit()


def common_options() -> list[click.Option]:
    """New options that store what they say in the `Session`; the one given last wins."""
    kinds: dict[str, Any] = {"expose_value": False, "is_eager": True}
    flag: dict[str, Any] = {"is_flag": True, **kinds}
    return [
        click.Option(
            ["--catalog"],
            type=click.Path(readable=False, path_type=Path),
            metavar="FILE",
            callback=_store("named_catalog"),
            help="Catalog, a DuckDB file.",
            show_default=f"$TOKAUDIT_CATALOG, or {DEFAULT_CATALOG}",
            **kinds,
        ),
        click.Option(
            ["--format"],
            type=click.Choice(REPORTS.names()),
            callback=_store("format"),
            help="Format of the data on stdout.",
            show_default=DEFAULT_FORMAT,
            **kinds,
        ),
        click.Option(["--json"], callback=_choose_json, help="Short for --format json.", **flag),
        click.Option(
            ["-q", "--quiet"],
            callback=_store("quiet"),
            help="Print no progress, notes or warnings on stderr, only errors.",
            **flag,
        ),
        click.Option(
            ["-v", "--verbose"], count=True, callback=_want_more, help="Print more notes; given twice, all.", **kinds
        ),
        click.Option(
            ["--progress"],
            type=click.Choice(get_args(Progress)),
            callback=_store("progress"),
            help="How stderr shows progress and notes: json is one object per line, none shows no progress.",
            show_default="auto",
            **kinds,
        ),
        click.Option(["-V", "--version"], callback=_show_version, help="Print the version and exit.", **flag),
    ]
