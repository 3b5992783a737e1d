"""Adding rows to documents and files in the catalog: token counts, labels, and what files were read with."""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog.statements import with_incoming
from tokaudit.core.arrow import constant_column
from tokaudit.core.types import Int64


def note_read_with(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[int],
    tokenizers: Iterable[int],
    labels: Iterable[str],
) -> None:
    """Record the tokenizers, by number, and the labels, as NAME=FIELD, that whole files were read with."""
    for number in tokenizers:
        columns: dict[str, Any] = {"file": files, "tokenizer": np.full(len(files), number)}
        with_incoming(
            connection, "insert into store.counted_with by name select file, tokenizer from incoming", columns
        )
    for label in labels:
        columns = {"file": files, "label": constant_column(label, len(files))}
        with_incoming(connection, "insert into store.labelled_with by name select file, label from incoming", columns)


def insert_tokens(connection: duckdb.DuckDBPyConnection, documents: Int64, tokenizer: int, tokens: Int64) -> None:
    """Add the counts of one tokenizer to documents, by number, that have none of it yet."""
    columns = {
        "document": documents,
        "tokenizer": np.full(len(documents), tokenizer, np.int32),
        "tokens": tokens,
    }
    with_incoming(connection, "insert into store.token_counts_here by name select * from incoming", columns)


def insert_labels(
    connection: duckdb.DuckDBPyConnection, documents: Int64, name: str, values: Sequence[pa.StringArray]
) -> None:
    """Add one label to documents, by number, that do not have it yet: values in chunks, null for documents without."""
    with_incoming(
        connection,
        "insert into store.labels_here by name select document, name, value from incoming where value is not null",
        {"document": documents, "name": constant_column(name, len(documents)), "value": pa.chunked_array(values)},
    )
