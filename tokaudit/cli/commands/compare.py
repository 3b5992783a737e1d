"""``tokaudit compare``: a measured source beside the published corpus it should be."""

from typing import Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session

_COLUMNS: Final = ("cause", "tokens", "low", "high")


@click.command("compare")
@click.argument("source")
@click.argument("corpus", metavar="CORPUS[/COMPONENT]")
@click.option("--tokenizer", metavar="NAME", help="Whose tokens [default: the catalog's first].")
@click.pass_obj
def command(session: Session, source: str, corpus: str, tokenizer: str | None) -> None:
    """Compare a source with the published corpus it should be: the difference, and its causes, in tokens.

    The causes sum to the difference of the measured unique tokens and the published ones. CORPUS alone is what its name
    means, of the source's domain.
    """
    from dataclasses import asdict

    from tokaudit.audit.compare.compare import compare_source
    from tokaudit.audit.compare.steps import explained, steps
    from tokaudit.reports.protocol import ForPeople, Table

    found = compare_source(session.catalog, source, corpus, tokenizer)
    extra = {
        "source": source,
        "corpus": corpus,
        "tokenizer": found.tokenizer,
        "measured": found.measured,
        "published": found.published,
        "difference": found.difference,
        "warnings": found.warnings,
    }
    people = ForPeople(_COLUMNS, steps(found), prose=("cause",), keep=("cause", "tokens"), after=[explained(found)])
    causes = [asdict(cause) for cause in found.causes]
    emit(session, Table((*_COLUMNS, "how"), causes, extra, people=people), found.warnings)


COMMAND: Final = command
