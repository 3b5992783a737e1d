"""What a catalog holds of one source, for a comparison with what is published."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokaudit.published.corpora import Counted


@dataclass(frozen=True, slots=True)
class Amount:
    """Some text: how many documents, UTF-8 bytes and tokens."""

    documents: int
    bytes: int
    tokens: int


@dataclass(frozen=True, slots=True)
class CountedText:
    """The text of a source as one tokenizer counts it: all; without exact copies; without near-duplicates too."""

    seen: Amount
    exact: Amount
    unique: Amount

    def like(self, counted: Counted) -> Amount:
        """What is counted as a published number is."""
        return {"exact": self.exact, "near": self.unique}.get(counted, self.seen)


@dataclass(frozen=True, slots=True)
class LeftOutFiles:
    """Files that a rule left out.

    Attributes:
        rule: the rule.
        paths: how many.
        bytes: of those that are still there, as stored; None where none is.
    """

    rule: str
    paths: int
    bytes: int | None


@dataclass(frozen=True, slots=True)
class MeasuredSource:
    """What the catalog holds of a source.

    Attributes:
        source, domain: its names.
        tokenizer: whose tokens.
        texts: its text by that tokenizer, and by each other that has counted all of it.
        text_field: where records hold the text.
        steps: cleaning steps applied, in order.
        bad_records: records that could not be counted.
        bad_files: files that could not be read from some place on.
        bad_files_bytes: of these files, as stored.
        left_out: by rule.
        warnings: why the numbers are not final.
    """

    source: str
    domain: str
    tokenizer: str
    texts: Mapping[str, CountedText]
    text_field: str = "text"
    steps: tuple[str, ...] = ()
    bad_records: int = 0
    bad_files: int = 0
    bad_files_bytes: int = 0
    left_out: tuple[LeftOutFiles, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> CountedText:
        """By the tokenizer asked for."""
        return self.texts[self.tokenizer]
