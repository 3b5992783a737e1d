"""Removing rows of files and sources from the catalog, and fragments that nothing needs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.connection import open_readonly, utc_now, write_transaction
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.row_files import NEXT_DOCUMENT, found_row_files, row_files, row_folders
from tokaudit.catalog.signatures import Fragments
from tokaudit.catalog.sources import source_names
from tokaudit.catalog.stale_groups import mark_groups_stale
from tokaudit.catalog.statements import fetch_one, keys_in, with_incoming
from tokaudit.catalog.take_back import take_back
from tokaudit.core.errors import CatalogError
from tokaudit.core.logs import logger
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import UInt64

_LOG: Final = logger(__name__)
_FRAGMENTS: Final = frozenset({".signatures", ".tmp"})
"""Suffixes of fragments, complete and half written."""


def named_fragments(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """File names of the fragments that the catalog relies on."""
    return [name for (name,) in connection.execute("select fragment from store.fragments").fetchall()]


def sweep(catalog: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Remove fragments and row files that the catalog does not name, for example after a crash.

    The caller is the only writer (`exclusive_writer`). No reader opens such files: readers open what a committed
    transaction names.
    """
    parts, named = parts_folder(catalog), {file.path(catalog) for file in row_files(connection)}
    named |= {parts / name for name in named_fragments(connection)}
    half_written = [file for folder in row_folders(catalog) for file in folder.glob("*.tmp")]
    found = [file for file in parts.glob("*") if file.suffix in _FRAGMENTS]
    for path in (*found, *found_row_files(catalog), *half_written):
        if path not in named:
            try:
                path.unlink()
                _LOG.debug("removed %s, which no catalog names", path)
            except OSError as error:  # it takes space and does no harm; the next writer tries again
                _LOG.info("%s: is needed no more and can't be removed (%s)", path, error.strerror or error)


def delete_files(connection: duckdb.DuckDBPyConnection, files: Sequence[int]) -> None:
    """Remove files and all their rows; the caller derives their groups again."""
    if not files:
        return
    mark_groups_stale(connection, files)
    for statement in _DELETE_FIRST:
        with_incoming(connection, statement, {"file": files})
    take_back(connection, "token_counts", files)
    with_incoming(connection, _DELETE_TOKENS, {"file": files})
    delete_labels(connection, files)
    take_back(connection, "documents", files)
    for statement in _DELETE_LAST:
        with_incoming(connection, statement, {"file": files})
    # Free numbers may be given to other documents.
    connection.execute(f"update store.derived set new_from = least(new_from, ({NEXT_DOCUMENT}))")  # noqa: S608 - a constant


def delete_source(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[int, int]:
    """Remove a source, its files, and similarities of texts that are gone; returns numbers of files and documents.

    What is left to do is recorded, and `regroup` does it: unused fragments are removed, and groups derived again. For a
    source that was removed before, while that is still to be done, the numbers are those of then.
    """
    if source not in source_names(connection):
        return fetch_one(connection, _ALREADY_FORGOTTEN, [source])
    files = connection.execute("select file, documents from store.files where source = ?", [source]).fetchall()
    delete_files(connection, [file for file, _ in files])
    connection.execute("delete from store.left_out where source = ?", [source])
    connection.execute("delete from store.sources where source = ?", [source])
    connection.execute(
        "delete from store.similarities where not exists"
        " (from store.documents where key_hi = a_hi and key_lo = a_lo) or not exists"
        " (from store.documents where key_hi = b_hi and key_lo = b_lo)"
    )
    removed = len(files), sum(documents for _, documents in files)
    connection.execute(
        "insert into store.forgotten (source, started, files, documents) values (?, ?, ?, ?)",
        [source, utc_now(), *removed],
    )
    connection.execute("update store.derived set fresh = false")  # it is, if the source had no file
    return removed


_ALREADY_FORGOTTEN: Final = (
    "select coalesce(sum(files)::bigint, 0), coalesce(sum(documents)::bigint, 0) from store.forgotten where source = ?"
)


def drop_unused_fragments(catalog: Path) -> None:
    """Remove fragments whose texts are all gone; if no text is left, unreadable fragments too.

    Raises:
        CatalogError: the catalog can't be read or written.
    """
    with open_readonly(catalog) as connection:
        names = named_fragments(connection)
        live = connection.execute("select distinct key_hi, key_lo from store.documents").fetchnumpy()
    keys, _ = unique(keys_in(live))
    empty = names if len(keys) == 0 else [name for name in names if _holds_none(catalog, name, keys)]
    with write_transaction(catalog) as connection:
        for name in empty:
            connection.execute("delete from store.fragments where fragment = ?", [name])
    with open_readonly(catalog) as connection:
        sweep(catalog, connection)


def _holds_none(catalog: Path, name: str, keys: UInt64) -> bool:
    try:
        return bool((positions(keys, Fragments(catalog, [name]).keys()) < 0).all())
    except CatalogError:
        return False  # keep it: whoever needs it reports the damage


def delete_labels(connection: duckdb.DuckDBPyConnection, files: Sequence[int]) -> None:
    """Remove the labels of the documents of files, and the record of them."""
    take_back(connection, "labels", files)
    for statement in _DELETE_LABELS:
        with_incoming(connection, statement, {"file": files})


_DELETE_LABELS: Final = (
    """delete from store.labels_here where document in
    (select document from store.documents semi join incoming using (file))""",
    "delete from store.labelled_with where file in (select file from incoming)",
)
_DELETE_FIRST: Final = (
    # Some pairs in large buckets were left out because of texts that may go now.
    """update store.fragments set probed = false where exists (from store.documents semi join incoming using (file)
    semi join store.crowded using (key_hi, key_lo))""",
    """delete from store.uncounted where document in
    (select document from store.documents semi join incoming using (file))""",
)
_DELETE_TOKENS: Final = """delete from store.token_counts_here where document in
(select document from store.documents semi join incoming using (file))"""
_DELETE_LAST: Final = (
    "delete from store.documents_here where file in (select file from incoming)",
    "delete from store.bad_records where file in (select file from incoming)",
    "delete from store.omitted where file in (select file from incoming)",
    "delete from store.counted_with where file in (select file from incoming)",
    "delete from store.files where file in (select file from incoming)",
)
