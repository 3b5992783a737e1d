"""Signatures of a given catalog: its fragments are copied, and the texts of one side are to be compared with all."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb
import xxhash

from tokaudit.catalog.layout import made_parts_folder, parts_folder
from tokaudit.catalog.merging.given import Given
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import CatalogError
from tokaudit.core.rows import Row
from tokaudit.core.sync import sync_folder
from tokaudit.core.temporary_files import temporary_name

_AT_ONCE: Final = 2**24
"""Bytes that are copied at once."""

_FRAGMENTS: Final = "select fragment, bytes, xxh3, texts, probed from store.fragments order by fragment"
_FORGOTTEN: Final = "select source, started from unfinished where work = 'forget'"
_INSERT: Final = """
insert into store.fragments (fragment, bytes, xxh3, texts, probed) values ($fragment, $bytes, $xxh3, $texts, $probed)"""


def copy_signatures(given: Given, into: Path) -> None:
    """Copy the fragments of a given catalog next to another one, each complete and synced, or not at all.

    The other catalog does not name them yet: a sweep removes them if it never does.

    Raises:
        CatalogError: a fragment is damaged, or can't be read or written.
    """
    for row in fetch_rows(given.connection, _FRAGMENTS):
        target = parts_folder(into) / row["fragment"]
        if not (target.exists() and target.stat().st_size == row["bytes"]):
            _copy(given, row["xxh3"], parts_folder(given.path) / row["fragment"], into)


def name_signatures(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Add the fragments of a given catalog to those that the other relies on; new documents are in it already.

    The texts of each catalog are compared among themselves, so it is enough to compare those of the smaller one with
    all. A fragment of both is compared again: one of the two may have had fewer documents with its texts. What a
    `forget` there left is removed with the next groups.
    """
    held = {row["fragment"]: row for row in fetch_rows(connection, _FRAGMENTS)}
    found = {row["fragment"]: row for row in fetch_rows(given.connection, _FRAGMENTS)}
    stays = _compared(held, found) >= _compared(found, held)
    if not stays:
        connection.execute("update store.fragments set probed = false")
    for name, row in found.items():
        if name in held:
            connection.execute("update store.fragments set probed = false where fragment = ?", [name])
        else:
            connection.execute(_INSERT, {**row, "probed": row["probed"] and not stays})
    for source, started in given.connection.execute(_FORGOTTEN).fetchall():
        connection.execute("insert into store.forgotten values (?, ?, 0, 0)", [source, started])


def _compared(own: Mapping[str, Row], other: Mapping[str, Row]) -> int:
    """How many texts are compared with each other and are in fragments of one side alone."""
    return sum(row["texts"] for name, row in own.items() if row["probed"] and name not in other)


def _copy(given: Given, xxh3: str, source: Path, into: Path) -> None:
    folder = parts_folder(into)
    temporary = temporary_name(folder)
    digest = xxhash.xxh3_128()
    try:
        made_parts_folder(into)
        with source.open("rb") as read, temporary.open("wb") as written:
            while piece := read.read(_AT_ONCE):
                digest.update(piece)
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        if digest.hexdigest() != xxh3:
            raise CatalogError(f"{source}: is damaged; run {given.command('verify --repair')}, then merge again")
        temporary.replace(folder / source.name)
        sync_folder(folder)
    except OSError as error:
        raise CatalogError(
            f"{source}: can't be copied to {folder} ({error.strerror or error}); check disk space and permissions"
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
