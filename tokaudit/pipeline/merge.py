"""Bringing catalogs that were counted apart into one: the same rows as if all had been counted in it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.check_tables import check_tables
from tokaudit.catalog.completeness import choose_tokenizer, completeness, vocabularies
from tokaudit.catalog.connection import kept_open, open_readonly, write_transaction
from tokaudit.catalog.delete import sweep
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.merging.definitions import merge_sources, merge_tokenizers
from tokaudit.catalog.merging.files import Files, merge_files, merge_ingests
from tokaudit.catalog.merging.given import Given, check_given, open_given
from tokaudit.catalog.merging.rows import merge_rows, merge_similarities
from tokaudit.catalog.merging.saved import merge_saved
from tokaudit.catalog.merging.signatures import copy_signatures, name_signatures
from tokaudit.catalog.migrate import new_catalog_in_memory
from tokaudit.catalog.most_texts import check_capacity
from tokaudit.catalog.move_rows import move_rows
from tokaudit.catalog.signatures import check_signatures
from tokaudit.catalog.statements import fetch_one
from tokaudit.core.errors import UsageError
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.progress import Notify
from tokaudit.core.rows import Row
from tokaudit.core.rows_in_catalog import ROWS_IN_CATALOG
from tokaudit.core.units import format_number_of
from tokaudit.dedup.renew_signatures import renew_signatures
from tokaudit.pipeline.groups import update_groups

COLUMNS: Final = ("catalog", "files", "files_known", "documents")


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of one catalog.

    Attributes:
        catalog: its file, as it was named.
        files: number of files that were added.
        files_known: number of its files that were there before.
        documents: number of documents that were added.
    """

    catalog: str
    files: int
    files_known: int
    documents: int


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What came of a merge.

    Attributes:
        merged: one per catalog, in the order in which they were named.
        complete: whether the numbers of the merged catalog are final and of all the input.
        notes: sentences that the user must read.
        seconds: how long it took.
    """

    merged: Sequence[Merged]
    complete: bool
    notes: tuple[str, ...]
    seconds: float

    def rows(self) -> list[Row]:
        """A row per catalog, with the columns `COLUMNS`."""
        return [asdict(each) for each in self.merged]

    def document(self) -> Row:
        """The JSON document of ``tokaudit merge``."""
        return {
            "rows": self.rows(),
            "files": sum(each.files for each in self.merged),
            "documents": sum(each.documents for each in self.merged),
            "complete": self.complete,
            "warnings": list(self.notes),
            "seconds": self.seconds,
        }


def merge(catalog: Path, given: Sequence[Path], notify: Notify, rows_in_catalog: int = ROWS_IN_CATALOG) -> MergeResult:
    """Bring other catalogs into one. They are only read.

    All are checked before anything is written. Each is then added in one transaction, and groups of duplicates are made
    anew at the end. What was cut off is finished by the same call, or by `resume` as far as catalogs were added.

    Args:
        catalog: the DuckDB file, made if it is not there.
        given: the catalogs to add.
        notify: receives short progress messages.
        rows_in_catalog: rows of each kind that may stay in the catalog's file; if there are more, they are moved.

    Raises:
        UsageError: the catalogs count something in two ways, or one of them is named twice.
        InputError: the catalog would have more texts than can be grouped.
        CatalogError: a catalog can't be read or written, or its signatures are missing.
    """
    started = time.monotonic()
    notify("checking the catalogs")
    check_given(catalog, given)
    is_new = not catalog.exists()
    if is_new:  # what is refused leaves no empty catalog
        with new_catalog_in_memory() as alone:
            _check_together(alone, [catalog, *given])
    with exclusive_writer(catalog) as file:
        check_signatures(file)
        check_tables(file)
        if not is_new:
            with suppress(_CheckedError), write_transaction(file) as connection:
                _check_together(connection, [catalog, *given])
                raise _CheckedError
        renewed = renew_signatures(file, worker_threads(), notify)
        gone = _estimated(file)
        merged = [_merge(file, path, notify) for path in given]
        with kept_open(file):
            update_groups(file, worker_threads(), notify)
            move_rows(file, rows_in_catalog, notify)
            with open_readonly(file) as connection:  # signatures that were copied of catalogs with nothing new
                sweep(file, connection)
            complete, notes = _state(file)
        estimated = _estimated(file) - gone
    notes = (*_renewal(renewed), *_not_compared(estimated), *notes)
    return MergeResult(merged, complete, notes, round(time.monotonic() - started, 3))


class _CheckedError(Exception):
    """Undoes what a check has written: the catalogs go together."""


def _check_together(connection: duckdb.DuckDBPyConnection, catalogs: Sequence[Path]) -> None:
    """Check that catalogs count all that they have in common in one way.

    Args:
        connection: to the first catalog; sources and files of the others are added.
        catalogs: the first one, and the others.

    Raises:
        UsageError: they don't; the message names two of the catalogs.
    """
    for place, path in enumerate(catalogs[1:], 1):
        try:
            with open_given(path, catalogs[0]) as given:
                _merge_definitions(connection, given)
        except UsageError:
            for earlier in catalogs[1:place]:  # which may be the one that has the other definition
                with new_catalog_in_memory() as alone, open_given(earlier, earlier) as first:
                    _merge_definitions(alone, first)
                    with open_given(path, earlier) as given:
                        _merge_definitions(alone, given)
            raise


def _merge_definitions(connection: duckdb.DuckDBPyConnection, given: Given) -> tuple[dict[int, int], Files]:
    """Add all that catalogs may disagree on; returns the numbers of the tokenizers, and the files."""
    merge_sources(connection, given)
    numbers = merge_tokenizers(connection, given)
    merge_saved(connection, given)
    merge_ingests(connection, given)
    return numbers, merge_files(connection, given)


def _merge(catalog: Path, path: Path, notify: Notify) -> Merged:
    """Add one catalog in one transaction, after its signatures are on disk."""
    notify(f"merging {path.name}")
    with open_given(path, catalog) as given:
        copy_signatures(given, catalog)
        with write_transaction(catalog) as connection:
            numbers, files = _merge_definitions(connection, given)
            (texts,) = fetch_one(given.connection, "select coalesce(sum(texts), 0)::bigint from store.fragments")
            check_capacity(connection, 0, texts if files.added else 0)
            merge_rows(connection, given, files, numbers)
            merge_similarities(connection, given)
            if files.added:
                name_signatures(connection, given)
    return Merged(str(path), files.added, files.known, files.documents)


def _estimated(catalog: Path) -> int:
    """How many pairs of texts are estimated because a file was gone."""
    with open_readonly(catalog) as connection:
        (count,) = fetch_one(connection, "select count(*) from store.similarities where how = 'estimate_file_gone'")
    return int(count)


def _state(catalog: Path) -> tuple[bool, tuple[str, ...]]:
    """Whether the numbers of the merged catalog are final and of all the input, and a sentence per reason why not."""
    with open_readonly(catalog) as connection:
        complete, notes = completeness(connection)
        return complete, (*notes, *_uncounted(connection))


def _uncounted(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A sentence for each tokenizer that not all files are counted with."""
    for name in vocabularies(connection):
        try:
            choose_tokenizer(connection, name)
        except UsageError as error:
            yield str(error)


def _renewal(texts: int) -> Iterator[str]:
    if texts:
        again = f"re-read and compared {format_number_of(texts, 'text')}"
        yield f"{again} of this catalog, which was made by an older tokaudit"


def _not_compared(pairs: int) -> Iterator[str]:
    if pairs > 0:
        yield (
            f"the similarity of {format_number_of(pairs, 'pair')} of texts is estimated, because a file of theirs can't"
            " be found here; where the files are, `tokaudit verify` tells which"
        )
