"""The supply of a domain that is counted in a catalog."""

from collections.abc import Mapping

from tokaudit.core.rows import Row
from tokaudit.supply.types import DomainSupply


def domain_supply(
    domain: str, tokenizer: str, counts: Mapping[str, tuple[int, int]], elsewhere: int | None, seen: Row
) -> DomainSupply:
    """The supply of one domain.

    Args:
        domain: its name.
        tokenizer: the tokenizer to count in.
        counts: tokenizer -> the bytes and the tokens of the unique text that it has counted.
        elsewhere: tokens of text that another domain also contains; None or 0: there is none.
        seen: ``tokens_seen`` and ``tokens_repeated_inside`` of its documents; empty if it has none.
    """
    size, unique = counts.get(tokenizer, (0, 0))
    # Leave out tokenizers that have not counted all of this text.
    whole = {other: tokens for other, (bytes_, tokens) in counts.items() if bytes_ == size}
    return DomainSupply(
        domain,
        unique,
        unique - elsewhere if elsewhere else None,
        bytes_unique=size,
        tokens_by=whole,
        tokens_seen=seen.get("tokens_seen"),
        tokens_repeated_inside=seen.get("tokens_repeated_inside"),
    )


def counted_twice(tokens: int) -> list[str]:
    """A warning if so many tokens are counted in more than one domain; empty if there are none."""
    return [f"domains overlap: {tokens:,} tokens are counted in more than one domain"] if tokens > 0 else []
