"""``tokaudit tokenizers``: the bundled vocabularies, or one of the user's, and what counts with each."""

import sys
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.core.types import Row

_COLUMNS: Final = ("tokenizer", "tokens", "licence", "source", "vocabulary_sha256", "counter")
_SHORT: Final = 12  # digits of a hash that people compare


@click.command()
@click.option("--tokenizer", metavar="NAME", help="Show this one (any form that `ingest` takes), not the bundled ones.")
@click.pass_obj
def tokenizers(session: Session, tokenizer: str | None) -> None:
    """List the vocabularies that need no network: size, licence, origin, hash, and what counts.

    The counter is empty until a vocabulary has been loaded once.
    """
    from tokaudit.reports.rows import write_rows

    rows = _bundled() if tokenizer is None else [_one(tokenizer)]
    columns = (*_COLUMNS, "fallback_reason") if tokenizer is not None else _COLUMNS
    if session.format in ("table", "markdown"):
        for row in rows:
            row["vocabulary_sha256"] = row["vocabulary_sha256"][:_SHORT]
    write_rows(rows, sys.stdout, session.format, columns=columns)


def _bundled() -> "list[Row]":
    from tokaudit.measure.tokenizers.agreement_check import known_counter
    from tokaudit.measure.tokenizers.sources.bundled import BUNDLED

    return [
        {
            "tokenizer": name,
            "tokens": bundled.tokens,
            "licence": bundled.licence,
            "source": bundled.origin,
            "vocabulary_sha256": bundled.sha256,
            "counter": known_counter(bundled.sha256),
        }
        for name, bundled in BUNDLED.items()
    ]


def _one(name: str) -> "Row":
    from tokaudit.measure.tokenizers.canonical import vocabulary_size
    from tokaudit.measure.tokenizers.resolve import load_counter, resolve
    from tokaudit.measure.tokenizers.sources.bundled import BUNDLED

    vocabulary = resolve(name)
    counter = load_counter(vocabulary)
    return {
        "tokenizer": vocabulary.name,
        "tokens": vocabulary_size(vocabulary.load()),
        "licence": BUNDLED[name].licence if name in BUNDLED else None,
        "source": vocabulary.source,
        "vocabulary_sha256": vocabulary.sha256,
        "counter": counter.identity.counter,
        "fallback_reason": counter.fallback_reason,
    }


COMMAND: Final[click.Command] = tokenizers
