"""Deduplication after every change of the texts: new ones are compared, and which documents count is updated."""

from pathlib import Path

import duckdb

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.delete import drop_unused_fragments
from tokaudit.catalog.statements import fetch_one
from tokaudit.core.engine import Engine
from tokaudit.core.progress import Notify
from tokaudit.dedup.near import compare_texts, run_stages
from tokaudit.dedup.representatives import update_representatives
from tokaudit.dedup.verify import Verifier


def regroup(catalog: Path, verifier: Verifier, notify: Notify, engine: Engine | None = None) -> None:
    """Compare the texts not compared yet, and update which documents count. Does nothing if all is up to date.

    Safe to interrupt: each step is committed whole or not at all, and the next call continues, whoever makes it. So it
    also finishes every `forget` that was cut off.

    Args:
        catalog: the DuckDB file, owned by the caller; an absolute path if there is an engine.
        verifier: compares texts of the catalog.
        notify: receives short progress messages.
        engine: compares the texts; None: threads of this process.
    """
    with open_readonly(catalog) as connection:
        forgotten = fetch_one(connection, "select count(*) > 0 from store.forgotten") == (True,)
    if forgotten:
        drop_unused_fragments(catalog)
    with open_readonly(catalog) as connection:
        names = _fragments(connection)
        if fetch_one(connection, "select fresh from store.derived") == (True,) and all(names.values()):
            return
    if not all(names.values()):
        compare_texts(catalog, names, verifier, notify, engine)
    notify("grouping duplicates")
    update_representatives(catalog, list(names), verifier, notify)


def stages_of(catalog: Path, verifier: Verifier, notify: Notify, engine: Engine) -> None:
    """Run the stages by which `regroup` would compare texts, for the sake of their results; nothing is stored.

    Args:
        catalog: the DuckDB file, which is only read; an absolute path.
        verifier: re-reads texts on the same engine.
        notify: receives short progress messages.
        engine: keeps the results; it may raise `ShareDone` once it has done what it is for.
    """
    with open_readonly(catalog) as connection:
        names = _fragments(connection)
    if not all(names.values()):
        run_stages(catalog, names, verifier, notify, engine)


def _fragments(connection: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Fragment -> whether its texts are compared with all others."""
    return dict(connection.execute("select fragment, probed from store.fragments order by 1").fetchall())
