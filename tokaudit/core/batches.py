"""Batches along the data path, text in, integers out: Arrow and numpy columns, never one object per document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from tokaudit.core.bad_codes import BadCode
from tokaudit.core.extraction import Extraction
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64, UInt8, UInt16, UInt32, UInt64


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Some documents of one file, in the order of the file.

    Attributes:
        text: the texts; no nulls.
        ordinal: position of each record in its file, from 0; bad records count, blank lines do not.
        offset: first byte of each record in the uncompressed file; null if the format has no byte offsets.
        labels: label name -> kept field as strings; null if a document lacks the field.
        position: bytes of the stored (compressed) file read so far, for progress.
        text_field: name of the field that the texts are from; None if the format has no fields.
    """

    text: pa.LargeStringArray
    ordinal: Int64
    offset: pa.Int64Array
    labels: Mapping[str, pa.StringArray] = field(default_factory=dict)
    position: int = 0
    text_field: str | None = None


@dataclass(frozen=True, slots=True)
class IdBatch:
    """Some documents of one store of token ids, in the order of the file.

    Attributes:
        ids: the ids of all documents, one after the other.
        ends: index in `ids` behind the last id of each document.
        ordinal, offset, labels, position, text_field: as in `TextBatch`.
        vocabulary: what the ids stand for.
    """

    ids: UInt16 | UInt32
    ends: Int64
    ordinal: Int64
    offset: pa.Int64Array
    vocabulary: TokenIds
    labels: Mapping[str, pa.StringArray] = field(default_factory=dict)
    position: int = 0
    text_field: str | None = None


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Some pages or books of one file, in the order of the file. Their text is extracted later, by other processes.

    Attributes:
        pages: the bytes of each page, or the packed parts of each book; no nulls.
        kind: a `PageKind` for each.
        charset: character set that a server named for each; null if none did.
        extraction: how the text is extracted.
        ordinal, offset, labels, position: as in `TextBatch`.
    """

    pages: pa.LargeBinaryArray
    kind: UInt8
    charset: pa.StringArray
    extraction: Extraction
    ordinal: Int64
    offset: pa.Int64Array
    labels: Mapping[str, pa.StringArray] = field(default_factory=dict)
    position: int = 0


@dataclass(frozen=True, slots=True)
class TextOrigin:
    """Where the texts of a file come from.

    Attributes:
        field: name of the field; None if nothing was counted, or the format has no fields.
        extractor: `Extraction.identity` of pages; None if there are none.
    """

    field: str | None = None
    extractor: str | None = None

    def after(self, batch: "TextBatch | IdBatch | PageBatch") -> "TextOrigin":
        """The origin after one more batch."""
        if isinstance(batch, PageBatch):
            return TextOrigin(self.field, batch.extraction.identity)
        return TextOrigin(batch.text_field, self.extractor) if batch.text_field else self


Documents = TextBatch | IdBatch


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
class Omitted:
    """Parts of one file, such as members of an archive, that are not counted and are no fault.

    Attributes:
        rule: name of the rule that leaves them out, as for files of a folder.
        suffix: their common suffix in lower case, with its dot, or, for records of a crawl, what tells their kinds
            apart, such as the status; empty if they have none.
        number: how many they are.
        bytes: their size.
        example: name of the first of them, as the file has it; empty if they are the whole file.
    """

    rule: str
    suffix: str
    number: int
    bytes: int
    example: str


Finished = Documents | BadRecord | Omitted
"""What is in a file, after the extraction of texts from pages."""

Found = Finished | PageBatch
"""What a reader finds in a file."""


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """The measurements of some TextBatches or IdBatches: integers only, one entry per document, in order.

    Attributes:
        ordinal, offset, labels: as in the batches; a label is null for documents that lack it.
        bytes: UTF-8 bytes of the text; for token ids, of the text that they stand for.
        words: number of words, as near-duplicate detection defines them; 0 for token ids.
        keys: 128-bit hash of the text or of the ids, shape (n, 2): high and low half; equal exactly for equal texts,
            and for equal ids of one vocabulary.
        tokens: tokenizer name -> tokens of each document, without special tokens.
        bytes_repeated_inside: bytes of lines or paragraphs that occurred in the document before; null for token ids.
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
    bytes_repeated_inside: pa.Int64Array
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
