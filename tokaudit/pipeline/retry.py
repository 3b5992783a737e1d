"""Reading again the files that could not be read, or not wholly, in the way in which their source is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import duckdb

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile, counted_files
from tokaudit.catalog.source_settings import (
    CountedWith,
    limits_of_source,
    recorded_last,
    stored_settings,
    tokenizers_of,
)
from tokaudit.catalog.sources import SourceSettings
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.errors import InputError
from tokaudit.core.progress import Notify, ProgressListener
from tokaudit.core.rows import Row
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.core.units import format_number_of
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.tokenizers.ids import token_ids
from tokaudit.pipeline.engines import EngineChoice
from tokaudit.pipeline.find_tokenizer import find_tokenizer
from tokaudit.pipeline.groups import finish_groups
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.options import load_counters
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.result import IngestResult
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.unpack.limits import Limits


@dataclass(frozen=True, slots=True)
class RetryResult:
    """What became of the files with bad records.

    Attributes:
        results: one per source with such files that could be looked up: the numbers of these files. Stores of token
            ids have results of their own, one per tokenizer.
        gone: paths of such files that are gone; their rows stay.
        refused: why others could not be looked up, one sentence each; their rows stay.
    """

    results: tuple[IngestResult, ...]
    gone: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether no bad record is left in the files."""
        return all(result.bad_records == 0 for result in self.results) and not self.gone and not self.refused

    def rows(self) -> list[Row]:
        """One row per result, with the numbers that `IngestResult.document` has."""
        return [result.document() for result in self.results]

    def notes(self) -> list[str]:
        """Sentences on what is left, or on why nothing was done."""
        notes = list(dict.fromkeys(note for result in self.results for note in result.warnings))
        if self.gone:
            gone = format_number_of(len(self.gone), "file")
            notes.append(f"{gone} with bad records can't be found any more, such as {self.gone[0]}")
        notes += self.refused
        left = sum(result.bad_records for result in self.results)
        if left:
            notes.append(f"{format_number_of(left, 'bad record')} could not be counted (see `tokaudit errors`)")
        if not self.results and not notes:
            notes.append("nothing to do: no file has a bad record")
        return notes

    def document(self) -> Row:
        """The JSON document of ``tokaudit retry``."""
        return {"rows": self.rows(), "complete": self.complete, "gone": list(self.gone), "warnings": self.notes()}


def retry(catalog: Path, source: str | None, workers: int, memory: int, listener: ProgressListener) -> RetryResult:
    """Read again the files with bad records of a source, or of all; what can be read now replaces their rows.

    Bad records that are left are rows again. If there is nothing to read, groups that a retry left stale when it was
    cut off are made anew; an ingest does that anyhow.

    Args:
        catalog: the DuckDB file.
        source: name of the source; None for all.
        workers: number of threads that measure.
        memory: about how many bytes the batches in memory may take.
        listener: hears how far it has come.

    Raises:
        UsageError: there is no such source, or a tokenizer that it was counted with can't be found.
        InputError: a file is refused; the sources before it are done.
        CatalogError: the catalog can't be read or written.
    """
    with open_readonly(catalog) as connection:
        failed = counted_files(connection, source, failed=True)
        by_source = groupby(failed, attrgetter("source"))
        plans = [plan for name, files in by_source for plan in _plans(connection, name, list(files))]
        is_stale = any(each.work == "grouping" for each in unfinished(connection))
    gone: list[str] = []
    refused: list[str] = []
    requests = []
    for plan in plans:
        selected = _selected(plan.files, gone, refused)
        if selected:
            requests.append(_request(plan, selected, workers, memory, listener.note))
    results = tuple(ingest(catalog, request, listener) for request in requests)
    if is_stale and not results:
        finish_groups(catalog, listener.note)
    return RetryResult(results, tuple(gone), tuple(refused))


@dataclass(frozen=True, slots=True)
class _Plan:
    """How some files of one source are to be read.

    Attributes:
        tokenizers: what they are counted with.
        files: files with text, or stores of token ids of one tokenizer.
        engine: the engine of the latest ingest of the source.
    """

    settings: SourceSettings
    limits: Limits
    tokenizers: Sequence[CountedWith]
    files: Sequence[CountedFile]
    engine: EngineChoice


def _plans(connection: duckdb.DuckDBPyConnection, source: str, files: Sequence[CountedFile]) -> Iterator[_Plan]:
    """How files of a source are to be read: those with text together, and stores by tokenizer."""
    stored, limits = stored_settings(connection, source), limits_of_source(connection, source)
    now = tuple(step.name for step in ingester_of(stored.domain).steps(stored.clean))
    settings = replace(stored, steps=now)  # a source that another version cleaned in another way is refused
    engine = EngineChoice.of(recorded_last(connection, source))
    texts = [file for file in files if file.reader not in STORE_READERS]
    if texts:
        yield _Plan(settings, limits, tokenizers_of(connection, source), texts, engine)
    stores: dict[str, tuple[CountedWith, list[CountedFile]]] = {}
    for file in files:
        if file.reader in STORE_READERS:
            (tokenizer,) = tokenizers_of(connection, source, [file.number])
            stores.setdefault(tokenizer.sha256, (tokenizer, []))[1].append(file)
    for tokenizer, of_tokenizer in stores.values():
        yield _Plan(settings, limits, [tokenizer], of_tokenizer, engine)


def _selected(files: Sequence[CountedFile], gone: list[str], refused: list[str]) -> list[Selected]:
    """The files as they are now, each with the reader that it was read with; others are added to the lists."""
    selected = []
    for file in files:
        try:
            now = file.find()
        except InputError as error:
            refused.append(str(error))
            continue
        if now is None:
            gone.append(file.path)
        else:
            selected.append(Selected(now, file.reader))
    return selected


def _request(plan: _Plan, selected: Sequence[Selected], workers: int, memory: int, notify: Notify) -> IngestRequest:
    vocabularies = [find_tokenizer(each, plan.settings, notify) for each in plan.tokenizers]
    stores = any(chosen.reader in STORE_READERS for chosen in selected)
    return IngestRequest(
        selected=selected,
        left_out=[],
        counters=load_counters(vocabularies, notify),
        settings=plan.settings,
        skip_bad=True,
        workers=workers,
        memory=memory,
        limits=plan.limits,
        again=True,
        recorded={"paths": [chosen.file.path for chosen in selected], "retry": True},
        token_ids=token_ids(vocabularies[0]) if stores else None,
        engine=plan.engine,
        asked=[tokenizer.asked for tokenizer in plan.tokenizers],
    )
