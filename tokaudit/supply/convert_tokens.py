"""Conversion of token counts between tokenizers: a supply is converted to a law's tokens before they are compared."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from tokaudit.catalog.reference.token_rates import TokenRate, TokenRates
from tokaudit.supply.types import DomainSupply, Factor, Supply

_COMMON: Final = "web"
"""Stands for a domain without rates of its own: ordinary prose."""


def convert(supply: Supply, tokenizer: str, rates: TokenRates) -> Supply:
    """The supply in another tokenizer's tokens, with the factor that was applied to each domain.

    The factor comes from the first of these that is known:

    1. a count of the same text with that tokenizer in the catalog;
    2. published rates of both tokenizers on one text of the domain, through a third tokenizer if needed (the first
       listed; the others give the spread);
    3. published rates of both on web pages (all domains give the spread);
    4. the supply's bytes divided by the published bytes per token;
    5. rates on web pages through a third tokenizer.

    If none is known, or the supply is bare numbers, a domain is not converted and has no factor.

    Args:
        supply: in tokens of ``supply.tokenizer``.
        tokenizer: the law's, in its words.
        rates: published rates.
    """
    if supply.tokenizer is None:
        return supply
    own = supply.tokenizer
    return replace(supply, domains=tuple(_converted(entry, own, tokenizer, rates) for entry in supply.domains))


def _converted(entry: DomainSupply, own: str, wanted: str, rates: TokenRates) -> DomainSupply:
    factor = _factor(entry, own, wanted, rates)
    if factor is None:
        return entry
    low, unique, high = entry.tokens_unique_low, entry.tokens_unique, entry.tokens_unique_high
    repeated = entry.tokens_repeated_inside
    if factor.low < factor.high:
        low, high = (unique if bound is None else bound for bound in (low, high))
    return replace(
        entry,
        tokens_unique=unique * factor.value,
        tokens_unique_low=None if low is None else low * factor.low,
        tokens_unique_high=None if high is None else high * factor.high,
        tokens_seen=None if entry.tokens_seen is None else entry.tokens_seen * factor.value,
        tokens_repeated_inside=None if repeated is None else repeated * factor.value,
        factor=factor,
    )


def _factor(entry: DomainSupply, own: str, wanted: str, rates: TokenRates) -> Factor | None:
    known_as, target = rates.known_as(own), rates.known_as(wanted)
    if known_as == target:
        return Factor(1.0, 1.0, 1.0, "the same tokenizer")
    for name, tokens in entry.tokens_by.items():
        if rates.known_as(name) == target and entry.tokens_unique:
            exact = tokens / entry.tokens_unique
            return Factor(exact, exact, exact, f"counted in the catalog with {name}")
    pairs = _pairs(known_as, target, rates)
    if all(rate.domain != entry.domain for rate, _ in pairs):
        pairs += _rates_by_third(known_as, target, entry.domain, rates)
    if pairs:
        return _factor_from(entry.domain, pairs, "published rates")
    if entry.bytes_unique and entry.tokens_unique:
        size = entry.bytes_unique / entry.tokens_unique
        each = [
            (rate, size / rate.bytes_per_token)
            for rate in rates.rows
            if rate.tokenizer == target and rate.bytes_per_token
        ]
        if each:
            return _factor_from(entry.domain, each, "its bytes divided by published bytes per token")
    pairs = _rates_by_third(known_as, target, _COMMON, rates)
    return _factor_from(entry.domain, pairs, "published rates") if pairs else None


# The registry has hundreds of rows, by some twenty tokenizers.
@lru_cache(4_096)
def _pairs(own: str, wanted: str, rates: TokenRates) -> tuple[tuple[TokenRate, float], ...]:
    """Texts that both tokenizers have counted, with the second's tokens per token of the first."""
    counted = {rate.text: rate for rate in rates.rows if rate.tokenizer == own}
    both = [(counted[rate.text], rate) for rate in rates.rows if rate.tokenizer == wanted and rate.text in counted]
    return tuple((there, factor) for here, there in both if (factor := _tokens_for_one(here, there)))


def _tokens_for_one(here: TokenRate, there: TokenRate) -> float | None:
    """Tokens of the second per token of the first, on the same text; None if they were measured differently."""
    if here.bytes_per_token and there.bytes_per_token:
        return here.bytes_per_token / there.bytes_per_token
    if here.characters_per_token and there.characters_per_token:
        return here.characters_per_token / there.characters_per_token
    return there.tokens / here.tokens if here.tokens and there.tokens else None


@lru_cache(4_096)
def _rates_by_third(own: str, wanted: str, domain: str, rates: TokenRates) -> tuple[tuple[TokenRate, float], ...]:
    """The same through a third tokenizer, which shares a counted text of the domain with the second."""
    return tuple(_two_step_rates(own, wanted, domain, rates))


def _two_step_rates(own: str, wanted: str, domain: str, rates: TokenRates) -> Iterator[tuple[TokenRate, float]]:
    for middle in dict.fromkeys(rate.tokenizer for rate in rates.rows):
        first = sorted(
            _pairs(own, middle, rates), key=lambda pair: (pair[0].domain != domain, pair[0].domain != _COMMON)
        )
        if not first or middle in {own, wanted}:
            continue
        for rate, value in _pairs(middle, wanted, rates):
            if rate.domain == domain:
                yield replace(rate, text=f"{rate.text}, through {middle}"), first[0][1] * value


def _factor_from(domain: str, found: Sequence[tuple[TokenRate, float]], how: str) -> Factor:
    """The factor for a domain, chosen from those of several texts."""
    same = [each for each in found if each[0].domain == domain]
    common = [each for each in found if each[0].domain == _COMMON]
    rate, value = (same or common or found)[0]
    values = [each[1] for each in same or found]
    of = rate.text if same else f"{rate.text}, as there is no rate for {domain}"
    alone = "; the only text, so the spread is unknown" if len(values) == 1 else ""
    return Factor(value, min(values), max(values), f"{how} ({of}{alone})")
