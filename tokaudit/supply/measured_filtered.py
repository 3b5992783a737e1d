"""The unique tokens of documents that meet a condition, as the supply of a plan."""

from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt

from tokaudit.catalog.completeness import completeness
from tokaudit.catalog.repeated_inside import much_repeated
from tokaudit.catalog.statements import fetch_rows_with_incoming, statement
from tokaudit.core.errors import UsageError
from tokaudit.dedup.components import duplicates_of
from tokaudit.supply.filtered import passing_documents
from tokaudit.supply.grouped import GroupedDocuments, grouped_documents
from tokaudit.supply.measured_domain import counted_twice, domain_supply
from tokaudit.supply.types import Supply

if TYPE_CHECKING:
    from tokaudit.core.rows import Row

Bools: TypeAlias = npt.NDArray[np.bool_]


def filtered_supply(connection: duckdb.DuckDBPyConnection, catalog: Path, tokenizer: str, where: str) -> Supply:
    """As `measured_supply`, of the documents that meet the condition: they are deduplicated anew.

    Args:
        connection: to the catalog.
        catalog: its path, for messages.
        tokenizer: name in the catalog.
        where: the condition.

    Raises:
        UsageError: the condition has a fault, or no document meets it.
    """
    passed = passing_documents(connection, where, tokenizer)
    if not len(passed.documents):
        raise UsageError(f"--where: no document in {catalog} meets {where!r}; `tokaudit query labels` lists the labels")
    grouped = grouped_documents(connection, ("domain",), passed.documents)
    counts_in_domain, counts_once, elsewhere_too = _kinds(grouped)
    incoming = {
        "document": passed.documents,
        "counts": ~np.isin(passed.documents, grouped.document[~counts_in_domain]),
        "counts_once": ~np.isin(passed.documents, grouped.document[~counts_once]),
        "elsewhere": np.isin(passed.documents, grouped.document[elsewhere_too]),
    }
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    elsewhere: dict[str, int] = {}
    seen: dict[str, Row] = {}
    twice = 0
    found = fetch_rows_with_incoming(connection, statement("unique_text_filtered"), incoming)
    for row in sorted(found, key=itemgetter("domain", "tokenizer")):
        counts.setdefault(row["domain"], {})[row["tokenizer"]] = row["bytes_unique"], row["tokens_unique"]
        if row["tokenizer"] == tokenizer:
            elsewhere[row["domain"]] = row["tokens_elsewhere"]
            seen[row["domain"]] = row
            twice += row["tokens_twice"]
    complete, notes = completeness(connection, passed.documents)
    return Supply(
        tuple(
            domain_supply(domain, tokenizer, counts[domain], elsewhere[domain], seen[domain])
            for domain in sorted(counts)
        ),
        f"measured in {catalog} where {where}",
        tokenizer,
        (*notes, *passed.notes, *counted_twice(twice), *much_repeated(seen[domain] for domain in sorted(seen))),
        complete=complete,
    )


def _kinds(grouped: GroupedDocuments) -> tuple[Bools, Bools, Bools]:
    """For each document: whether it counts in its row, whether in all rows together, and whether others have its text.

    Text is that of a group of duplicates over all rows.
    """
    everyone = np.arange(len(grouped.document))
    counts = np.ones(len(everyone), bool)
    counts[duplicates_of(grouped.row, grouped.text, grouped.ends).document] = False
    drops = duplicates_of(np.zeros_like(grouped.row), grouped.text, grouped.ends)
    kept = everyone.copy()
    kept[drops.document] = drops.representative
    elsewhere = np.zeros(len(everyone), bool)
    elsewhere[kept[grouped.row != grouped.row[kept]]] = True  # of the kept documents: another row has one of the group
    return counts, kept == everyone, elsewhere[kept]
