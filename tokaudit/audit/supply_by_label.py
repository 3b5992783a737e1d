"""The supply per value of labels. Its rows are not sources or domains, so duplicates are found anew."""

from collections.abc import Sequence
from typing import Final

import duckdb
import numpy as np

from tokaudit.catalog.statements import fetch_rows_with_incoming, statement
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.rows import Row
from tokaudit.dedup.components import duplicates_of, number_texts

_MOST_LABELS: Final = 4  # as many as the statements join


def supply_by_label(
    connection: duckdb.DuckDBPyConnection, by: str, tokenizer: str
) -> tuple[tuple[str, ...], list[Row]]:
    """The names of the labels, and one row of the supply per combination of their values.

    A document without a label is in a row where its value is None.

    Args:
        connection: to the catalog.
        by: the name of a label, or names with commas.
        tokenizer: name in the catalog.

    Raises:
        UsageError: no document has a label of that name, which lists the known labels; or there are too many names.
    """
    known = [row[0] for row in connection.execute("select distinct name from labels order by name").fetchall()]
    labels = _labels(by, known)
    columns = connection.execute(statement("documents_in_groups"), {"labels": labels}).fetchnumpy()
    document, value, *key = (np.asarray(column) for column in columns.values())
    links = connection.execute("select a_hi, a_lo, b_hi, b_lo from store.links").fetchnumpy()
    text, ends = number_texts(np.column_stack(key), np.column_stack(list(links.values())))
    drops = duplicates_of(value, text, ends)
    dropped = {"document": document[drops.document], "exact_copy": drops.exact_copy}
    parameters = {"tokenizer": tokenizer, "labels": labels}
    found = fetch_rows_with_incoming(connection, statement("supply_by_label"), dropped, parameters)
    return tuple(labels), [_row(labels, row) for row in found]


def _labels(by: str, known: Sequence[str]) -> list[str]:
    """The labels that are meant; a label may have a comma in its name."""
    labels = [by] if by in known else [name.strip() for name in by.split(",")]
    for label in labels:
        if label not in known:
            others = ["domain", "source", *known] if len(labels) == 1 else known
            raise UsageError(f"--by: {unknown_name('label', label, others)}")
    labels = list(dict.fromkeys(labels))
    if len(labels) > _MOST_LABELS:
        raise UsageError(f"--by: takes at most {_MOST_LABELS} labels, not {len(labels)}; leave some out")
    return labels


def _row(labels: Sequence[str], row: Row) -> Row:
    values = [row.pop(f"label_{number}") for number in range(1, _MOST_LABELS + 1)]
    return {label: value or None for label, value in zip(labels, values, strict=False)} | row
