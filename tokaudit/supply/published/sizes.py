"""How many tokens published rows have by one tokenizer, and how that is known."""

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
"""Whose tokens are added up where nothing is published of the tokenizer asked for."""
_BYTES: Final = "UTF-8 bytes"
_WORDS: Final = frozenset({"unicode_words", "whitespace_words"})


@dataclass(frozen=True, slots=True)
class Published:
    """What is published: the rows of the registry and who holds whose text, and the rates of tokenizers.

    Attributes:
        unnamed: whose tokens a count is taken for that names no tokenizer: the law's, as bare numbers are.
    """

    graph: LineageGraph
    rates: TokenRates
    unnamed: str


@dataclass(frozen=True, slots=True)
class Size:
    """A row's tokens by the tokenizer asked for, what was done to its own, and the count that was taken."""

    amount: TokenBounds
    factor: Factor
    of: PublishedCorpus


def common_tokenizer(tokenizer: str, rates: TokenRates) -> str:
    """The tokenizer, if others can be converted to it."""
    known = {*rates.names, *(rate.tokenizer for rate in rates.rows)}
    return tokenizer if tokenizer in known else _COMMON


def sizes_of(rows: Sequence[PublishedCorpus], tokenizer: str, published: Published) -> dict[str, Size]:
    """Name of a row -> its tokens, for those of which a size is known."""
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
    """Name of a row -> others of its corpus that count the same text, the same duplicates left out."""
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
    """Of counts of one text the first by the tokenizer asked for, else the first by one that rates are known of."""
    known = {rate.tokenizer for rate in rates.rows} - _WORDS

    def turn(row: PublishedCorpus) -> tuple[bool, bool]:
        own = rates.known_as(row.tokenizer)
        return own != rates.known_as(tokenizer), own not in known

    return min(counts, key=turn)


def _by_any(domain: str, tokenizer: str, published: Published) -> Factor:
    """What tokens are of which nobody says by which tokenizer: the law's, within what is known of all tokenizers."""

    def times(own: str) -> float | None:
        (found,) = convert(Supply((DomainSupply(domain, 1.0),), domain, own), tokenizer, published.rates).domains
        return found.factor.value if found.factor else None

    value = times(published.unnamed) or 1.0
    names = dict.fromkeys(rate.tokenizer for rate in published.rates.rows if rate.tokenizer not in _WORDS)
    values = [value, *filter(None, map(times, names))]
    return Factor(value, min(values), max(values), "taken as the law's, within what tokenizers make of one text")


def _as_published(row: PublishedCorpus) -> tuple[DomainSupply | None, str]:
    """A row's size and whose tokens that is; bytes are tokens of one byte each."""
    size = row.text_bytes
    if row.tokens is None:
        return (DomainSupply(row.domain, size, None, None, size) if size else None), _BYTES
    low, high = BYTES_PER_TOKEN
    of_text = size if size and low <= size / row.tokens <= high else None
    return DomainSupply(row.domain, row.tokens, row.tokens_low, row.tokens_high, of_text), row.tokenizer
