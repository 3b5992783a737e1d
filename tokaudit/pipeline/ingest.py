"""The ingest: select files, compare with the catalog, read and measure and commit them, group duplicates, add up."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokaudit.catalog.ingesting import IngestSession, ingesting
from tokaudit.catalog.sources import SourceSettings, label_list
from tokaudit.core.errors import InputError
from tokaudit.dedup.regroup import regroup
from tokaudit.measure.fingerprints.minhash import is_compiled
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.pipeline.changes import file_tasks
from tokaudit.pipeline.run import Destination, RunSettings, run
from tokaudit.pipeline.select import Selected
from tokaudit.pipeline.watcher import ProgressListener
from tokaudit.readers.detect import is_gone
from tokaudit.readers.files import LeftOut


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
        recorded: further settings to record with the ingest.
    """

    selected: Sequence[Selected]
    left_out: Sequence[LeftOut]
    counters: Sequence[Counter]
    settings: SourceSettings
    skip_bad: bool = False
    workers: int = 1
    memory: int = 2**30
    recorded: Mapping[str, Any] = field(default_factory=dict)


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
    files = [chosen.file for chosen in request.selected]
    identities = [counter.identity for counter in request.counters]
    with ingesting(catalog, request.settings, identities, files, request.left_out, _recorded(request)) as session:
        counters = dict(zip(session.tokenizers, request.counters, strict=True))
        tasks = file_tasks(request.selected, session.known, counters, label_list(session.labels))
        if tasks and not is_compiled():
            listener.note("compiling kernels: some seconds, once for this installation")
        listener.total(sum(task.file.size for task in tasks))
        destination = Destination(session.writer(), session.backfill_writer(), listener, request.skip_bad)
        try:
            run(tasks, RunSettings(request.settings, session.labels, request.workers, request.memory), destination)
        except InputError:
            regroup(catalog, listener.note)
            raise
        regroup(catalog, listener.note)
        totals = session.finish()
    return {
        "source": request.settings.source,
        "domain": request.settings.domain,
        "files": len(files),
        "files_unchanged": len(files) - len(tasks),
        "files_left_out": len(request.left_out),
        "files_gone": _gone(session),
        **{name: totals[name] for name in ("documents", "bytes", "tokens", "bad_records")},
        "complete": totals["bad_records"] == 0,
        "warnings": totals["warnings"],
        "seconds": round(time.monotonic() - started, 3),
    }


def _gone(session: IngestSession) -> int:
    """How many files of the source are no longer on this machine: they still count. Of others nobody asks."""
    return sum(map(is_gone, set(session.before) - set(session.paths)))


def _recorded(request: IngestRequest) -> dict[str, Any]:
    """What is recorded with the ingest."""
    settings = request.settings
    return {
        "source": settings.source,
        "domain": settings.domain,
        "reader": settings.reader,
        "text_field": settings.text_field,
        "clean": settings.clean,
        "steps": settings.steps,
        "labels": settings.labels,
        "tokenizers": list(_identities(request.counters)),
        **request.recorded,
    }


def _identities(counters: Iterable[Counter]) -> Iterable[dict[str, str]]:
    for counter in counters:
        identity = counter.identity
        yield {"name": identity.name, "sha256": identity.sha256, "counter": identity.counter}
