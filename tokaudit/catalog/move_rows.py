"""Moving rows out of the catalog's file into Parquet files next to it, when there are many."""

from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.delete import sweep
from tokaudit.catalog.layout import made_parts_folder
from tokaudit.catalog.row_files import (
    COLUMNS,
    PART_DOCUMENTS,
    VERSION,
    RowFile,
    column_list,
    has_row_folders,
    parquet,
    quoted,
    renew_row_views,
    say_where,
)
from tokaudit.catalog.statements import fetch_one
from tokaudit.catalog.stored_file import hash_of
from tokaudit.catalog.upgrade import rewrite
from tokaudit.core.errors import CatalogError
from tokaudit.core.logs import logger
from tokaudit.core.progress import Notify
from tokaudit.core.sync import sync_file, sync_folder
from tokaudit.core.temporary_files import temporary_name

_LOG: Final = logger(__name__)
_MOSTLY_FREE: Final = "select free_blocks > used_blocks from pragma_database_size()"
_WHOLE: Final = """document not in
(select document from store.documents_here semi join (from store.files where state = 'staged') using (file))"""
"""What rows of complete files meet. Others are few, and never in a row file."""
_ORDER: Final = {"documents": "document", "token_counts": "document, tokenizer", "labels": "document, name, value"}


def move_rows(catalog: Path, most: int, notify: Notify) -> None:
    """Move all rows of a kind of which the catalog's file has more than `most`, and remove row files not needed.

    If more than half of the file is free then, it is written anew without the free blocks.

    One part after the other is moved, each in one transaction, so that others can read in between. Safe to interrupt:
    the rows of a part are in the catalog's file until the transaction that names the new file.

    Args:
        catalog: the DuckDB file, owned by the caller.
        most: rows of each kind that may stay.
        notify: receives short progress messages.

    Raises:
        CatalogError: the catalog or a file can't be written.
    """
    with open_readonly(catalog) as connection:
        too_many = [contents for contents in COLUMNS if _held(connection, contents) > most]
        parts = {contents: _parts(connection, contents) for contents in too_many}
    if not too_many and not has_row_folders(catalog):
        return
    for contents, places in parts.items():
        for number, part in enumerate(places, 1):
            notify(f"moving {contents.replace('_', ' ')} to Parquet files ({number} of {len(places)})")
            with write_transaction(catalog) as connection:
                _move(connection, catalog, contents, part)
    with open_readonly(catalog) as connection:
        sweep(catalog, connection)
        mostly_free = any(parts.values()) and fetch_one(connection, _MOSTLY_FREE) == (True,)
    if mostly_free:
        notify("making the catalog's file smaller")
        try:
            rewrite(catalog)
        except CatalogError as error:  # it takes space and does no harm
            _LOG.info("%s", error)


def _held(connection: duckdb.DuckDBPyConnection, contents: str) -> int:
    """The number of rows of a kind in the catalog's file."""
    return int(fetch_one(connection, f"select count(*) from store.{contents}_here")[0])


def _parts(connection: duckdb.DuckDBPyConnection, contents: str) -> list[int]:
    """The parts of which the catalog's file has rows that can be moved."""
    asked = f"select distinct document // {PART_DOCUMENTS} from store.{contents}_here where {_WHOLE} order by 1"
    return [part for (part,) in connection.execute(asked).fetchall()]


def _move(connection: duckdb.DuckDBPyConnection, catalog: Path, contents: str, part: int) -> None:
    """Write one file with all rows of a kind and part, and let it take the place of these rows and of an older file."""
    say_where(connection, catalog)  # before the first file, there is no folder from which the connection knows it
    numbers = f"document >= {part * PART_DOCUMENTS} and document < {(part + 1) * PART_DOCUMENTS}"
    written = _write(connection, catalog, contents, part, numbers)
    connection.execute("delete from store.row_files where contents = ? and part = ?", [contents, part])
    connection.execute(
        'insert into store.row_files (contents, part, name, "rows", bytes, xxh3, first_document, last_document,'
        " version) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        astuple(written),
    )
    connection.execute(f"delete from store.{contents}_here where {numbers} and {_WHOLE}")
    renew_row_views(connection)


def _write(connection: duckdb.DuckDBPyConnection, catalog: Path, contents: str, part: int, numbers: str) -> RowFile:
    """A new synced file with the rows of a part, in order. Its name is the hash of its content."""
    folder = made_parts_folder(catalog) / contents
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
    temporary = temporary_name(folder)
    comments = ", ".join(f"{quoted(name)}: {quoted(comment)}" for name, comment in COLUMNS[contents].items())
    try:
        connection.execute(
            f"copy (select {column_list(contents)} from store.{contents} where {numbers} and {_WHOLE}"
            f" order by {_ORDER[contents]}) to {quoted(str(temporary))} (format parquet, compression zstd,"
            f" use_tmp_file false, kv_metadata {{tokaudit_rows: '{contents} {VERSION}', {comments}}})"
        )
        rows = parquet(quoted(str(temporary)))
        held = fetch_one(connection, f"select count(*), min(document), max(document) from {rows}")
        sync_file(temporary)
        digest = hash_of(temporary) or ""
        target = folder / f"{digest}.rows.parquet"
        size = temporary.stat().st_size
        temporary.replace(target)
        sync_folder(folder)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return RowFile(contents, part, target.name, held[0], size, digest, held[1], held[2], VERSION)
