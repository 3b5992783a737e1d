"""The published supply that ``--supply`` names, alone or beside what is measured."""

from dataclasses import replace
from typing import Final

from tokaudit.catalog.reference.corpora import published_corpora, published_lineage
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.errors import UsageError
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.sizes import Published
from tokaudit.supply.published.supply import chosen_supply, measured_and_published, named_supply
from tokaudit.supply.types import Supply

_SHOWN: Final = 100  # characters of what was asked for, in a message


def published_supply(named: str | None, text: str, tokenizer: str, law_tokenizer: str) -> Supply:
    """What is published, of the corpora after the colon or chosen.

    Args:
        named: the colon and what stands behind it; None: nothing is named.
        text: of ``--supply``, for messages.
        tokenizer: whose tokens.
        law_tokenizer: in whose tokens corpora that are counted by many are added up.

    Raises:
        UsageError: no corpora after the colon, or an unknown one.
    """
    published = Published(LineageGraph(published_corpora(), published_lineage()), token_rates(), law_tokenizer)
    if named is None:
        return chosen_supply(tokenizer, published)
    if not named[1:].strip():
        raise UsageError(f"--supply {text}: name corpora after the colon ('tokaudit corpora' lists them)")
    try:
        return named_supply(named[1:], tokenizer, published)
    except UsageError as error:
        start = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise UsageError(f"--supply {start}: {error}") from error


def with_published(measured: Supply, named: str | None, text: str, law_tokenizer: str) -> Supply:
    """Both in the law's tokens, each converted once: by way of the catalog's what is published would be less sure.

    Args:
        measured: what the catalog holds.
        named: the colon and what stands behind it; None: nothing is named.
        text: of ``--supply``, for messages.
        law_tokenizer: in whose tokens both are joined.

    Raises:
        UsageError: no corpora after the colon, or an unknown one.
    """
    other = published_supply(named, text, law_tokenizer, law_tokenizer)
    if other.tokenizer is not None and other.tokenizer != measured.tokenizer:
        measured = _in_tokens_of(other.tokenizer, measured)
    return measured_and_published(measured, other)


def _in_tokens_of(tokenizer: str, measured: Supply) -> Supply:
    """The supply converted, with a warning that says by what."""
    converted = convert(measured, tokenizer, token_rates())
    each = "; ".join(
        f"{entry.domain} {entry.factor.explained()}"
        if entry.factor
        else f"{entry.domain} stays as it is, no rate is known"
        for entry in converted.domains
    )
    why = f"what is measured in tokens of {measured.tokenizer} is converted to those of {tokenizer}: {each}"
    return replace(converted, warnings=(why, *measured.warnings))
