"""The ingest: compare files with the catalog, read, measure and commit them, group duplicates, add up."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from shlex import quote
from typing import Final

from tokaudit.catalog.check_tables import check_tables
from tokaudit.catalog.connection import kept_open, open_readonly
from tokaudit.catalog.ingesting import IngestSession, IngestTotals, ingesting
from tokaudit.catalog.most_texts import check_capacity
from tokaudit.catalog.move_rows import move_rows
from tokaudit.core.progress import ProgressListener
from tokaudit.core.shortage import check_address_space
from tokaudit.core.units import format_number_of
from tokaudit.dedup.likes_met import LikesMet
from tokaudit.dedup.regroup import regroup
from tokaudit.dedup.renew_signatures import renew_signatures
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.pipeline.changes import FileTask, file_tasks
from tokaudit.pipeline.engines.chosen import engines_of
from tokaudit.pipeline.extractor_check import check_extractor, sources_extracted_otherwise
from tokaudit.pipeline.left_out import LeftOutGroup, left_out_groups, may_lack_text
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.result import IngestResult
from tokaudit.pipeline.run import run
from tokaudit.readers.detect import is_gone
from tokaudit.readers.files import InputFile, LeftOut, has_no_file

_NO_GROUPS: Final = "the groups of duplicates are not made, and numbers not final; `tokaudit resume` makes them"


def ingest(catalog: Path, request: IngestRequest, listener: ProgressListener) -> IngestResult:
    """Count the files of the request into the catalog.

    Args:
        catalog: the DuckDB file, made if it is not there.
        request: files, tokenizers and settings.
        listener: hears how far the ingest has come.

    Raises:
        UsageError: the source or a file was counted in another way, or belongs to another source.
        InputError: a bad record, unless bad records are skipped, or more texts than can be grouped; the files finished
            before that are in. Or the limit of address space is too low.
        CatalogError: the catalog can't be written.
    """
    started = time.monotonic()
    check_address_space(counting=True)
    _say_which_are_slow(request.counters, listener)
    listener.note("opening the catalog")
    files = [chosen.file for chosen in request.selected]
    identities = [each.identity for each in request.counters]
    with ingesting(catalog, request.settings, identities, files, request.left_out, request.as_recorded()) as session:
        counters = dict(zip(session.tokenizers, request.counters, strict=True))
        listener.note("comparing files with the catalog")
        tasks = file_tasks(request.selected, session, counters, request.limits, again=request.again)
        check_extractor(tasks, session, request.extraction)
        if tasks:
            listener.note("checking the catalog")
            check_tables(session.catalog)
        adds = any(task.backfills is None for task in tasks)
        if adds:
            with open_readonly(session.catalog) as connection:
                check_capacity(connection, documents=1, texts=0)
        renewed = renew_signatures(session.catalog, request.workers, listener.note) if adds else 0
        with (
            StoredSets(session.catalog) as sets,
            engines_of(request.engine, session.catalog, request.workers, request.memory) as engines,
        ):
            meet = LikesMet(sets).meet
            refused = run(tasks, request, session, meet, lambda: sets.bytes, listener, engines.measure)
            with kept_open(session.catalog):
                if request.groups:
                    verifier = Verifier(session.catalog, sets, request.workers, _at_hand(files), engines.reread)
                    regroup(session.catalog, verifier, listener.note, engines.compare)
                move_rows(session.catalog, request.rows_in_catalog, listener.note)
                if refused is not None:
                    raise refused
                listener.note("adding up the totals")
                totals = session.finish()
                stale = tuple(sources_extracted_otherwise(session)) if adds else ()
    notes = (*_renewal(renewed), *_piped(tasks), *stale, *(() if request.groups else (_NO_GROUPS,)))
    return _result(request, session, totals, len(tasks), notes, time.monotonic() - started)


def _result(
    request: IngestRequest,
    session: IngestSession,
    totals: IngestTotals,
    tasks: int,
    notes: Iterable[str],
    seconds: float,
) -> IngestResult:
    """The result of an ingest in which so many files were read, with further sentences about it."""
    counted, uncounted = _counted_before(request.left_out, session)
    left_out = left_out_groups(uncounted, [LeftOutGroup(**row) for row in totals.files.omitted])
    return IngestResult(
        source=request.settings.source,
        domain=request.settings.domain,
        files=len(request.selected),
        files_unchanged=len(request.selected) - tasks,
        files_left_out=sum(group.files for group in left_out),
        files_gone=_gone(session),
        documents=totals.files.documents,
        bytes=totals.files.bytes,
        tokens=totals.files.tokens,
        text_fields=totals.files.text_fields,
        bad_records=totals.files.bad_records,
        complete=totals.files.bad_records == 0 and not may_lack_text(left_out),
        left_out=left_out,
        unchecked_files=totals.files.unchecked_files,
        warnings=(*totals.warnings, *_still_counted(counted, request.settings.source), *notes),
        seconds=round(seconds, 3),
    )


def _say_which_are_slow(counters: Iterable[Counter], listener: ProgressListener) -> None:
    for counter in counters:
        if counter.fallback_reason:
            name, why = counter.identity.name, counter.fallback_reason
            listener.remark(f"tokenizer {name} is counted by the reference, which is slow: {why}")


def _counted_before(left: Iterable[LeftOut], session: IngestSession) -> tuple[list[LeftOut], list[LeftOut]]:
    """What is left out now, in two parts: files that the source counts from before, and all others."""
    counted: list[LeftOut] = []
    others: list[LeftOut] = []
    before = set(session.before)
    for item in left:
        (counted if item.path in before else others).append(item)
    return counted, others


def _still_counted(counted: Iterable[LeftOut], source: str) -> Iterator[str]:
    """A sentence if files are excluded now and still count. Other rules leave out no file that was named before."""
    if excluded := sum(item.rule == "excluded" for item in counted):
        files = "1 file that is" if excluded == 1 else f"{excluded:,} files that are"
        them = "it" if excluded == 1 else "them"
        yield (
            f"the source still counts {files} excluded now; to drop {them}, run `tokaudit forget {quote(source)}`"
            " and ingest the source again"
        )


def _renewal(texts: int) -> Iterator[str]:
    if texts:
        again = f"re-read and compared {format_number_of(texts, 'text')}"
        yield f"{again} of this catalog, which was made by an older tokaudit"


def _at_hand(files: Iterable[InputFile]) -> dict[str, InputFile]:
    """The files, by path, whose bytes only this run has."""
    return {file.path: file for file in files if file.spool is not None}


def _piped(tasks: Iterable[FileTask]) -> Iterator[str]:
    """Sentences on what came from a pipe or a program: it replaces what came that way before, however little it is."""
    for task in tasks:
        if not has_no_file(task.file.path) or task.backfills is not None:
            continue
        if not task.file.size:
            yield f"{task.file.path}: no {'rows' if task.file.is_rows else 'bytes'} came"
        if task.replaces is not None:
            yield f"{task.file.path}: replaced what was counted under this name before; use another --source to add"


def _gone(session: IngestSession) -> int:
    """How many files of the source are no longer on this machine, and still count. Remote files are not looked up."""
    others = set(session.before) - set(session.paths)
    return sum(is_gone(path) for path in others if not has_no_file(path))
