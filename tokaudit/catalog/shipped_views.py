"""The views that ship with tokaudit, and reading a catalog whose views are older as if it had them."""

import hashlib
import re
from pathlib import Path
from typing import Final

import duckdb

from tokaudit import __version__
from tokaudit.catalog.versions import optional_migrations
from tokaudit.core.resources import shipped

_VIEW: Final = re.compile(r"^create or replace view (?!store\.)(.*?);$", re.MULTILINE | re.DOTALL)
_TABLE: Final = re.compile(r"^create table store\.(\w+)", re.MULTILINE)


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
    views = [f"create or replace temp view {found[1]};" for found in _VIEW.finditer(sql.decode())]
    for file in optional_migrations(applied):
        tables, names = _stand_ins(file)
        connection.execute(tables)
        missing = re.compile(rf"\bstore\.({'|'.join(names)})\b")
        views = [missing.sub(r"temp.store_\1", view) for view in views]
    connection.execute("\n".join(views))


def _stand_ins(file: Path) -> tuple[str, list[str]]:
    """The statements that make the tables of an optional migration as empty temporary ones, and the tables' names."""
    text = file.read_text(encoding="utf-8")
    return _TABLE.sub(r"create temp table store_\1", text), _TABLE.findall(text)
