"""Taking a source out: its rows, then the similarities and fragments of texts that nothing has any more."""

from pathlib import Path

import numpy as np

from tokaudit.catalog.connection import exclusive_writer, open_readonly, write_transaction
from tokaudit.catalog.delete import delete_files, named_fragments, sweep
from tokaudit.catalog.signatures import Fragments
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.core.progress import Notify
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Row, UInt64
from tokaudit.dedup.regroup import regroup


def forget(catalog: Path, source: str, notify: Notify) -> Row:
    """Remove a source; how many files and documents went with it comes back.

    Raises:
        UsageError: there is no such source.
        CatalogError: no catalog, or another process writes to it.
    """
    with open_readonly(catalog) as connection:  # `exclusive_writer` would make one
        known = [row[0] for row in connection.execute("select source from store.sources order by 1").fetchall()]
    if source not in known:
        raise UsageError(f"no source {source!r} in {catalog} (known: {', '.join(known) or 'none'})")
    with exclusive_writer(catalog):
        with write_transaction(catalog) as connection:
            files = connection.execute("select file, documents from store.files where source = ?", [source]).fetchall()
            delete_files(connection, [row[0] for row in files])
            connection.execute("delete from store.left_out where source = ?", [source])
            connection.execute("delete from store.sources where source = ?", [source])
            connection.execute(
                "delete from store.similarities where not exists"
                " (from store.documents where key_hi = a_hi and key_lo = a_lo) or not exists"
                " (from store.documents where key_hi = b_hi and key_lo = b_lo)"
            )
        _drop_fragments(catalog)
        regroup(catalog, notify)
    return {"source": source, "files": len(files), "documents": sum(row[1] for row in files)}


def _drop_fragments(catalog: Path) -> None:
    """Remove fragments whose texts are all gone; when nothing is left, those that can't be read, too."""
    with open_readonly(catalog) as connection:
        names = named_fragments(connection)
        live = connection.execute("select distinct key_hi, key_lo from store.documents").fetchnumpy()
    keys, _ = unique(np.column_stack([live["key_hi"], live["key_lo"]]).astype(np.uint64))
    empty = names if len(keys) == 0 else [name for name in names if _holds_none(catalog, name, keys)]
    with write_transaction(catalog) as connection:
        for name in empty:
            connection.execute("delete from store.fragments where fragment = ?", [name])
    sweep(catalog, set(names).difference(empty))


def _holds_none(catalog: Path, name: str, keys: UInt64) -> bool:
    try:
        return bool((positions(keys, Fragments(catalog, [name]).keys()) < 0).all())
    except CatalogError:
        return False  # whether it is needed shows when it is
