"""The model of a catalog: its views and columns with their comments, their keys, and how they refer to each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.migrate import new_catalog_in_memory
from tokaudit.catalog.reference.tables import REFERENCE_TABLES
from tokaudit.catalog.statements import statement
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.resources import shipped

KINDS: Final[Mapping[str, str]] = {
    "measured": "measured",
    "saved": "saved fits and plans",
    "published": "published facts",
    "own": "your own",
}
"""Kind of a view -> its name for people. Rows are counted, saved on request, shipped, or made by the user."""

_SAVED: Final = frozenset({"laws", "law_constants", "law_draws", "plans", "plan_domains"})

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "sources": ("source",),
    "tokenizers": ("tokenizer",),
    "ingests": ("ingest",),
    "unfinished": (),
    "files": ("path",),
    "documents": ("path", "ordinal"),
    "token_counts": ("path", "ordinal", "tokenizer"),
    "labels": ("path", "ordinal", "name"),
    "row_files": ("contents", "part"),
    "bad_records": (),
    "left_out": (),
    "groups": ("path", "ordinal"),
    "pairs": ("a", "b"),
    "duplicates": ("path", "ordinal"),
    "overlap": ("a", "b"),
    "supply": ("source", "tokenizer"),
    "laws": ("law",),
    "law_constants": ("law", "name"),
    "law_draws": ("law", "draw", "name"),
    "plans": ("name",),
    "plan_domains": ("plan", "domain"),
    "known_runs": ("run",),
    "published_corpora": ("corpus", "component"),
    "published_lineage": ("child", "child_component", "relation", "parent", "parent_component"),
    "published_dedup": (),
    "token_rates": ("text", "tokenizer"),
    "published_extractors": ("corpus", "component"),
    "published_yields": ("text", "pipeline"),
    "stocks": (),
    "training_sets": ("run",),
}
"""View -> the columns that tell its rows apart; empty if none do."""

_OF_DOCUMENTS: Final = {"document": "documents.document", "source": "sources.source"}
_BY_PLACE: Final = {"path": "documents.path", "ordinal": "documents.ordinal"}
_OF_GROUPS: Final = {
    **_OF_DOCUMENTS,
    **_BY_PLACE,
    "kept_document": "documents.document",
    "kept_source": "sources.source",
    "kept_path": "documents.path",
    "kept_ordinal": "documents.ordinal",
}

REFERENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "unfinished": {"ingest": "ingests.ingest"},
    "files": {"source": "sources.source", "ingest": "ingests.ingest"},
    "documents": {"source": "sources.source", "path": "files.path"},
    "token_counts": {**_OF_DOCUMENTS, **_BY_PLACE, "tokenizer": "tokenizers.tokenizer"},
    "labels": {**_OF_DOCUMENTS, **_BY_PLACE},
    "bad_records": {"source": "sources.source", "path": "files.path"},
    "groups": _OF_GROUPS,
    "pairs": {
        "a": "documents.document",
        "b": "documents.document",
        "a_path": "documents.path",
        "a_ordinal": "documents.ordinal",
        "b_path": "documents.path",
        "b_ordinal": "documents.ordinal",
    },
    "duplicates": {**_OF_GROUPS, "tokenizer": "tokenizers.tokenizer"},
    "overlap": {"a": "sources.source", "b": "sources.source", "tokenizer": "tokenizers.tokenizer"},
    "supply": {"source": "sources.source", "tokenizer": "tokenizers.tokenizer"},
    "law_constants": {"law": "laws.law"},
    "law_draws": {"law": "laws.law"},
    "plan_domains": {"plan": "plans.name"},
}
"""View -> column -> the column of another view that has each of its values."""


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of a view.

    Attributes:
        name: its name.
        type: DuckDB's name of its type.
        comment: what it contains; empty if nobody said.
        is_key: whether it is one of the columns that tell the rows apart.
        refers_to: ``VIEW.COLUMN`` that has each of its values; None: no such column.
    """

    name: str
    type: str
    comment: str
    is_key: bool
    refers_to: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A view of a catalog, or a table of the user's.

    Attributes:
        name: its name.
        kind: one of `KINDS`.
        comment: what a row stands for; empty if nobody said.
        columns: its columns, in order.
    """

    name: str
    kind: str
    comment: str
    columns: tuple[ViewColumn, ...]


def model_of(catalog: Path | None, view: str | None = None) -> list[View]:
    """The views of a catalog: those of tokaudit in the order of ``views.sql``, then the user's own by name.

    Args:
        catalog: the catalog; None: a new one.
        view: the name of the only view to return; None: all.

    Raises:
        UsageError: there is no such view; the message lists the known ones.
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) if catalog else new_catalog_in_memory() as connection:
        found = _read(connection)
    if view is None:
        return list(found.values())
    if view not in found:
        raise UsageError(unknown_name("view", view, list(found)))
    return [found[view]]


def shipped_views() -> list[str]:
    """Names of the views that users read, in the order of ``views.sql``."""
    text = (shipped("catalog") / "views.sql").read_text(encoding="utf-8")
    return re.findall(r"^create or replace view (\w+) as$", text, re.MULTILINE)


def _read(connection: duckdb.DuckDBPyConnection) -> dict[str, View]:
    """Each view by its name."""
    rows = connection.execute(statement("views_and_columns")).fetchall()
    comments: dict[str, str] = {}
    columns: dict[str, list[ViewColumn]] = {}
    for name, of_view, column, kind, comment in rows:
        comments[name] = of_view or ""
        refers_to = REFERENCES.get(name, {}).get(column)
        columns.setdefault(name, []).append(
            ViewColumn(column, kind, comment or "", column in KEYS.get(name, ()), refers_to)
        )
    names = shipped_views()
    published = {table.name for table in REFERENCE_TABLES}

    def kind_of(name: str) -> str:
        if name not in names:
            return "own"
        return "published" if name in published else "saved" if name in _SAVED else "measured"

    order = [name for name in names if name in comments] + sorted(set(comments) - set(names))
    return {name: View(name, kind_of(name), comments[name], tuple(columns[name])) for name in order}
