"""What tokenizers make of one published text, so that one's tokens can be stated in another's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tokaudit.catalog.reference.read import read_rows, read_table


@dataclass(frozen=True, slots=True)
class TokenRate:
    """What one tokenizer makes of one published text; None where that is not known.

    Attributes:
        tokenizer: by the name that `TokenRates.names` leads to.
        text: which text; equal for those who counted the same.
        domain: of the text.
        bytes_per_token, characters_per_token: of it for each token.
        tokens: of all of it.
        source: where it is published.
    """

    tokenizer: str
    text: str
    domain: str
    bytes_per_token: float | None
    characters_per_token: float | None
    tokens: float | None
    source: str


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity, so that what is found in it can be kept
class TokenRates:
    """All that is published of tokenizers' counts.

    Attributes:
        rows: the best known text of each domain first.
        names: what a tokenizer is called by laws, catalogs and users -> what it is called in ``rows``.
    """

    rows: tuple[TokenRate, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def known_as(self, tokenizer: str) -> str:
        """What a tokenizer is called in ``rows``; its own name where it has no other."""
        return self.names.get(tokenizer, tokenizer)


NO_RATES: Final = TokenRates()


def token_rates() -> TokenRates:
    """What is published of tokenizers' counts of one text, and the names that tokenizers have."""
    return TokenRates(
        rows=tuple(read_rows(TokenRate, "token_rates.csv")),
        names={row["name"]: row["known_as"] for row in read_table("token_names.csv") if row["known_as"]},
    )
