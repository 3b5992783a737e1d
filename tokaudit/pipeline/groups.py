"""Bringing the groups of duplicates up to date by themselves, when nothing is counted."""

from pathlib import Path

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.signatures import check_signatures
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.progress import Notify
from tokaudit.dedup.regroup import regroup
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier


def finish_groups(catalog: Path, notify: Notify) -> None:
    """Do what is left to do on the groups, and so on each `forget`, as the only writer; nothing if all is up to date.

    Raises:
        CatalogError: the catalog can't be read or written, its signatures are missing, or another process writes to it.
    """
    with exclusive_writer(catalog) as file:  # which also removes what is left of an upgrade
        check_signatures(file)
        update_groups(file, worker_threads(), notify)


def update_groups(catalog: Path, workers: int, notify: Notify) -> None:
    """As `finish_groups`, for a caller that holds `exclusive_writer` and has checked the signatures."""
    with StoredSets(catalog) as sets:
        regroup(catalog, Verifier(catalog, sets, workers), notify)
