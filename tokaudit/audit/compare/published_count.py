"""Published rows as one number, in the tokens of a measured source: what they are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.audit.compare.measured_source import Amount
from tokaudit.catalog.reference.corpora import BYTES_PER_TOKEN, LEAST_DEDUPLICATED_FIRST, Counted, PublishedCorpus
from tokaudit.catalog.reference.token_rates import TokenRates
from tokaudit.core.errors import UsageError
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

_AS_MEASURED: Final = 1.25  # within this factor, bytes a token are those of the measured text, however odd


@dataclass(frozen=True, slots=True)
class Converted:
    """Published tokens in the measured tokenizer's.

    Attributes:
        low, value, high: with the least, the best and the highest factor.
        bounded: whether low and high say how sure the factor is; else they are the value.
        by_bytes: known only by the bytes that the measured text has a token.
        how: how they are known, in words.
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
        rows: those that are counted: with tokens, or bytes of text.
        tokens: as published, each by its own tokenizer; of rows that have none by their bytes.
        tokenizer: theirs, as published.
        converted: the same in the measured tokenizer's; None: no conversion is known.
        documents, bytes: of text; None unless all rows have them.
        counted: which duplicates they leave out: what the row that leaves out least does.
        warnings: what is doubtful in them.
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
    """How all of the rows are counted, or the one that leaves out least."""
    return min((row.counted for row in rows), key=LEAST_DEDUPLICATED_FIRST.index)


def restate(
    rows: Sequence[PublishedCorpus], tokenizer: str, texts: Mapping[str, Amount], rates: TokenRates
) -> Restated:
    """The rows summed, in the tokens of ``tokenizer``.

    What is known best is taken: counts of the measured text by both tokenizers; published rates (`convert_tokens`); the
    row's bytes over the bytes that the measured text has a token, which takes both for like text.

    Args:
        rows: at least one, disjoint.
        tokenizer: the measured source's.
        texts: tokenizer -> the measured text in its tokens, counted as the rows are.
        rates: what is published.

    Raises:
        UsageError: no row has tokens or bytes of text.
    """
    warnings: list[str] = []
    sized = [(row, _with_size(row, tokenizer, texts[tokenizer], warnings)) for row in rows]
    known = [size for _, size in sized if size is not None]
    if not known:
        raise UsageError(f"no tokens are published of {names_of(rows)}, and no bytes of text that would tell them")
    return Restated(
        rows=tuple(row for row, size in sized if size is not None),
        tokens=sum(row.tokens or 0 for row in known),
        tokenizer=", ".join(dict.fromkeys(row.tokenizer or "a tokenizer not named" for row in known)),
        converted=_sum_of_all([_converted(row, tokenizer, texts, rates) for row in known]),
        documents=_total([row.documents for row in known]),
        bytes=_total([row.bytes for row in known]),
        counted=least_deduplicated(rows),
        warnings=tuple(warnings),
    )


def names_of(rows: Sequence[PublishedCorpus]) -> str:
    """Their names in a line."""
    return ", ".join(row.name for row in rows)


def _total(numbers: Sequence[int | None]) -> int | None:
    """Their sum; None unless all are known and it is not zero."""
    known = [number for number in numbers if number is not None]
    return (sum(known) or None) if len(known) == len(numbers) else None


def _with_size(row: PublishedCorpus, tokenizer: str, ours: Amount, warnings: list[str]) -> PublishedCorpus | None:
    """The row without bytes that are no text's, and with tokens; None if nothing tells them."""
    why_not = _no_text(row, ours)
    if row.bytes and why_not:
        warnings.append(f"{row.name}: its {row.bytes:,} bytes are not used: {why_not}")
        row = replace(row, bytes=None, bytes_of=None)
    if row.tokens is not None:
        return row
    if row.bytes and ours.bytes:
        warnings.append(
            f"{row.name}: no tokens are published; its {row.bytes:,} bytes are taken at the measured"
            f" {ours.bytes / ours.tokens if ours.tokens else 0:.3g} bytes a token"
        )
        return replace(row, tokens=round(row.bytes * ours.tokens / ours.bytes), tokenizer=tokenizer)
    warnings.append(f"{row.name}: is left out, neither its tokens nor its bytes of text are published")
    return None


def _no_text(row: PublishedCorpus, ours: Amount) -> str | None:
    """Why the row's bytes are not those of its text; None: they may be."""
    if row.not_of_text or not row.tokens or not row.bytes:
        return row.not_of_text
    size = row.bytes / row.tokens
    low, high = BYTES_PER_TOKEN
    measured = ours.bytes / ours.tokens if ours.tokens else 0.0
    if low <= size <= high or measured / _AS_MEASURED <= size <= measured * _AS_MEASURED:
        return None
    return f"{size:.3g} a token is no text's rate, nor the measured one"


def _converted(
    row: PublishedCorpus, tokenizer: str, texts: Mapping[str, Amount], rates: TokenRates
) -> Converted | None:
    """The row's tokens in those of the tokenizer, by what is known best; None if nothing is."""
    return _by_rates(row, tokenizer, texts, rates) or _by_bytes(row, texts[tokenizer])


def _by_rates(row: PublishedCorpus, tokenizer: str, texts: Mapping[str, Amount], rates: TokenRates) -> Converted | None:
    """By the measured text in both tokenizers' tokens, or published rates."""
    if not row.tokenizer:
        return None
    tokens = row.tokens or 0
    own = rates.known_as(row.tokenizer)
    counted = next((text.tokens for name, text in texts.items() if rates.known_as(name) == own), None)
    # In the measured text's own tokens where both have counted it: then the factor is what both made of it.
    by = {tokenizer: texts[tokenizer].tokens} if counted else {}
    supply = Supply((DomainSupply(row.domain, counted or tokens, tokens_by=by),), row.name, row.tokenizer)
    factor = convert(supply, tokenizer, rates).domains[0].factor
    if factor is None:
        return None
    bounded = bool(counted) or own == rates.known_as(tokenizer) or factor.low < factor.high
    how = f"{factor.value:.4g} {tokenizer} for one of {row.tokenizer}: {factor.source}"
    return Converted(tokens * factor.low, tokens * factor.value, tokens * factor.high, bounded, False, how)


def _by_bytes(row: PublishedCorpus, ours: Amount) -> Converted | None:
    """By the row's bytes, at the measured bytes per token."""
    if not (row.bytes and ours.bytes and ours.tokens):
        return None
    value = row.bytes * ours.tokens / ours.bytes
    how = (
        f"published bytes at the measured {ours.bytes / ours.tokens:.3g} bytes a token, for want of a conversion"
        f" from {row.tokenizer or 'a tokenizer that is not named'}"
    )
    return Converted(value, value, value, False, True, how)


def _sum_of_all(each: Sequence[Converted | None]) -> Converted | None:
    """Their sum; None unless all are known."""
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
