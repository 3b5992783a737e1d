"""Noting which groups of duplicates are to be derived anew, as files go or take another place among the copies.

New documents need no note: they are known by their numbers.
"""

from collections.abc import Iterable

import duckdb

from tokaudit.catalog.statements import statement, with_incoming


def mark_groups_stale(connection: duckdb.DuckDBPyConnection, files: Iterable[int]) -> None:
    """Have the groups that the files' documents are in derived anew; called while the documents are still there."""
    with_incoming(connection, statement("mark_groups_stale"), {"file": list(files)})
    connection.execute("update store.derived set fresh = false")
