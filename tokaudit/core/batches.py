"""What flows along the data path: text in, integers out. Columns in Arrow and numpy, never an object a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from tokaudit.core.types import Int64, UInt16, UInt32, UInt64

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
        signatures, bands: MinHash signatures, shape (n, 128), and the keys of their bands, (n, 16); rows of documents
            without words mean nothing.
    """

    ordinal: Int64
    offset: pa.Int64Array
    labels: Mapping[str, pa.StringArray]
    bytes: Int64
    words: Int64
    keys: UInt64
    tokens: Mapping[str, Int64]
    signatures: UInt16
    bands: UInt32


@dataclass(frozen=True, slots=True)
class BackfillBatch:
    """Tokens and labels of documents that are in the catalog already; fields as in MeasuredBatch.

    Tokens are negative where a tokenizer can't count a document.
    """

    ordinal: Int64
    labels: Mapping[str, pa.StringArray]
    bytes: Int64
    keys: UInt64
    tokens: Mapping[str, Int64]


def label_bytes(batches: Iterable[MeasuredBatch | BackfillBatch]) -> int:
    """Bytes of the labels: a field that is kept may be far longer than the text."""
    return sum(values.nbytes for batch in batches for values in batch.labels.values())
