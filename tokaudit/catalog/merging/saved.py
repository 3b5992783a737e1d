"""Saved laws and plans: each name stands for one thing, so what both catalogs have under a name must be the same."""

from typing import Final

import duckdb

from tokaudit.catalog.merging.given import Given
from tokaudit.catalog.statements import fetch_rows, with_answer_of
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row

_SAVED: Final = ("saved", "version")
"""Columns that say when and by which version something was saved, not what."""

_PARTS: Final = {
    "law": (("law_constants", "law"), ("law_draws", "law"), ("laws", "law")),
    "plan": (("plan_domains", "plan"), ("plans", "name")),
}
"""Kind -> its views, and tables of the same names, with the column of its name; the last has a row for each."""

_FORGET: Final = {"law": "laws --forget", "plan": "plans --forget"}


def merge_saved(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Add the saved laws and plans of a given catalog.

    Raises:
        UsageError: both catalogs have one of a name, and they differ.
    """
    for kind, parts in _PARTS.items():
        table, column = parts[-1]
        names = f"select {column} from {table} order by 1"  # noqa: S608 - of the names above
        held = {name for (name,) in connection.execute(names).fetchall()}
        found = [name for (name,) in given.connection.execute(names).fetchall()]
        for name in found:
            if name in held and _content(connection, kind, name) != _content(given.connection, kind, name):
                raise UsageError(
                    f"{kind} {name!r}: is saved in {given.path} and in {given.into}, and they differ; run"
                    f" {given.command(f'{_FORGET[kind]} {name}')}, or save one of them under another name first"
                )
        for part, named in parts:
            # The rows of laws and plans come last, so that the names are new until then.
            with_answer_of(
                given.connection,
                f"from {part}",
                connection,
                f"insert into store.{part} by name from incoming i where not exists"
                f" (from store.{table} t where t.{column} = i.{named})",
                {},
            )


def _content(connection: duckdb.DuckDBPyConnection, kind: str, name: str) -> list[list[Row]]:
    """All rows of a law or a plan, without when it was saved."""
    found = []
    for part, named in _PARTS[kind]:
        rows = fetch_rows(connection, f"from {part} where {named} = $name order by all", {"name": name})
        found.append([{key: value for key, value in row.items() if key not in _SAVED} for row in rows])
    return found
