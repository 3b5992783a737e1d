"""Files in the catalog with all that is needed to read them again as they were counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from tokaudit.catalog.source_settings import limits_of_ingests
from tokaudit.catalog.sources import source_names
from tokaudit.catalog.statements import fetch_rows, fetch_rows_with_incoming
from tokaudit.core.errors import UsageError
from tokaudit.core.extraction import Extraction
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.rows import Row
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64
from tokaudit.ingesters.cleaning import Step
from tokaudit.ingesters.domains import ingester_of
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.paths.find_again import find_again
from tokaudit.readers.unpack.limits import Limits

_SELECT: Final = """
select f.file as number, f.source, s.domain, s.clean, s.steps as cleaned_by, s.text_field as general,
       s.text_rules as rules, f.path, f.below, f.size, f.modified, f.content, f.reader, f.text_field, f.extractor,
       f.documents, f.bad_records, f.ingest
from store.whole f join store.sources s using (source)
"""


@dataclass(frozen=True, slots=True)
class CountedFile:
    """A file that was counted, and how.

    Attributes:
        number: its number in the catalog.
        clean: ``default`` or ``none``.
        cleaned_by: names of the cleaning steps that its texts were counted after.
        general, rules: fields that its source tries for the text, as the catalog stores them.
        size, modified, content: stored bytes, time and hash when it was counted.
        text_field: field that its texts are from; None if nothing was counted or the format has no fields.
        extractor: `Extraction.identity` of its pages; None if it has none.
        documents, bad_records: how many were counted, and how many could not be.
        limits: limits on what it may unpack to, when it was counted.
    """

    number: int
    source: str
    domain: str
    clean: str
    cleaned_by: Sequence[str]
    general: str
    rules: Sequence[str]
    path: str
    below: str
    size: int
    modified: str
    content: str
    reader: str
    text_field: str | None
    extractor: str | None
    documents: int
    bad_records: int
    limits: Limits

    @property
    def steps(self) -> Sequence[Step]:
        """The cleaning steps of this tokaudit for its texts."""
        return ingester_of(self.domain).steps(self.clean)

    @property
    def extraction(self) -> Extraction:
        """How this tokaudit would extract the texts of its pages."""
        return ingester_of(self.domain).extraction(self.clean)

    @property
    def counted_otherwise(self) -> str | None:
        """Why another version, which counted it, may have made other texts of it; None if they are the same."""
        if self.extractor not in {None, self.extraction.identity}:
            return f"its pages were extracted by {self.extractor}, and this would be {self.extraction.identity}"
        now = [step.name for step in self.steps]
        if self.reader in STORE_READERS or self.cleaned_by == now:
            return None
        return f"its texts were cleaned by {_listed(self.cleaned_by)}, and this would be {_listed(now)}"

    def find(self) -> InputFile | None:
        """The file as it is now; None if it is gone.

        Raises:
            InputError: it can't be looked up.
        """
        return find_again(self.path, self.below, self.reader)

    def same(self, file: InputFile) -> bool:
        """Whether size and time of the file as it is now are those that were counted."""
        return (file.size, file.modified) == (self.size, self.modified) and file.modified != ""

    def options(self, batch_bytes: int, token_ids: TokenIds | None = None) -> ReadOptions:
        """The options that it was read with, except labels.

        Args:
            batch_bytes: approximate bytes of text per batch.
            token_ids: the vocabulary of a store of token ids.
        """
        fields = TextFields.stored(self.general, self.rules)
        return ReadOptions(
            fields.of_counted(self.below, self.text_field, is_archive=READERS.get(self.reader).is_archive),
            batch_bytes=batch_bytes,
            limits=self.limits,
            extraction=self.extraction,
            members=ingester_of(self.domain),
            token_ids=token_ids,
        )


def _listed(steps: Sequence[str]) -> str:
    return ", ".join(steps) or "no steps"


def counted_files(
    connection: duckdb.DuckDBPyConnection, source: str | None, *, failed: bool = False
) -> list[CountedFile]:
    """The files of a source, or of all sources, ordered by source and place.

    Args:
        connection: the catalog.
        source: name of the source; None for all.
        failed: whether only files with bad records are wanted.

    Raises:
        UsageError: there is no such source.
    """
    known = source_names(connection)
    if source is not None and source not in known:
        raise UsageError(unknown_name("source", source, known))
    rows = fetch_rows(
        connection,
        f"{_SELECT} where f.source = coalesce($source, f.source) and (f.bad_records > 0 or not $failed)"
        " order by f.source, f.below, f.path",
        {"source": source, "failed": failed},
    )
    return _with_limits(connection, rows)


def files_at(connection: duckdb.DuckDBPyConnection, numbers: Sequence[int] | Int64) -> list[CountedFile]:
    """The files with these numbers, in no order."""
    if not len(numbers):
        return []
    rows = fetch_rows_with_incoming(connection, f"{_SELECT} semi join incoming i on i.file = f.file", {"file": numbers})
    return _with_limits(connection, rows)


def _with_limits(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> list[CountedFile]:
    limits = limits_of_ingests(connection, {row["ingest"] for row in rows})
    return [CountedFile(limits=limits[row.pop("ingest")], **row) for row in rows]
