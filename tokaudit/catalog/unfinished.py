"""Work on a catalog that is not finished: it is under way, was refused or was cut off."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import duckdb
import orjson

from tokaudit.catalog.layout import upgrade_folder
from tokaudit.core.rows import Row

_SELECT: Final = (
    "select u.work, u.source, u.started, i.settings from unfinished u left join ingests i using (ingest) order by all"
)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A piece of work that is not finished.

    Attributes:
        work: ``ingest``, ``forget``, ``grouping`` (groups of duplicates are stale), or ``upgrade`` (its folder is
            there; the catalog itself is whole).
        source: source that is ingested or forgotten; None for other work.
        started: time it started, UTC; None for grouping and upgrades.
        settings: the settings of an ingest, as it recorded them; None for other work.
    """

    work: Literal["ingest", "forget", "grouping", "upgrade"]
    source: str | None = None
    started: datetime | None = None
    settings: Row | None = None

    def document(self) -> Row:
        """The work as a JSON document: with the tokenizers and labels of an ingest; null for other work."""
        settings = self.settings
        return {
            "work": self.work,
            "source": self.source,
            "started": self.started,
            "tokenizers": None if settings is None else [each["name"] for each in settings.get("tokenizers", [])],
            "labels": None if settings is None else settings.get("labels", {}),
        }

    def words(self) -> str:
        """What is not finished, as a sentence."""
        return f"{self._what()} ({_RESUME})"

    def _what(self) -> str:
        if self.work == "ingest":
            is_open = "is under way, was refused or was cut off"
            return f"source {self.source!r} is incomplete: its last ingest{self._counts_with()} {is_open}"
        if self.work == "forget":
            return f"source {self.source!r} is gone, but its `forget` {_IS_OPEN} before the end"
        if self.work == "upgrade":
            return f"an upgrade {_IS_OPEN}: the catalog is whole, but what was copied takes space"
        return f"the groups of duplicates are not final: work on them {_IS_OPEN}"

    def _counts_with(self) -> str:
        """The tokenizers and labels of an ingest, in brackets."""
        document = self.document()
        named = [("tokenizer", document["tokenizers"] or []), ("label", list(document["labels"] or {}))]
        parts = [f"{what}{'s' * (len(names) > 1)} {', '.join(names)}" for what, names in named if names]
        return f" (with {' and '.join(parts)})" if parts else ""


_IS_OPEN: Final = "is under way or was cut off"
_RESUME: Final = "`tokaudit resume` finishes it"


def unfinished(connection: duckdb.DuckDBPyConnection) -> list[Unfinished]:
    """All work because of which the numbers are not final; empty if they are."""
    return [
        Unfinished(work, source, started, None if settings is None else orjson.loads(settings))
        for work, source, started, settings in connection.execute(_SELECT).fetchall()
    ]


def unfinished_upgrade(catalog: Path) -> list[Unfinished]:
    """The upgrade that is not finished; empty if there is none. The numbers do not depend on it."""
    return [Unfinished("upgrade")] if os.path.lexists(upgrade_folder(catalog)) else []
