"""The result of an ingest: its numbers as rows, and notes on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from shlex import quote
from typing import Any, Final

from tokaudit.core.rows import Row
from tokaudit.core.units import format_number_of
from tokaudit.pipeline.left_out import LeftOutGroup, left_out_words

_NOT_SHOWN: Final = frozenset({"tokens", "text_fields", "warnings", "left_out"})
"""Fields that are not single values, and are shown in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """The numbers of all files named, whether they were counted now or before.

    Attributes:
        source, domain: the source that the files belong to, and its domain.
        files: number of files named.
        files_unchanged: number of these that were in the catalog already and were not read.
        files_left_out: number of further files, or parts of files, that a rule left out.
        files_gone: number of files of the source that no longer exist, and still count.
        documents: number of documents.
        bytes: UTF-8 bytes of the text as counted.
        tokens: tokens by tokenizer.
        text_fields: field -> number of files whose text is from it.
        bad_records: number of records that could not be counted.
        complete: whether there are no bad records, and nothing was left out that may be text.
        left_out: what was left out, by rule and suffix.
        unchecked_files: files with documents that carry no check sums: changed bytes in them can't be noticed.
        warnings: sentences on the source's text.
        seconds: duration of the ingest.
    """

    source: str
    domain: str
    files: int
    files_unchanged: int
    files_left_out: int
    files_gone: int
    documents: int
    bytes: int
    tokens: Mapping[str, int]
    text_fields: Mapping[str, int]
    bad_records: int
    complete: bool
    left_out: Sequence[LeftOutGroup]
    unchecked_files: int
    warnings: tuple[str, ...]
    seconds: float

    def document(self) -> dict[str, Any]:
        """The result as a JSON document."""
        return asdict(self)

    def rows(self) -> list[Row]:
        """Rows of ``field`` and ``value``, the tokens of each tokenizer last. The warnings are among the `notes`."""
        counts = {f"tokens {name}": tokens for name, tokens in self.tokens.items()}
        shown = {name: value for name, value in self.document().items() if name not in _NOT_SHOWN}
        return [{"field": name, "value": value} for name, value in {**shown, **counts}.items()]

    def notes(self) -> Iterator[str]:
        """Sentences that the user must read: `remarks`, then `cautions`."""
        yield from self.remarks()
        yield from self.cautions()

    def remarks(self) -> Iterator[str]:
        """Sentences on what was done."""
        if self.files == self.files_unchanged:
            yield "nothing to do: all files are in the catalog already and have not changed"
        if self.text_fields.keys() - {"text"}:
            fields = [f"{name!r} in {format_number_of(files, 'file')}" for name, files in self.text_fields.items()]
            yield f"the text is in the field {', '.join(fields)} (see `--text-field`)"

    def cautions(self) -> Iterator[str]:
        """Sentences on what may be wrong with the numbers."""
        if self.left_out:
            yield f"{left_out_words(self.left_out)} (see `tokaudit query left_out`)"
        yield from self.warnings
        if self.files_gone:
            gone = format_number_of(self.files_gone, "file")
            yield (
                f"the source still counts {gone} that can't be found any more; to drop them, run"
                f" `tokaudit forget {quote(self.source)}` and ingest the source again"
            )
        if self.bad_records:
            yield f"{format_number_of(self.bad_records, 'bad record')} could not be counted (see `tokaudit errors`)"
