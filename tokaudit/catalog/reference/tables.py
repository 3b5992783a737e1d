"""The reference files as tables of a catalog."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from tokaudit.core.arrow import text_column, to_arrow
from tokaudit.core.resources import shipped


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """One table of the schema ``store``.

    Attributes:
        name: of the table, and of its file in ``catalog/reference``.
    """

    name: str

    @property
    def refill(self) -> str:
        """SQL that replaces the table's rows with those of ``incoming``."""
        return f"delete from store.{self.name}; insert into store.{self.name} by name select * from incoming"  # noqa: S608 - of those below

    def content(self) -> bytes:
        """The bytes of the file, which decide the rows."""
        return (shipped("catalog") / "reference" / f"{self.name}.csv").read_bytes()

    def read(self) -> Sequence[Any]:
        """The rows as dataclasses, whose fields are the columns."""
        from tokaudit.catalog.reference.rows import ROWS  # noqa: PLC0415 - most catalogs have all rows

        return ROWS[self.name]()

    def columns(self) -> dict[str, Any]:
        """The rows by column, as Arrow arrays."""
        rows = self.read()
        return {field.name: _column([getattr(row, field.name) for row in rows]) for field in fields(rows[0])}


_NAMES: Final = (
    *("known_runs", "published_corpora", "published_lineage", "published_dedup", "token_rates"),
    *("published_extractors", "published_yields", "stocks", "training_sets"),
)
REFERENCE_TABLES: Final = tuple(map(ReferenceTable, _NAMES))


def _column(values: Sequence[Any]) -> Any:
    """An Arrow array of texts, numbers or truth values; None becomes null."""
    if any(isinstance(value, str) for value in values):
        return text_column(values)
    there = np.array([value is not None for value in values])
    return to_arrow(np.array([0 if value is None else value for value in values]), there)
