"""What SQL may reach: nothing but the catalog and its row files, and no setting that says otherwise."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.row_files import found_row_files, row_folders
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.shortage import most_threads

Settings = Mapping[str, str | bool | int]
"""Values of DuckDB's settings, by name."""

STORAGE_VERSION: Final = "v1.2.0"
"""Storage version of new catalogs; an existing file keeps its own. DuckDB 1.2 and later open it.

It costs nothing: neither are files larger, nor ingest or queries slower, than with DuckDB 2's own. The next lower one,
v1.0.0, makes files 2 to 9 % larger, and DuckDB 1.0 fails to open them all the same. Of the next higher, DuckDB 1.3.2
reads some text as null that DuckDB 2.0.1 wrote.
"""

EXTERNAL_ACCESS: Final = "enable_external_access"
LOCKED_DOWN: Final[Settings] = {
    "storage_compatibility_version": STORAGE_VERSION,
    # read_only alone protects nothing: SQL could still read files and write them with COPY.
    EXTERNAL_ACCESS: False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    # DuckDB 2.0.1 narrows a grouped sum to the range of single values if it is sorted after a left join that finds
    # nothing; then it overflows without a word.
    "disabled_optimizers": "compressed_materialization",
    # DuckDB spills to disk beyond this. Its default is most of the memory, whatever else runs.
    "memory_limit": "768MiB",
}


_WRITER_MEMORY: Final = "256MiB"
_WRITER_THREADS: Final = 8
"""Each thread of DuckDB needs some of that memory."""


def threads() -> Settings:
    """The number of DuckDB's threads where address space is limited. Else DuckDB takes one per core that it may use."""
    return {} if most_threads() is None else {"threads": worker_threads()}


def writer_settings() -> Settings:
    """Settings of a process that writes to a catalog, so that its memory hardly grows with the documents.

    Measured with 20 million texts: grouping takes 0.7 GiB with these, 1.3 GiB without, and no longer. An ingest of
    200,000 labels of 8,000 bytes takes 0.8 GiB with these, 1.3 GiB without.
    """
    return {"memory_limit": _WRITER_MEMORY, "threads": min(_WRITER_THREADS, worker_threads())}


def reach_row_files(connection: duckdb.DuckDBPyConnection, catalog: Path, *, read_only: bool) -> None:
    """Let SQL reach the row files of a catalog, or for its writer their folders, and then no other file.

    The connection was opened with the settings `LOCKED_DOWN` except that external access is still enabled. No statement
    of anybody else may run before. The file is open, so no other process moves rows meanwhile.
    """
    option, found = ("paths", found_row_files(catalog)) if read_only else ("directories", row_folders(catalog))
    try:
        connection.execute(f"set allowed_{option} = ?", [[str(path) for path in found]])
        connection.execute(f"set {EXTERNAL_ACCESS} = false")
    except duckdb.InvalidInputException:  # as it is if this process has the file open already
        if connection.execute("select current_setting('enable_external_access')").fetchall() != [(False,)]:
            raise


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn off the bar below slow statements, which DuckDB draws in notebooks, and let SQL change no setting."""
    with suppress(duckdb.InvalidInputException):  # where DuckDB lacks a package to draw bars, they can't be turned off
        connection.execute("set enable_progress_bar = false")
    try:
        connection.execute("set lock_configuration = true")
    except duckdb.InvalidInputException:  # as it is if this process has the file open already
        if connection.execute("select current_setting('lock_configuration')").fetchall() != [(True,)]:
            raise
