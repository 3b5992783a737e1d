"""Relations of documents, with the values of domain, source and labels that a row of a supply stands for."""

from collections.abc import Sequence
from typing import Any, Final

import duckdb
import numpy.typing as npt

from tokaudit.catalog.statements import statement
from tokaudit.core.arrow import table

PLACES: Final = ("domain", "source")
MOST_KEYS: Final = 4
KEYS: Final = tuple(f"key_{number}" for number in range(1, MOST_KEYS + 1))
"""Columns of the values."""

_TOKENS: Final = """
select c.document as of_tokens, c.tokens, t.name as tokenizer
from store.token_counts c join store.tokenizers t using (tokenizer)
"""


def column(name: str) -> duckdb.Expression:
    """A column of a relation."""
    return duckdb.ColumnExpression(name)


def constant(value: object) -> duckdb.Expression:
    """A value, which is never read as SQL."""
    return duckdb.ConstantExpression(value)


def placed_documents(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """All documents, as the statement `documents_placed` has them."""
    return connection.sql(statement("documents_placed"))


def with_tokens(
    connection: duckdb.DuckDBPyConnection, documents: duckdb.DuckDBPyRelation, tokenizer: str
) -> duckdb.DuckDBPyRelation:
    """Those documents that a tokenizer has counted, with the further column ``tokens``."""
    counts = connection.sql(_TOKENS).filter(column("tokenizer") == constant(tokenizer))
    return documents.join(counts, column("document") == column("of_tokens"))


def only(
    connection: duckdb.DuckDBPyConnection, documents: duckdb.DuckDBPyRelation, **columns: npt.NDArray[Any]
) -> duckdb.DuckDBPyRelation:
    """The documents that the column ``only`` has, with the other columns."""
    return documents.join(connection.from_arrow(table(columns)), column("document") == column("only"))


def with_label(
    connection: duckdb.DuckDBPyConnection,
    documents: duckdb.DuckDBPyRelation,
    label: str,
    name: str,
    kind: str = "VARCHAR",
) -> duckdb.DuckDBPyRelation:
    """The documents with a further column of the values of a label, null without it; NaN is not a number, so null."""
    value = column("value").cast(duckdb.type(kind))
    if kind == "DOUBLE":
        value = duckdb.FunctionExpression("nullif", value, constant(float("nan")))
    of = f"of_{name}"
    named = connection.sql("from store.labels").filter(column("name") == constant(label))
    labels = named.select(column("document").alias(of), value.alias(name))
    return documents.join(labels, column("document") == column(of), how="left")


def with_keys(
    connection: duckdb.DuckDBPyConnection, documents: duckdb.DuckDBPyRelation, keys: Sequence[str]
) -> duckdb.DuckDBPyRelation:
    """The documents with the columns `KEYS`: at most four domains, sources or labels; '' without the label or key."""
    values = []
    for key, name in zip(keys, KEYS, strict=False):
        if key in PLACES:
            values.append(column(key))
        else:
            label = f"label_{name}"
            documents = with_label(connection, documents, key, label)
            values.append(duckdb.CoalesceOperator(column(label), constant("")))
    values += [constant("")] * (MOST_KEYS - len(keys))
    named = [value.alias(name) for value, name in zip(values, KEYS, strict=True)]
    return documents.select(duckdb.StarExpression(), *named)
