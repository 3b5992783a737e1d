"""Published rows as one number, in the tokens of the measured source that they are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.audit.compare.measured_source import Amount
from tokaudit.catalog.reference.corpora import BYTES_PER_TOKEN, LEAST_DEDUPLICATED_FIRST, Counted, PublishedCorpus
from tokaudit.catalog.reference.token_rates import TokenRates
from tokaudit.core.errors import UsageError
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

_AS_MEASURED: Final = 1.25  # within this factor, bytes per token are like those of the measured text, however odd


@dataclass(frozen=True, slots=True)
class Converted:
    """Published tokens, converted to the measured tokenizer.

    Attributes:
        low, value, high: with the lowest, the best and the highest factor.
        bounded: whether low and high are bounds of the factor; if not, they equal the value.
        by_bytes: whether the only known factor is the measured text's bytes per token.
        how: how they are converted, in words.
    """

    low: float
    value: float
    high: float
    bounded: bool
    by_bytes: bool
    how: str


@dataclass(frozen=True, slots=True)
class Restated:
    """Disjoint published rows, summed.

    Attributes:
        rows: the rows used: those with tokens or bytes of text.
        tokens: as published, each in its own tokenizer; from the bytes if a row has no tokens.
        tokenizer: theirs, as published.
        converted: the same in the measured tokenizer; None if no conversion is known.
        documents, bytes: of text; None unless all rows have them.
        counted: which duplicates are left out, by the row that leaves out least.
        warnings: what is doubtful about them, one sentence each.
    """

    rows: tuple[PublishedCorpus, ...]
    tokens: int
    tokenizer: str
    converted: Converted | None
    documents: int | None
    bytes: int | None
    counted: Counted
    warnings: tuple[str, ...]


def least_deduplicated(rows: Sequence[PublishedCorpus]) -> Counted:
    """How the row is counted that leaves out the fewest duplicates."""
    return min((row.counted for row in rows), key=LEAST_DEDUPLICATED_FIRST.index)


def restate(
    rows: Sequence[PublishedCorpus], tokenizer: str, texts: Mapping[str, Amount], rates: TokenRates
) -> Restated:
    """The sum of the rows, in tokens of ``tokenizer``.

    The best known conversion is used: counts of the measured text by both tokenizers; then published rates
    (`convert_tokens`); then the row's bytes divided by the measured bytes per token, which assumes similar text.

    Args:
        rows: at least one, disjoint.
        tokenizer: the measured source's.
        texts: tokenizer -> the measured text in its tokens, without the duplicates that the rows leave out.
        rates: published counts of several tokenizers on one text.

    Raises:
        UsageError: no row has tokens or bytes of text.
    """
    warnings: list[str] = []
    sized = [(row, _with_size(row, tokenizer, texts[tokenizer], warnings)) for row in rows]
    known = [size for _, size in sized if size is not None]
    if not known:
        raise UsageError(
            f"{names_of(rows)}: neither tokens nor bytes of text are published, so there is nothing to compare with"
        )
    return Restated(
        rows=tuple(row for row, size in sized if size is not None),
        tokens=sum(row.tokens or 0 for row in known),
        tokenizer=", ".join(dict.fromkeys(row.tokenizer or "an unnamed tokenizer" for row in known)),
        converted=_sum_of_all([_converted(row, tokenizer, texts, rates) for row in known]),
        documents=_total([row.documents for row in known]),
        bytes=_total([row.bytes for row in known]),
        counted=least_deduplicated(rows),
        warnings=tuple(warnings),
    )


def names_of(rows: Sequence[PublishedCorpus]) -> str:
    """The names of the rows, on one line."""
    return ", ".join(row.name for row in rows)


def _total(numbers: Sequence[int | None]) -> int | None:
    """The sum; None if a number is missing or the sum is zero."""
    known = [number for number in numbers if number is not None]
    return (sum(known) or None) if len(known) == len(numbers) else None


def _with_size(row: PublishedCorpus, tokenizer: str, ours: Amount, warnings: list[str]) -> PublishedCorpus | None:
    """The row with tokens, and without bytes that are not text; None if its tokens can't be known."""
    why_not = _no_text(row, ours)
    if row.bytes and why_not:
        warnings.append(f"{row.name}: its {row.bytes:,} bytes are not used, because {why_not}")
        row = replace(row, bytes=None, bytes_of=None)
    if row.tokens is not None:
        return row
    if row.bytes and ours.bytes:
        warnings.append(
            f"{row.name}: no tokens are published; they are computed from its {row.bytes:,} bytes at the measured"
            f" {ours.bytes / ours.tokens if ours.tokens else 0:.3g} bytes per token"
        )
        return replace(row, tokens=round(row.bytes * ours.tokens / ours.bytes), tokenizer=tokenizer)
    warnings.append(f"{row.name}: is left out, because neither its tokens nor its bytes of text are published")
    return None


def _no_text(row: PublishedCorpus, ours: Amount) -> str | None:
    """Why the row's bytes are not bytes of its text; None if they may be."""
    if row.not_of_text or not row.tokens or not row.bytes:
        return row.not_of_text
    size = row.bytes / row.tokens
    low, high = BYTES_PER_TOKEN
    measured = ours.bytes / ours.tokens if ours.tokens else 0.0
    if low <= size <= high or measured / _AS_MEASURED <= size <= measured * _AS_MEASURED:
        return None
    return f"{size:.3g} bytes per token are unlike text and unlike the measured text"


def _converted(
    row: PublishedCorpus, tokenizer: str, texts: Mapping[str, Amount], rates: TokenRates
) -> Converted | None:
    """The row's tokens in those of the tokenizer, by the best known conversion; None if there is none."""
    return _by_rates(row, tokenizer, texts, rates) or _by_bytes(row, texts[tokenizer])


def _by_rates(row: PublishedCorpus, tokenizer: str, texts: Mapping[str, Amount], rates: TokenRates) -> Converted | None:
    """By counts of the measured text with both tokenizers, or by published rates."""
    if not row.tokenizer:
        return None
    tokens = row.tokens or 0
    own = rates.known_as(row.tokenizer)
    counted = next((text.tokens for name, text in texts.items() if rates.known_as(name) == own), None)
    # If both tokenizers counted the measured text, the factor is the ratio of their counts.
    by = {tokenizer: texts[tokenizer].tokens} if counted else {}
    supply = Supply((DomainSupply(row.domain, counted or tokens, tokens_by=by),), row.name, row.tokenizer)
    factor = convert(supply, tokenizer, rates).domains[0].factor
    if factor is None:
        return None
    bounded = bool(counted) or own == rates.known_as(tokenizer) or factor.low < factor.high
    how = f"{factor.value:.4g} tokens of {tokenizer} per token of {row.tokenizer}: {factor.source}"
    return Converted(tokens * factor.low, tokens * factor.value, tokens * factor.high, bounded, False, how)


def _by_bytes(row: PublishedCorpus, ours: Amount) -> Converted | None:
    """By the row's bytes, at the measured bytes per token."""
    if not (row.bytes and ours.bytes and ours.tokens):
        return None
    value = row.bytes * ours.tokens / ours.bytes
    how = (
        f"published bytes at the measured {ours.bytes / ours.tokens:.3g} bytes per token, because no conversion from"
        f" {row.tokenizer or 'an unnamed tokenizer'} is known"
    )
    return Converted(value, value, value, False, True, how)


def _sum_of_all(each: Sequence[Converted | None]) -> Converted | None:
    """The sum; None if one is unknown."""
    known = [one for one in each if one is not None]
    if len(known) < len(each):
        return None
    return Converted(
        low=sum(one.low for one in known),
        value=sum(one.value for one in known),
        high=sum(one.high for one in known),
        bounded=all(one.bounded for one in known),
        by_bytes=any(one.by_bytes for one in known),
        how="; ".join(dict.fromkeys(one.how for one in known)),
    )
