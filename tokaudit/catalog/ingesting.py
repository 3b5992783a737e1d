"""One ingest, from the catalog's side: what the catalog has before it, its writers, and the totals after it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any

from tokaudit.catalog import known_files, sources
from tokaudit.catalog.backfill import BackfillWriter
from tokaudit.catalog.completeness import only_ids, origins
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.delete import delete_files, sweep
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.known_files import KnownFile
from tokaudit.catalog.repeated_inside import much_repeated, repeated_by_domain
from tokaudit.catalog.signatures import check_signatures
from tokaudit.catalog.source_settings import limits_of_ingests
from tokaudit.catalog.sources import SourceSettings
from tokaudit.catalog.totals import FileTotals, totals
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import Identity
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile, LeftOut
from tokaudit.readers.unpack.limits import Limits


class ForeignFileError(UsageError):
    """A file of another source is to be counted.

    Attributes:
        fault: the file, and why it is refused.
        owner: the source that it belongs to.
    """

    def __init__(self, path: str, owner: str) -> None:
        self.owner = owner
        self.fault = f"{path}: already belongs to source {owner!r}, and a file belongs to one source"
        super().__init__(f"{self.fault}; use --source {quote(owner)}, or run `tokaudit forget {quote(owner)}` first")


@dataclass(frozen=True, slots=True)
class IngestSession:
    """An ingest that is under way.

    Attributes:
        catalog: the DuckDB file; no other process writes to it.
        number: number of the ingest.
        settings: settings of its source.
        paths: paths of the files that were named.
        tokenizers: name in the catalog -> number, in the order in which they were asked for.
        labels: all labels that the source keeps, name -> field.
        text_fields: where its text is.
        earlier_fields: where its text was before this ingest.
        known: files that the catalog had at the paths, by path.
        limits: the limits that these files were read with, by the number of their ingest.
        before: paths of all files of the source, before this ingest.
        extractors: `Extraction.identity` of all pages of the source, before this ingest.
    """

    catalog: Path
    number: int
    settings: SourceSettings
    paths: Sequence[str]
    tokenizers: Mapping[str, int]
    labels: Mapping[str, str]
    text_fields: TextFields
    earlier_fields: TextFields
    known: Mapping[str, KnownFile]
    limits: Mapping[int, Limits]
    before: Collection[str]
    extractors: frozenset[str]

    @property
    def labels_read(self) -> list[str]:
        """The labels as the catalog stores them for a file: ``NAME=FIELD``, in order."""
        return sources.label_list(self.labels)

    def writer(self) -> CatalogWriter:
        """A writer that adds whole files."""
        return CatalogWriter(self.catalog, self.settings.source, self.number, self.tokenizers, self.labels_read)

    def backfill_writer(self) -> BackfillWriter:
        """A writer that adds counts and labels to files in the catalog."""
        return BackfillWriter(self.catalog, self.tokenizers, self.labels_read)

    def finish(self) -> "IngestTotals":
        """Record that the ingest has finished, and return its totals."""
        with write_transaction(self.catalog) as connection:
            sources.finish_ingest(connection, self.number)
            found = totals(connection, self.paths)
            tokens = {name: found.tokens.get(name, 0) for name in self.tokenizers}
            source = self.settings.source
            repeated = repeated_by_domain(connection, next(iter(self.tokenizers)), source)
            warnings = (*origins(connection, source), *only_ids(connection, source), *much_repeated(repeated.values()))
            return IngestTotals(replace(found, tokens=tokens), warnings)


@dataclass(frozen=True, slots=True)
class IngestTotals:
    """Totals at the end of an ingest.

    Attributes:
        files: totals of the files that were named, in tokens of the tokenizers asked for.
        warnings: sentences about the source's text.
    """

    files: FileTotals
    warnings: tuple[str, ...]


@contextmanager
def ingesting(
    catalog: Path,
    settings: SourceSettings,
    identities: Iterable[Identity],
    files: Sequence[InputFile],
    left_out: Sequence[LeftOut],
    recorded: Mapping[str, Any],
) -> Iterator[IngestSession]:
    """Opens the catalog for one ingest: removes what a killed one left, and registers the source and its tokenizers.

    Args:
        catalog: the DuckDB file; it is created if it is missing.
        settings: how the source is counted.
        identities: identities of the tokenizers.
        files: files that were named.
        left_out: paths that are not counted, with the rule.
        recorded: settings to record with the ingest.

    Raises:
        UsageError: the source was counted in another way, or a file belongs to another source.
        CatalogError: the catalog can't be written, or another process writes to it.
    """
    paths = [file.path for file in files]
    with exclusive_writer(catalog) as file:
        check_signatures(file)
        with write_transaction(file) as connection:
            delete_files(connection, known_files.staged_files(connection))
            source = sources.register_source(connection, settings)
            tokenizers = dict(
                sources.register_tokenizer(connection, identity.name, identity.sha256, identity.counter)
                for identity in identities
            )
            known = known_files.known_files(connection, paths)
            _check_owner(known, settings.source)
            limits = limits_of_ingests(connection, {file.ingest for file in known.values()}) if known else {}
            number = sources.begin_ingest(connection, settings.source, recorded)
            known_files.place_below(connection, _nearer(files, known))
            before = known_files.paths_of(connection, settings.source)
            extractors = known_files.extractors_of(connection, settings.source)
            known_files.record_left_out(connection, settings.source, left_out, {*before, *paths})
            sweep(file, connection)
        yield IngestSession(
            catalog=file,
            number=number,
            settings=settings,
            paths=paths,
            tokenizers=tokenizers,
            labels=source.labels,
            text_fields=source.text_fields,
            earlier_fields=source.earlier,
            known=known,
            limits=limits,
            before=before,
            extractors=extractors,
        )


def _check_owner(known: Mapping[str, KnownFile], source: str) -> None:
    foreign = {path: file.source for path, file in known.items() if file.source != source and file.documents}
    if foreign:
        path = min(foreign)
        raise ForeignFileError(path, foreign[path])


def _nearer(files: Iterable[InputFile], known: Mapping[str, KnownFile]) -> dict[int, str]:
    """Number -> path below the folder named now, for files in the catalog for which that is less than before."""
    return {
        known[file.path].number: file.below
        for file in files
        if file.path in known and file.below.encode() < known[file.path].below.encode()
    }
