"""Bringing the groups of duplicates up to date by themselves, when nothing is counted."""

from pathlib import Path
from typing import Final

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.signatures import check_signatures
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.progress import Notify
from tokaudit.dedup.regroup import regroup
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier
from tokaudit.pipeline.engines import EngineChoice
from tokaudit.pipeline.engines.chosen import folder_of
from tokaudit.pipeline.engines.threads import FolderEngine

_THREADS: Final = 1
"""What no job has compared is compared one task at a time, since a task may take some hundred megabytes."""


def finish_groups(catalog: Path, notify: Notify, work: str | None = None) -> None:
    """Do what is left to do on the groups, and so on each `forget`, as the only writer; nothing if all is up to date.

    Args:
        catalog: the DuckDB file.
        notify: receives short progress messages.
        work: folder or URL in which results of stages of grouping may wait; None: next to the catalog.

    Raises:
        CatalogError: the catalog can't be read or written, its signatures are missing, or another process writes to it.
    """
    with exclusive_writer(catalog) as file:  # which also removes what is left of an upgrade
        check_signatures(file)
        update_groups(file, worker_threads(), notify, work)


def update_groups(catalog: Path, workers: int, notify: Notify, work: str | None = None) -> None:
    """As `finish_groups`, for a caller that holds `exclusive_writer` and has checked the signatures."""
    folder = folder_of(EngineChoice(work=work), catalog)
    waiting = bool(folder.names())
    compare, reread = (FolderEngine(folder, threads) if waiting else None for threads in (_THREADS, workers))
    with StoredSets(catalog) as sets:
        regroup(catalog, Verifier(catalog, sets, workers, engine=reread), notify, compare)
