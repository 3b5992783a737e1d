"""The supply per value of a label. Its rows are not sources or domains, so duplicates are found anew."""

import duckdb
import numpy as np

from tokaudit.catalog.statements import fetch_rows_with_incoming, statement
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.rows import Row
from tokaudit.dedup.components import duplicates_of, number_texts


def supply_by_label(connection: duckdb.DuckDBPyConnection, label: str, tokenizer: str) -> list[Row]:
    """One row of the supply per value of the label, and one for documents without it.

    Raises:
        UsageError: no document has a label of that name; the message lists the known labels.
    """
    known = [row[0] for row in connection.execute("select distinct name from labels order by name").fetchall()]
    if label not in known:
        raise UsageError(f"--by: {unknown_name('label', label, ['domain', 'source', *known])}")
    columns = connection.execute(statement("documents_in_groups"), {"label": label}).fetchnumpy()
    document, value, *key = (np.asarray(column) for column in columns.values())
    links = connection.execute("select a_hi, a_lo, b_hi, b_lo from store.links").fetchnumpy()
    text, ends = number_texts(np.column_stack(key), np.column_stack(list(links.values())))
    drops = duplicates_of(value, text, ends)
    dropped = {"document": document[drops.document], "exact_copy": drops.exact_copy}
    parameters = {"tokenizer": tokenizer, "label": label}
    found = fetch_rows_with_incoming(connection, statement("supply_by_label"), dropped, parameters)
    return [{label: row.pop("value") or None, **row} for row in found]
