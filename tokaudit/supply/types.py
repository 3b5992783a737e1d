"""The unique tokens that a plan can use, with the bounds of each number."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TokenBounds:
    """A number of tokens with its bounds; bounds to be compared or added are in one tokenizer's tokens."""

    low: float
    middle: float
    high: float

    def times(self, factor: float) -> "TokenBounds":
        """All three multiplied by the factor."""
        return TokenBounds(self.low * factor, self.middle * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Factor:
    """Another tokenizer's tokens per token of a supply.

    Attributes:
        value: the factor.
        low, high: the spread of what is known; both are the value if it was counted.
        source: where the factor comes from, in words.
    """

    value: float
    low: float
    high: float
    source: str

    def __str__(self) -> str:
        """The factor, with its spread if there is one: ``1.19 (1.15 to 1.37)``."""
        spread = "" if self.low == self.high else f" ({self.low:.3g} to {self.high:.3g})"
        return f"{self.value:.3g}{spread}"

    def explained(self) -> str:
        """``times 1.19 (1.15 to 1.37), published rates``."""
        return f"times {self}, {self.source}"


@dataclass(frozen=True, slots=True)
class DomainSupply:
    """Unique text of one domain.

    Attributes:
        domain: its name.
        tokens_unique: its tokens.
        tokens_unique_low, tokens_unique_high: bounds; None: unknown.
        bytes_unique: UTF-8 bytes of the same text; None: unknown.
        tokens_by: tokenizer -> its tokens of the same text, for tokenizers that have counted all of it.
        factor: the factor that converted the tokens; None: they were not converted.
        counted: which duplicates of published text are removed, in the registry's words; empty: measured or stated.
        origin: the sources of the text, in words; empty: the supply's origin.
        tokens_seen: tokens of all its documents, duplicates included; None: not measured.
        tokens_repeated_inside: those of lines (code) or paragraphs that occurred before in the same document; None: not
            measured.
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
    tokens_seen: float | None = None
    tokens_repeated_inside: float | None = None

    def bounds(self) -> TokenBounds:
        """Its tokens with their bounds; an unknown bound is the count itself."""
        low, middle, high = self.tokens_unique_low, self.tokens_unique, self.tokens_unique_high
        return TokenBounds(middle if low is None else low, middle, middle if high is None else high)


@dataclass(frozen=True, slots=True)
class Supply:
    """The unique tokens that a plan can use.

    Attributes:
        domains: one entry per domain, sorted by name; empty if nothing is known.
        origin: where the numbers come from, in words for a report.
        tokenizer: the tokenizer that the tokens are counted in; None for bare numbers, taken as the law's own tokens.
        published: whether it consists of published corpora alone.
        complete: whether what is measured of it is final and of all the input.
        warnings: what the reader must know, such as tokens that are counted in two domains.
        details: how each number is known; shown with ``-v``.
    """

    domains: tuple[DomainSupply, ...]
    origin: str
    tokenizer: str | None = None
    warnings: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    published: bool = False
    complete: bool = True
