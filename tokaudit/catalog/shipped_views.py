"""The views that ship with tokaudit, and reading a catalog whose views are older as if it had them."""

import hashlib
import re
from pathlib import Path
from typing import Final

import duckdb

from tokaudit import __version__
from tokaudit.catalog.versions import optional_migrations
from tokaudit.core.resources import shipped

_VIEW: Final = re.compile(r"^create or replace view ((?:store\.(\w+))?.*?);$", re.MULTILINE | re.DOTALL)
_TABLE: Final = re.compile(r"^create table store\.(\w+)(.*?;)$", re.MULTILINE | re.DOTALL)


def views_sql() -> bytes:
    """The statements that make the views and their comments."""
    return (shipped("catalog") / "views.sql").read_bytes()


def shipped_digest(content: bytes) -> str:
    """The hash by which a catalog knows which shipped file it has: of its content and of this version."""
    return hashlib.sha256(__version__.encode() + b"\0" + content).hexdigest()


def read_as_current(connection: duckdb.DuckDBPyConnection, applied: int) -> None:
    """Give a read-only connection the views of this tokaudit, if those of the catalog are others.

    They are temporary, as the file does not change. Tables of optional migrations that the catalog lacks are empty.

    Args:
        connection: to a catalog that has all migrations that reading needs.
        applied: number of its newest migration.
    """
    sql = views_sql()
    stored = connection.execute("select sha256 from store.shipped where name = 'views'").fetchall()
    if stored == [(shipped_digest(sql),)]:
        return
    found = list(_VIEW.finditer(sql.decode()))
    stand_ins = [view[2] for view in found if view[2]]  # the catalog may lack a view in the schema store, too
    for file in optional_migrations(applied):
        tables, names = _stand_ins(file)
        connection.execute(tables)
        stand_ins += names
    in_store = re.compile(rf"\bstore\.({'|'.join(stand_ins)})\b")
    views = [in_store.sub(r"store_\1", view[1]) for view in found]
    connection.execute("\n".join(f"create or replace temp view {view};" for view in views))


def _stand_ins(file: Path) -> tuple[str, list[str]]:
    """The statements that make the tables of an optional migration as empty temporary ones, and the tables' names.

    Else, such a migration only gives other names to what writers use.
    """
    tables = _TABLE.findall(file.read_text(encoding="utf-8"))
    return "\n".join(f"create temp table store_{name}{rest}" for name, rest in tables), [name for name, _ in tables]
