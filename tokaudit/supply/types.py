"""The unique tokens that a plan may draw on, and how sure each number is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TokenBounds:
    """Tokens: at least, to count, at most; those that are compared or added are by one tokenizer."""

    low: float
    middle: float
    high: float

    def times(self, factor: float) -> "TokenBounds":
        """So many times as much."""
        return TokenBounds(self.low * factor, self.middle * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Factor:
    """Another tokenizer's tokens for one of a supply's.

    Attributes:
        value: the factor.
        low, high: its spread among what is known; both the value if it was counted.
        source: how it is known.
    """

    value: float
    low: float
    high: float
    source: str

    def __str__(self) -> str:
        """The factor, and its spread if it has one: ``1.186 (1.15 to 1.37)``."""
        spread = "" if self.low == self.high else f" ({self.low:.3g} to {self.high:.3g})"
        return f"{self.value:.4g}{spread}"

    def explained(self) -> str:
        """``times 1.186 (1.15 to 1.37), published rates``."""
        return f"times {self}, {self.source}"


@dataclass(frozen=True, slots=True)
class DomainSupply:
    """Unique text of one domain.

    Attributes:
        domain: its name.
        tokens_unique: its tokens.
        tokens_unique_low, tokens_unique_high: bounds; None where none is known.
        bytes_unique: UTF-8 bytes of the same text; None where unknown.
        tokens_by: tokenizer -> its tokens of the same text, where several have counted it.
        factor: by which the tokens were converted; None: they are as counted.
        counted: which duplicates of published text are left out, as the registry says it; empty: measured or stated.
        origin: what it was put together from, in words; empty: as the supply's.
    """

    domain: str
    tokens_unique: float
    tokens_unique_low: float | None = None
    tokens_unique_high: float | None = None
    bytes_unique: float | None = None
    tokens_by: Mapping[str, float] = field(default_factory=dict)
    factor: Factor | None = None
    counted: str = ""
    origin: str = ""

    def bounds(self) -> TokenBounds:
        """Its tokens between their bounds; an unknown bound is the count itself."""
        low, middle, high = self.tokens_unique_low, self.tokens_unique, self.tokens_unique_high
        return TokenBounds(middle if low is None else low, middle, middle if high is None else high)


@dataclass(frozen=True, slots=True)
class Supply:
    """The unique tokens a plan may draw on.

    Attributes:
        domains: one entry a domain, sorted by name; empty when nothing is known.
        origin: where the numbers come from, in words for a report.
        tokenizer: whose tokens they are; None for bare numbers, taken as the law's own tokens.
        warnings: what the reader must know, such as tokens that two domains both hold.
        details: how each of the numbers is known, for who asks.
    """

    domains: tuple[DomainSupply, ...]
    origin: str
    tokenizer: str | None = None
    warnings: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
