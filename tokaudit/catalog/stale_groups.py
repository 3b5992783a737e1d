"""Recording which groups of duplicates must be derived again because files are removed or move in the order.

New documents need no record: their numbers show that they are new.
"""

from collections.abc import Iterable

import duckdb

from tokaudit.catalog.statements import statement, with_incoming


def mark_groups_stale(connection: duckdb.DuckDBPyConnection, files: Iterable[int]) -> None:
    """Mark the groups of the files' documents as stale. Call it while the documents are still in the catalog."""
    with_incoming(connection, statement("mark_groups_stale"), {"file": list(files)})
    connection.execute("update store.derived set fresh = false")
