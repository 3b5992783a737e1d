"""Duplicates of a catalog after an ingest: texts that were not compared are, and who counts is derived anew."""

from pathlib import Path

from tokaudit.catalog.connection import one, reading
from tokaudit.dedup.near import Note, compare
from tokaudit.dedup.representatives import derive
from tokaudit.dedup.verify import Rereading


def regroup(catalog: Path, note: Note) -> None:
    """Compare the texts that have not been compared, and make anew who counts. Does nothing if all is done.

    Safe to interrupt: what was verified is committed whole or not at all, and the next call goes on.
    """
    with reading(catalog) as connection:
        names = dict(connection.execute("select fragment, probed from store.fragments order by 1").fetchall())
        if one(connection, "select fresh from store.derived") == (True,) and all(names.values()):
            return
    with Rereading(catalog) as again:
        if not all(names.values()):
            compare(catalog, names, again, note)
        note("grouping duplicates")
        derive(catalog, list(names), again, note)
