"""Which files can't be taken into the catalog, and the message that says why when an ingest stops."""

from operator import itemgetter
from typing import Final

import numpy as np

from tokaudit.core.batches import BadRecord
from tokaudit.pipeline.measuring import MeasuredWork

ORIGIN: Final = "origin"
ORIGINS: Final = frozenset({"natural", "rephrased", "synthetic"})


def refusal(work: MeasuredWork, *, skip_bad: bool) -> tuple[int, str] | None:
    """The place of the first file that can't be taken, and why; None if all can.

    Args:
        work: the measured files.
        skip_bad: whether bad records become rows; else a file with one is refused.
    """
    found = [fault for fault in (_bad_file(work, skip_bad=skip_bad), _strange_origin(work)) if fault]
    return min(found, key=itemgetter(0), default=None)


def _bad_file(work: MeasuredWork, *, skip_bad: bool) -> tuple[int, str] | None:
    for place, record in work.bad:
        task = work.tasks[place]
        # A backfilled file was counted before: its bad records are rows already, unless its end became unreadable.
        refused = not skip_bad if task.backfills is None else record.ordinal is None and not task.known_bad
        if refused:
            return place, _words(task.file.path, record)
    return None


def _strange_origin(work: MeasuredWork) -> tuple[int, str] | None:
    """A value of the label ``origin`` that is not an origin: tokens of different origins are kept apart by it."""
    batch = work.batch
    if batch is None or ORIGIN not in batch.labels:
        return None
    origins = batch.labels[ORIGIN]
    strange = set(origins.drop_null().unique().to_pylist()) - ORIGINS
    if not strange:
        return None
    row, value = min((origins.index(value).as_py(), value) for value in strange)
    place = int(np.searchsorted(np.cumsum(work.documents), row, side="right"))
    known = ", ".join(sorted(ORIGINS))
    reason = f"{value!r} is not a value of the label {ORIGIN!r} (known: {known})"
    return place, f"{work.tasks[place].file.path}: {reason}; fix it, or name another field: --label {ORIGIN}=FIELD"


def _words(path: str, bad: BadRecord) -> str:
    """One line for a bad record: file, reason, place, remedy."""
    line = "" if bad.line is None else f":{bad.line}"
    why = bad.why.removeprefix(f"line {bad.line}: ")
    byte = "" if bad.offset is None else f", byte {bad.offset}"
    place = "" if bad.ordinal is None else f" (record {bad.ordinal}{byte})"
    fix = "fix or remove the file, " if bad.ordinal is None else "fix the record, "
    if "; pass --" in why:  # the reason says already what helps
        fix = ""
    return f"{path}{line}: {why}{place}; {fix}or pass --on-bad-record skip to record it and continue"
