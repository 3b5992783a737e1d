"""The ingest: select files, compare with the catalog, read, measure, commit whole files, group duplicates."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tokaudit.catalog import sources
from tokaudit.catalog.backfill import BackfillWriter
from tokaudit.catalog.completeness import origins
from tokaudit.catalog.connection import exclusive_writer, write_transaction
from tokaudit.catalog.delete import delete_files, named_fragments, sweep
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.batches import ReadOptions
from tokaudit.core.errors import InputError, UsageError
from tokaudit.dedup.regroup import regroup
from tokaudit.ingesters.domains import cleaning_steps, ingester_of
from tokaudit.measure.fingerprints.minhash import is_compiled
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.pipeline.changes import FileTask, file_tasks
from tokaudit.pipeline.run import Sink, run
from tokaudit.pipeline.select import Selected
from tokaudit.pipeline.watcher import ProgressListener
from tokaudit.readers.files import LeftOut
from tokaudit.readers.formats import hub

_BATCH_BYTES: Final = 8_000_000
_LEAST_BATCH_BYTES: Final = 64_000


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to count, and how.

    Attributes:
        selected, left_out: the files, as `select` gives them.
        counters: one a tokenizer.
        settings: of the source.
        skip_bad: whether bad records become rows and the ingest goes on; else the first one ends it.
        workers: threads that measure.
        memory: about how many bytes the batches under way may hold.
        note: further settings to record with the ingest.
    """

    selected: Sequence[Selected]
    left_out: Sequence[LeftOut]
    counters: Sequence[Counter]
    settings: sources.SourceSettings
    skip_bad: bool = False
    workers: int = 1
    memory: int = 2**30
    note: Mapping[str, Any] = field(default_factory=dict)


def ingest(catalog: Path, request: IngestRequest, listener: ProgressListener) -> dict[str, Any]:
    """Count the files into the catalog.

    Returns:
        Of all files named, counted now or before: ``files``, ``documents``, ``bytes`` (UTF-8, of the text as counted),
        ``tokens`` by tokenizer, ``bad_records`` and whether that makes it ``complete``; ``files_unchanged`` were not
        read, ``files_left_out`` by rule; ``files_gone`` are those of the source that are no longer there;
        ``warnings`` are what to know of the source's text.

    Raises:
        UsageError: the source or a file was counted in another way or belongs elsewhere.
        InputError: a bad record, unless they are skipped; the files finished before it are in.
        CatalogError: the catalog can't be written.
    """
    started = time.monotonic()
    paths = [chosen.file.path for chosen in request.selected]
    with exclusive_writer(catalog):
        with write_transaction(catalog) as connection:
            delete_files(connection, sources.staged_files(connection))
            labels = sources.register_source(connection, request.settings)
            names = _register_tokenizers(connection, request.counters)
            known = sources.known_files(connection, paths)
            _check_owner(known, request.settings.source)
            number = sources.begin_ingest(connection, request.settings.source, _settings(request))
            sources.place_below(connection, _nearer(request.selected, known))
            before = sources.paths_of(connection, request.settings.source)
            sources.record_left_out(connection, request.settings.source, request.left_out, {*before, *paths})
            sweep(catalog, named_fragments(connection))
        counters = {name: counter for (name, _), counter in zip(names, request.counters, strict=True)}
        kept = sources.label_list(labels)
        work = file_tasks(request.selected, known, counters, kept)
        sink = Sink(
            CatalogWriter(catalog, request.settings.source, number, dict(names), kept),
            BackfillWriter(catalog, dict(names), kept),
            listener,
            request.skip_bad,
        )
        if work and not is_compiled():
            listener.note("compiling kernels: some seconds, once for this installation")
        listener.total(sum(item.file.size for item in work))
        try:
            _run(work, request, labels, sink)
        except InputError:
            regroup(catalog, listener.note)
            raise
        regroup(catalog, listener.note)
        with write_transaction(catalog) as connection:
            sources.finish_ingest(connection, number)
            result = sources.totals(connection, paths)
            warnings = origins(connection, request.settings.source)
    tokens = {name: result["tokens"].get(name, 0) for name in counters}
    return {
        "source": request.settings.source,
        "domain": request.settings.domain,
        "files": len(paths),
        "files_unchanged": len(paths) - len(work),
        "files_left_out": len(request.left_out),
        "files_gone": _gone(before, paths),
        "documents": result["documents"],
        "bytes": result["bytes"],
        "tokens": tokens,
        "bad_records": result["bad_records"],
        "complete": result["bad_records"] == 0,
        "warnings": warnings,
        "seconds": round(time.monotonic() - started, 3),
    }


def _run(work: Sequence[FileTask], request: IngestRequest, labels: Mapping[str, str], sink: Sink) -> None:
    """Count the files. After a fault or a break those that were finished before are in, too."""
    ingester = ingester_of(request.settings.domain)
    # A worker holds one batch: its bytes as read, its text in Arrow, and its token ids: some six times its text.
    batch_bytes = max(_LEAST_BATCH_BYTES, min(_BATCH_BYTES, request.memory // (6 * request.workers)))
    options = ReadOptions(request.settings.text_field, labels, batch_bytes)
    steps = cleaning_steps(ingester, request.settings.clean)
    try:
        run(work, options, ingester, steps, request.workers, sink)
    except (InputError, KeyboardInterrupt):
        sink.files.refuse_unfinished()
        sink.flush()
        raise
    sink.flush()


def _nearer(selected: Sequence[Selected], known: Mapping[str, sources.KnownFile]) -> dict[int, str]:
    """Files in the catalog whose path below the folder named now is less than the one noted before."""
    return {
        known[chosen.file.path].number: chosen.file.below
        for chosen in selected
        if chosen.file.path in known and chosen.file.below.encode() < known[chosen.file.path].below.encode()
    }


def _gone(before: Sequence[str], now: Sequence[str]) -> int:
    """How many files of the source are no longer on this machine: they still count. Of others nobody asks."""
    return sum(hub.is_gone(path) or ("://" not in path and not Path(path).exists()) for path in set(before) - set(now))


def _register_tokenizers(connection: Any, counters: Sequence[Counter]) -> list[tuple[str, int]]:
    identities = [counter.identity for counter in counters]
    return [
        sources.register_tokenizer(connection, identity.name, identity.sha256, identity.counter)
        for identity in identities
    ]


def _settings(request: IngestRequest) -> dict[str, Any]:
    settings = request.settings
    return {
        "source": settings.source,
        "domain": settings.domain,
        "reader": settings.reader,
        "text_field": settings.text_field,
        "clean": settings.clean,
        "steps": settings.steps,
        "labels": settings.labels,
        "tokenizers": [
            {"name": c.identity.name, "sha256": c.identity.sha256, "counter": c.identity.counter}
            for c in request.counters
        ],
        **request.note,
    }


def _check_owner(known: Mapping[str, sources.KnownFile], source: str) -> None:
    for path, file in known.items():
        if file.source != source:
            raise UsageError(
                f"{path}: belongs to source {file.source!r} already; a file belongs to one source"
                f" (`tokaudit forget {file.source}` frees it)"
            )
