"""An answer of the catalog: rows, and what goes with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tokaudit.core.rows import Row


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows and what goes with them.

    Attributes:
        columns: names of the columns in order.
        rows: the rows, in order.
        extra: further fields of the JSON document.
        notes: warnings, one sentence each, such as of input that could not be read or an unfinished ingest.
        remarks: sentences for people, which `extra` says for programs.
        types: DuckDB's names of the columns' types, in order.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    extra: Mapping[str, Any]
    notes: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
