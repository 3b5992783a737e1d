"""What flows along the data path: text in, integers out. Columns in Arrow and numpy, never an object a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Int64 = npt.NDArray[np.int64]
UInt16 = npt.NDArray[np.uint16]
UInt32 = npt.NDArray[np.uint32]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

BadCode = Literal[
    "malformed",  # a record that does not parse: bad JSON, a JSON line that is no object
    "encoding",  # bytes that are not UTF-8, or a lone surrogate
    "no_text",  # the text field is missing
    "null_text",  # the text field is null
    "text_type",  # the text field holds something else than text
    "cut",  # a compressed or Parquet file that ends before its end
    "corrupt",  # a compressed or Parquet file whose bytes are damaged
    "wrong_format",  # a file that is not what its name says
    "unreadable",  # the system refused to read it
    "too_long_for_tokenizer",  # no place to cut it for a tokenizer that needs pieces
]


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Some documents of one file, in the file's order.

    Attributes:
        text: their text; no nulls.
        ordinal: place of each record in its file, from 0, bad records counted and blank lines not.
        offset: first byte of each record in the uncompressed file; null where a format has no such place.
        labels: kept fields by the label's name, as strings; null where a document lacks the field.
        position: bytes of the stored (compressed) file read so far, for progress.
    """

    text: pa.LargeStringArray
    ordinal: Int64
    offset: pa.Int64Array
    labels: Mapping[str, pa.StringArray] = field(default_factory=dict)
    position: int = 0


@dataclass(frozen=True, slots=True)
class BadRecord:
    """One record, or the rest of a file, that can't be counted.

    Attributes:
        ordinal: the record's place in its file; None when the file itself is bad (nothing after it is read).
        offset: its first byte in the uncompressed file; None where unknown.
        code: what kind of fault.
        why: one line for the user.
        line: the line in the file, from 1, for formats that have lines.
    """

    ordinal: int | None
    offset: int | None
    code: BadCode
    why: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a reader finds the text.

    Attributes:
        text_field: field or column that holds the text, for formats that have fields.
        labels: label name -> field to keep.
        batch_bytes: about how many bytes of text a batch holds; a longer document is a batch of its own.
        batch_documents: how many documents a batch holds at most, however short they are.
    """

    text_field: str = "text"
    labels: Mapping[str, str] = field(default_factory=dict)
    batch_bytes: int = 8_000_000
    batch_documents: int = 65_536


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """What is kept of TextBatches that were measured together: integers only, one entry a document, in order.

    Attributes:
        ordinal, offset, labels: as in the TextBatches; a label is null for those that have none of its name.
        bytes: UTF-8 bytes of the text.
        words: words as near-duplicates know them.
        keys: 128-bit hash of the text, shape (n, 2): high and low half; equal exactly for equal texts.
        tokens: tokenizer name -> tokens of each document, special tokens not counted.
        signatures: MinHash signatures, shape (n, 128); rows of documents without words mean nothing.
    """

    ordinal: Int64
    offset: pa.Int64Array
    labels: Mapping[str, pa.StringArray]
    bytes: Int64
    words: Int64
    keys: UInt64
    tokens: Mapping[str, Int64]
    signatures: UInt32


@dataclass(frozen=True, slots=True)
class Recounted:
    """Tokens and labels of documents that are in the catalog already; fields as in MeasuredBatch.

    Tokens are negative where a tokenizer can't count a document.
    """

    ordinal: Int64
    labels: Mapping[str, pa.StringArray]
    bytes: Int64
    keys: UInt64
    tokens: Mapping[str, Int64]


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


NO_RATES: Final = TokenRates()


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


@dataclass(frozen=True, slots=True)
class RepeatedRun:
    """Published runs of one size on as many unique tokens.

    Attributes:
        params, tokens: N and D.
        unique_tokens: of which each was used ``tokens / unique_tokens`` times.
        runs: how many, of different seeds.
        loss: their mean, in nats.
    """

    params: float
    tokens: float
    unique_tokens: float
    runs: int
    loss: float

    @property
    def epochs(self) -> float:
        """How often each token was used."""
        return self.tokens / self.unique_tokens


Row = dict[str, Any]
"""One line of a table: column name -> str, int, float, bool or None."""
