"""Published counts of the same texts with several tokenizers, for converting tokens from one to another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tokaudit.catalog.reference.read import read_rows, read_table


@dataclass(frozen=True, slots=True)
class TokenRate:
    """The count of one published text with one tokenizer; None where unknown.

    Attributes:
        tokenizer: name of the tokenizer, as `TokenRates.names` maps to it.
        text: name of the text, the same for every count of it.
        domain: domain of the text.
        bytes_per_token: UTF-8 bytes of the text per token.
        characters_per_token: characters of the text per token.
        tokens: tokens of the whole text.
        source: where the count is published.
    """

    tokenizer: str
    text: str
    domain: str
    bytes_per_token: float | None
    characters_per_token: float | None
    tokens: float | None
    source: str


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity, so that results can be cached by it
class TokenRates:
    """All published counts of tokenizers.

    Attributes:
        rows: the counts; the best known text of each domain comes first.
        names: name of a tokenizer in laws, catalogs and options -> its name in ``rows``.
    """

    rows: tuple[TokenRate, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def known_as(self, tokenizer: str) -> str:
        """The name of a tokenizer in ``rows``; its own name if it has no other."""
        return self.names.get(tokenizer, tokenizer)


NO_RATES: Final = TokenRates()


def token_rates() -> TokenRates:
    """The published counts, and the names of tokenizers."""
    return TokenRates(
        rows=tuple(read_rows(TokenRate, "token_rates.csv")),
        names={row["name"]: row["known_as"] for row in read_table("token_names.csv") if row["known_as"]},
    )
