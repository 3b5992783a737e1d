"""Noting which groups of duplicates are to be derived anew, as files go or take another place among the copies.

New documents need no note: they are known by their numbers.
"""

from collections.abc import Iterable
from typing import Final

import duckdb

from tokaudit.catalog.connection import with_incoming

_MARK_STALE: Final = """
with document as (select document from store.documents semi join incoming using (file)),
disturbed as (
    select kept from store.uncounted semi join document using (document) where scope = 'catalog'
    union all select document from document
),
member as (
    select unnest([document, kept]) as document from store.uncounted semi join disturbed using (kept)
    where scope = 'catalog'
)
insert into store.disturbed
select distinct key_hi, key_lo from store.documents semi join member using (document)
"""


def mark_groups_stale(connection: duckdb.DuckDBPyConnection, files: Iterable[int]) -> None:
    """Have the groups that the files' documents are in derived anew; called while the documents are still there."""
    with_incoming(connection, _MARK_STALE, {"file": list(files)})
    connection.execute("update store.derived set fresh = false")
