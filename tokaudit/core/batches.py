"""Batches along the data path, text in, integers out: Arrow and numpy columns, never one object per document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from tokaudit.core.types import Int64, UInt16, UInt32, UInt64

BadCode = Literal[
    "malformed",  # a record that does not parse, such as bad JSON or a JSON line that is not an object
    "encoding",  # bytes that are not UTF-8, or a lone surrogate
    "no_text",  # the text field is missing
    "null_text",  # the text field is null
    "text_type",  # the text field contains something other than text
    "cut",  # a compressed or Parquet file that ends too early
    "corrupt",  # a compressed or Parquet file whose bytes are damaged
    "wrong_format",  # a file whose content does not match its name
    "unreadable",  # a file that the system refused to read
    "too_long_for_tokenizer",  # a text that can't be cut for a tokenizer that needs pieces
]


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Some documents of one file, in the order of the file.

    Attributes:
        text: the texts; no nulls.
        ordinal: position of each record in its file, from 0; bad records count, blank lines do not.
        offset: first byte of each record in the uncompressed file; null if the format has no byte offsets.
        labels: label name -> kept field as strings; null if a document lacks the field.
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
        ordinal: position of the record in its file; None if the file itself is bad (nothing after it is read).
        offset: its first byte in the uncompressed file; None if unknown.
        code: kind of the fault.
        why: reason for the user, in one line.
        line: line in the file, from 1, for formats that have lines.
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
        text_field: field or column that contains the text, for formats that have fields.
        labels: label name -> field to keep.
        batch_bytes: approximate bytes of text per batch; a longer document is a batch of its own.
        batch_documents: most documents per batch, however short they are.
    """

    text_field: str = "text"
    labels: Mapping[str, str] = field(default_factory=dict)
    batch_bytes: int = 8_000_000
    batch_documents: int = 65_536


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """The measurements of some TextBatches: integers only, one entry per document, in order.

    Attributes:
        ordinal, offset, labels: as in the TextBatches; a label is null for documents that lack it.
        bytes: UTF-8 bytes of the text.
        words: number of words, as near-duplicate detection defines them.
        keys: 128-bit hash of the text, shape (n, 2): high and low half; equal exactly for equal texts.
        tokens: tokenizer name -> tokens of each document, without special tokens.
        signatures, bands: MinHash signatures, shape (n, 128), and the keys of their bands, (n, 16); the rows of
            documents without words are meaningless.
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
    """Tokens and labels of documents that are already in the catalog; fields as in MeasuredBatch.

    Tokens are negative if a tokenizer can't count a document.
    """

    ordinal: Int64
    labels: Mapping[str, pa.StringArray]
    bytes: Int64
    keys: UInt64
    tokens: Mapping[str, Int64]


def label_bytes(batches: Iterable[MeasuredBatch | BackfillBatch]) -> int:
    """The size of the labels in bytes: a kept field may be far longer than the text."""
    return sum(values.nbytes for batch in batches for values in batch.labels.values())
