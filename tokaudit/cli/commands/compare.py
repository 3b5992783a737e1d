"""``tokaudit compare``: a measured source next to the published corpus it should be."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.common_options import counted_tokenizer_option
from tokaudit.cli.completion import complete_corpora, complete_sources
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("cause", "tokens", "low", "high")


@click.command(
    "compare",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit compare my-fineweb FineWeb",
        "tokaudit compare my-fineweb FineWeb --tokenizer gpt2 --json",
    ),
    required={
        "source": "name a source of the catalog; `tokaudit status` lists them",
        "corpus": "name a published corpus; `tokaudit corpora` lists them",
    },
    surplus="compare: takes one source and one corpus; put a name of several words in quotes",
)
@click.argument("source", shell_complete=complete_sources)
@click.argument("corpus", metavar="CORPUS[/COMPONENT]", shell_complete=complete_corpora)
@counted_tokenizer_option
@click.pass_obj
def command(session: Session, source: str, corpus: str, tokenizer: str | None) -> None:
    """Compare a source with the published corpus it should be.

    Shows the measured unique tokens minus the published tokens, and the causes of that difference. The causes sum to
    it. CORPUS alone means its components of the source's domain.
    """
    from dataclasses import asdict

    from tokaudit.audit.compare.compare import compare_source
    from tokaudit.audit.compare.steps import explained, steps
    from tokaudit.catalog.reference.corpora import AS_OF, REGISTRY_AS_OF

    found = compare_source(session.catalog, source, corpus, tokenizer)
    extra = {
        "source": source,
        "corpus": corpus,
        "tokenizer": found.tokenizer,
        "measured": found.measured,
        "published": found.published,
        "difference": found.difference,
        "complete": found.complete,
        "warnings": found.warnings,
        "registry_as_of": REGISTRY_AS_OF,
    }
    people = ForPeople(_COLUMNS, steps(found), prose=("cause",), keep=("cause", "tokens"), after=[explained(found)])
    causes = [asdict(cause) for cause in found.causes]
    emit(session, Table((*_COLUMNS, "how"), causes, extra, people=people), found.warnings)
    session.say(f"the published numbers are {AS_OF}")


COMMAND: Final = command
