"""The published supply that ``--supply`` names, alone or together with the measured one."""

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

_SHOWN: Final = 100  # characters of --supply in a message


def published_supply(
    named: str | None, text: str, tokenizer: str, law_tokenizer: str, *, count_synthetic: bool = False
) -> Supply:
    """The supply of the corpora named after the colon, or of chosen ones.

    Args:
        named: the colon and the names after it; None: no names.
        text: the value of ``--supply``, for messages.
        tokenizer: the tokenizer to count in.
        law_tokenizer: the law's, which counts without a named tokenizer are taken for.
        count_synthetic: whether synthetic text counts, in its own domain.

    Raises:
        UsageError: there are no names after the colon, or an unknown one.
    """
    published = Published(LineageGraph(published_corpora(), published_lineage()), token_rates(), law_tokenizer)
    if named is None:
        chosen = chosen_supply(tokenizer, published, count_synthetic=count_synthetic)
        return replace(chosen, published=True)
    if not named[1:].strip():
        raise UsageError(f"--supply {text}: names no corpus after the colon (`tokaudit corpora` lists them)")
    try:
        found = named_supply(named[1:], tokenizer, published, count_synthetic=count_synthetic)
    except UsageError as error:
        start = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise UsageError(f"--supply {start}: {error}") from error
    return replace(found, published=True)


def with_published(
    measured: Supply, named: str | None, text: str, law_tokenizer: str, *, count_synthetic: bool = False
) -> Supply:
    """The measured and the published supply in the law's tokens, each converted only once.

    Args:
        measured: the catalog's supply.
        named: the colon and the names after it; None: no names.
        text: the value of ``--supply``, for messages.
        law_tokenizer: the tokenizer that both are converted to.
        count_synthetic: whether published synthetic text counts, in its own domain.

    Raises:
        UsageError: there are no names after the colon, or an unknown one.
    """
    other = published_supply(named, text, law_tokenizer, law_tokenizer, count_synthetic=count_synthetic)
    if other.tokenizer is not None and other.tokenizer != measured.tokenizer:
        measured = _in_tokens_of(other.tokenizer, measured)
    return measured_and_published(measured, other)


def _in_tokens_of(tokenizer: str, measured: Supply) -> Supply:
    """The supply converted, with a warning that names the factors."""
    converted = convert(measured, tokenizer, token_rates())
    each = "; ".join(
        f"{entry.domain} {entry.factor.explained()}"
        if entry.factor
        else f"{entry.domain} is not converted, because no rate is known"
        for entry in converted.domains
    )
    why = f"measured tokens of {measured.tokenizer} are converted to those of {tokenizer}: {each}"
    return replace(converted, warnings=(why, *measured.warnings))
