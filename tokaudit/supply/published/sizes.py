"""The tokens of published rows in one tokenizer, and how they are known."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.catalog.reference.corpora import BYTES_PER_TOKEN, PublishedCorpus
from tokaudit.catalog.reference.token_rates import TokenRates
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.types import DomainSupply, Factor, Supply, TokenBounds

_COMMON: Final = "cl100k_base"
"""The tokenizer to add up in if no rates are published for the requested one."""
_BYTES: Final = "UTF-8 bytes"
_WORDS: Final = frozenset({"unicode_words", "whitespace_words"})


@dataclass(frozen=True, slots=True)
class Published:
    """Everything published: the rows of the registry, which contains which, and the rates of tokenizers.

    Attributes:
        unnamed: the tokenizer that a count without a named one is taken for: the law's, as for bare numbers.
    """

    graph: LineageGraph
    rates: TokenRates
    unnamed: str


@dataclass(frozen=True, slots=True)
class Size:
    """A row's tokens in the requested tokenizer, the factor that converted them, and the count they come from."""

    amount: TokenBounds
    factor: Factor
    of: PublishedCorpus


def common_tokenizer(tokenizer: str, rates: TokenRates) -> str:
    """The tokenizer if others can be converted to it, else a common one."""
    known = {*rates.names, *(rate.tokenizer for rate in rates.rows)}
    return tokenizer if tokenizer in known else _COMMON


def sizes_of(rows: Sequence[PublishedCorpus], tokenizer: str, published: Published) -> dict[str, Size]:
    """Name of a row -> its tokens, for rows with a known size."""
    sizes = {}
    recounts = _recounts(published.graph)
    spreads: dict[str, Factor] = {}
    for row in rows:
        of = _best_count([row, *recounts[row.name]], tokenizer, published.rates)
        entry, own = _as_published(of)
        if entry is None:
            continue
        (found,) = convert(Supply((entry,), of.name, own), tokenizer, published.rates).domains
        factor = found.factor
        if factor is None and of.tokens is None:
            continue
        if factor is None:
            if of.domain not in spreads:
                spreads[of.domain] = _by_any(of.domain, tokenizer, published)
            factor = spreads[of.domain]
        own_bounds = entry.bounds()
        amount = TokenBounds(
            own_bounds.low * factor.low, own_bounds.middle * factor.value, own_bounds.high * factor.high
        )
        sizes[row.name] = Size(amount, factor, of)
    return sizes


def _recounts(graph: LineageGraph) -> dict[str, list[PublishedCorpus]]:
    """Name of a row -> other rows of its corpus that count the same text with the same duplicates removed."""
    rows = {row.node: row for row in graph.registry}
    found: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for edge in graph.lineage:
        if edge.relation == "recount_of" and edge.child == edge.parent:
            ends = rows.get(edge.below), rows.get(edge.above)
            for one, other in (ends, ends[::-1]):
                if one and other and other.tokens is not None and one.counted == other.counted:
                    found[one.name].append(other)
    return found


def _best_count(counts: Sequence[PublishedCorpus], tokenizer: str, rates: TokenRates) -> PublishedCorpus:
    """The first count of a text in the requested tokenizer, else the first in one with known rates."""
    known = {rate.tokenizer for rate in rates.rows} - _WORDS

    def turn(row: PublishedCorpus) -> tuple[bool, bool]:
        own = rates.known_as(row.tokenizer)
        return own != rates.known_as(tokenizer), own not in known

    return min(counts, key=turn)


def _by_any(domain: str, tokenizer: str, published: Published) -> Factor:
    """The factor for tokens of an unnamed tokenizer: as the law's own, with the spread of all known tokenizers."""

    def times(own: str) -> float | None:
        (found,) = convert(Supply((DomainSupply(domain, 1.0),), domain, own), tokenizer, published.rates).domains
        return found.factor.value if found.factor else None

    value = times(published.unnamed) or 1.0
    names = dict.fromkeys(rate.tokenizer for rate in published.rates.rows if rate.tokenizer not in _WORDS)
    values = [value, *filter(None, map(times, names))]
    return Factor(value, min(values), max(values), "taken as the law's tokens, with the spread of all known tokenizers")


def _as_published(row: PublishedCorpus) -> tuple[DomainSupply | None, str]:
    """A row's size, and the tokenizer of its tokens; bytes are tokens of one byte each."""
    size = row.text_bytes
    if row.tokens is None:
        return (DomainSupply(row.domain, size, None, None, size) if size else None), _BYTES
    low, high = BYTES_PER_TOKEN
    of_text = size if size and low <= size / row.tokens <= high else None
    return DomainSupply(row.domain, row.tokens, row.tokens_low, row.tokens_high, of_text), row.tokenizer
