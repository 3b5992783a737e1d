"""Duplicates of a catalog after an ingest: texts that were not compared are, and who counts is derived anew."""

from pathlib import Path

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.statements import fetch_one
from tokaudit.core.progress import Notify
from tokaudit.dedup.near import compare_texts
from tokaudit.dedup.representatives import update_representatives
from tokaudit.dedup.verify import Verifier


def regroup(catalog: Path, verifier: Verifier, notify: Notify) -> None:
    """Compare the texts that have not been compared, and make anew who counts. Does nothing if all is done.

    Safe to interrupt: what was verified is committed whole or not at all, and the next call goes on.

    Args:
        catalog: the DuckDB file, owned by the caller.
        verifier: compares texts of it.
        notify: told what is being done.
    """
    with open_readonly(catalog) as connection:
        names = dict(connection.execute("select fragment, probed from store.fragments order by 1").fetchall())
        if fetch_one(connection, "select fresh from store.derived") == (True,) and all(names.values()):
            return
    if not all(names.values()):
        compare_texts(catalog, names, verifier, notify)
    notify("grouping duplicates")
    update_representatives(catalog, list(names), verifier, notify)
