"""``tokaudit compare``: a measured source beside the published corpus it should be."""

import shutil
import sys
import textwrap
from typing import Final

import click

from tokaudit.cli.output import say
from tokaudit.cli.session import Session
from tokaudit.core.errors import printable

_WIDTH: Final = 120
_COLUMNS: Final = ("cause", "tokens", "low", "high")


@click.command()
@click.argument("source")
@click.argument("corpus", metavar="CORPUS[/COMPONENT]")
@click.option("--tokenizer", metavar="NAME", help="Whose tokens [default: the catalog's first].")
@click.pass_obj
def compare(session: Session, source: str, corpus: str, tokenizer: str | None) -> None:
    """Compare a source with the published corpus it should be: the difference, and its causes, in tokens.

    The causes sum to the difference of the measured unique tokens and the published ones. CORPUS alone is what its name
    means, of the source's domain.
    """
    from dataclasses import asdict

    from tokaudit.audit.compare.compare import choose_rows
    from tokaudit.audit.compare.compare import compare as compared
    from tokaudit.audit.compare.measured_source import measured_source
    from tokaudit.catalog.reference.corpora import published_corpora
    from tokaudit.catalog.reference.token_rates import token_rates
    from tokaudit.reports.rows import write_rows
    from tokaudit.supply.published.find import find_named

    named, _ = find_named(corpus, published_corpora(), lineage=[])
    measured = measured_source(session.catalog, source, tokenizer)
    rows, notes = choose_rows(corpus, named, measured.domain)
    found = compared(measured, rows, token_rates())
    warnings = [*notes, *found.warnings]
    for warning in warnings:
        say(session, warning)
    causes = [asdict(cause) for cause in found.causes]
    if session.format not in ("table", "markdown"):
        extra = {
            "source": source,
            "corpus": corpus,
            "tokenizer": measured.tokenizer,
            "measured": found.measured,
            "published": found.published,
            "difference": found.difference,
            "warnings": warnings,
        }
        write_rows(causes, sys.stdout, session.format, columns=(*_COLUMNS, "how"), extra=extra)
        return
    shown = [
        {"cause": "published", "tokens": found.published["tokens"]},
        *causes,
        {"cause": "measured, unique", "tokens": found.measured["tokens_unique"]},
        {"cause": "difference", "tokens": found.difference},
    ]
    write_rows(shown, sys.stdout, session.format, columns=_COLUMNS)
    about = [
        ("published", f"{', '.join(found.published['components'])}, in tokens of {found.published['tokenizer']}"),
        ("measured", f"{source}, in tokens of {measured.tokenizer}"),
        *((cause.cause, cause.how) for cause in found.causes),
    ]
    converted = found.published["difference_converted"]
    if converted is not None:
        about.append(("difference", f"{converted:,} with the published tokens in those of {measured.tokenizer}"))
    bullet = "* " if session.format == "markdown" else ""
    width = min(_WIDTH, shutil.get_terminal_size((_WIDTH, 1)).columns)
    print()
    for name, how in about:
        line = printable(f"{bullet}{name}: {how}")
        print(textwrap.fill(line, width, subsequent_indent="  ", break_on_hyphens=False))


COMMAND: Final[click.Command] = compare
