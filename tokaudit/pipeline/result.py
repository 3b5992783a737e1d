"""What an ingest says when it is done: its numbers as rows, and what to know of them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tokaudit.core.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """Of all files named, whether they were counted now or before.

    Attributes:
        source, domain: what the files belong to.
        files: how many were named.
        files_unchanged: of these, those that are in the catalog as they are and were not read.
        files_left_out: how many more a rule left out.
        files_gone: files of the source that are no longer there, and still count.
        documents, bytes: of the files; UTF-8, of the text as counted.
        tokens: by tokenizer.
        bad_records: how many could not be counted.
        complete: whether there are none.
        warnings: what to know of the source's text.
        seconds: how long it took.
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
    bad_records: int
    complete: bool
    warnings: tuple[str, ...]
    seconds: float

    def document(self) -> dict[str, Any]:
        """The JSON document."""
        return asdict(self)

    def rows(self) -> list[Row]:
        """Rows of ``field`` and ``value``, the tokens of each tokenizer last; warnings are among the `notes`."""
        counts = {f"tokens {name}": tokens for name, tokens in self.tokens.items()}
        shown = {name: value for name, value in self.document().items() if name not in {"tokens", "warnings"}}
        return [{"field": name, "value": value} for name, value in {**shown, **counts}.items()]

    def notes(self) -> Iterator[str]:
        """What the user must know, one sentence each."""
        if self.files == self.files_unchanged:
            yield "nothing to do: every file is in the catalog already and has not changed"
        yield from self.warnings
        if self.files_gone:
            gone = f"{self.files_gone:,} files of this source are no longer there, but still count"
            yield f"{gone} (`tokaudit forget {self.source}` and ingest it again)"
        if not self.complete:
            yield f"{self.bad_records:,} bad records are not counted (`tokaudit errors` lists them)"
