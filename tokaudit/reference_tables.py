"""The reference files as tables of a catalog."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from tokaudit.columns import column, texts
from tokaudit.forecasting.stocks import stocks, training_sets
from tokaudit.paths import shipped
from tokaudit.published.corpora import published_corpora, published_dedup, published_lineage
from tokaudit.reference import known_runs, token_rates


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """One table of the schema ``store``.

    Attributes:
        name: of the table, and of its file in ``catalog/reference``.
        read: its rows, dataclasses whose fields are the columns.
        refill: SQL that replaces the table's rows by those of ``incoming``.
    """

    name: str
    read: Callable[[], Sequence[Any]]
    refill: str

    def content(self) -> bytes:
        """What decides the rows."""
        return (shipped("catalog") / "reference" / f"{self.name}.csv").read_bytes()

    def columns(self) -> dict[str, Any]:
        """The rows by column, as Arrow arrays."""
        rows = self.read()
        return {field.name: _column([getattr(row, field.name) for row in rows]) for field in fields(rows[0])}


REFERENCE_TABLES: Final = (
    ReferenceTable(
        "known_runs",
        known_runs,
        "delete from store.known_runs; insert into store.known_runs by name select * from incoming",
    ),
    ReferenceTable(
        "published_corpora",
        published_corpora,
        "delete from store.published_corpora; insert into store.published_corpora by name select * from incoming",
    ),
    ReferenceTable(
        "published_lineage",
        published_lineage,
        "delete from store.published_lineage; insert into store.published_lineage by name select * from incoming",
    ),
    ReferenceTable(
        "published_dedup",
        published_dedup,
        "delete from store.published_dedup; insert into store.published_dedup by name select * from incoming",
    ),
    ReferenceTable(
        "token_rates",
        lambda: token_rates().rows,
        "delete from store.token_rates; insert into store.token_rates by name select * from incoming",
    ),
    ReferenceTable(
        "stocks",
        stocks,
        "delete from store.stocks; insert into store.stocks by name select * from incoming",
    ),
    ReferenceTable(
        "training_sets",
        training_sets,
        "delete from store.training_sets; insert into store.training_sets by name select * from incoming",
    ),
)


def _column(values: Sequence[Any]) -> Any:
    """Texts, numbers or truth values, null where None."""
    if any(isinstance(value, str) for value in values):
        return texts(values)
    there = np.array([value is not None for value in values])
    return column(np.array([0 if value is None else value for value in values]), there)
