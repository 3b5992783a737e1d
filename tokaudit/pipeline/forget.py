"""Removing a source: its rows, then the similarities and fragments of texts that no document has any more."""

from pathlib import Path

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.delete import delete_source
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.signatures import check_signatures
from tokaudit.catalog.sources import source_names
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.errors import UsageError
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.progress import Notify
from tokaudit.core.rows import Row
from tokaudit.pipeline.groups import update_groups


def forget(catalog: Path, source: str, notify: Notify) -> Row:
    """Remove a source, or finish removing it if that was cut off.

    Returns:
        A row of ``source``, ``files`` and ``documents``: the numbers of files and documents that were removed, also if
        the removal had begun earlier.

    Raises:
        UsageError: there is no such source.
        CatalogError: there is no catalog, its signatures are missing, or another process writes to it.
    """
    with open_readonly(catalog) as connection:  # `exclusive_writer` would create a catalog
        known = source_names(connection)
        cut_off = [work.source for work in unfinished(connection) if work.work == "forget"]
    if source not in (*known, *cut_off):
        raise UsageError(f"no source {source!r} in {catalog} (known: {', '.join(known) or 'none'})")
    with exclusive_writer(catalog) as file:
        check_signatures(file)
        with write_transaction(file) as connection:
            files, documents = delete_source(connection, source)
        update_groups(file, worker_threads(), notify)
    return {"source": source, "files": files, "documents": documents}
