"""Who counts: documents that are copies of a kept one, in each scope, derived from texts and verified pairs.

Only groups that something has happened to are derived anew: those of new documents, and of the texts in
``store.disturbed``. In an empty catalog all documents are new.
"""

from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.statements import fetch_with_incoming, statement, with_incoming
from tokaudit.core.arrow import constant_column, named_column, table, to_arrow
from tokaudit.core.progress import Notify
from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.dedup.components import Duplicates, duplicates_of, number_texts
from tokaudit.dedup.verified import ENDS, Verified, end_columns, store_similarities, verify_pairs
from tokaudit.dedup.verify import Verifier

_LINKS: Final = """
select a_hi, a_lo, b_hi, b_lo from store.links l
semi join incoming i on i.key_hi = l.a_hi and i.key_lo = l.a_lo
"""

_KNOWN: Final = """
select i.pair, arg_max(s.similarity, s.how) as similarity
from store.similarities s join incoming i using (a_hi, a_lo, b_hi, b_lo)
group by i.pair
"""
"""A pair that is known in several ways is as alike as was read: `reread` is the last of `HOW` by the alphabet."""


def update_representatives(catalog: Path, names: list[str], verifier: Verifier, notify: Notify) -> None:
    """Make anew which documents do not count, in each scope, and how alike each is to the one kept.

    Args:
        catalog: the DuckDB file, owned by the caller.
        names: fragments that hold the signatures of all texts.
        verifier: reads texts again.
        notify: told what is being done.
    """
    with open_readonly(catalog) as connection:
        columns = connection.execute(statement("affected_documents")).fetchnumpy()
        document, domain, source, *key = (np.asarray(column) for column in columns.values())
        keys = np.column_stack(key)
        links = _links(connection, keys)
    text, ends = number_texts(keys, links)
    rows = {"catalog": np.zeros_like(text), "domain": domain, "source": source}
    drops = {scope: duplicates_of(row, text, ends) for scope, row in rows.items()}
    whole = drops["catalog"]
    similarity, missing = _to_kept(catalog, names, keys, text, whole, verifier, notify)
    near = text[whole.document] != text[whole.representative]
    kind = named_column(near.astype(np.int8), ("exact", "near"))
    with write_transaction(catalog) as connection:
        store_similarities(connection, missing, candidate=False)
        for scope, found in drops.items():
            unsaid = pa.nulls(len(found.document))
            alike = (to_arrow(similarity), kind) if scope == "catalog" else (unsaid, unsaid)
            with_incoming(connection, statement("store_representatives"), _rows(scope, document, found, *alike))
        connection.execute(statement("all_derived"))


def _links(connection: duckdb.DuckDBPyConnection, keys: UInt64) -> UInt64:
    """Links (m, 4) of the texts."""
    ends = fetch_with_incoming(connection, _LINKS, {"key_hi": keys[:, 0], "key_lo": keys[:, 1]})
    return np.column_stack([ends[name] for name in ENDS])


def _to_kept(
    catalog: Path,
    names: list[str],
    keys: UInt64,
    text: Int64,
    drops: Duplicates,
    verifier: Verifier,
    notify: Notify,
) -> tuple[Float64, Verified]:
    """How alike each dropped document is to the kept one; and the similarities that were not known before."""
    holder = np.empty(int(text.max(initial=-1)) + 1, np.int64)  # a document with each text
    holder[text] = np.arange(len(text))
    ends = np.sort(
        np.column_stack([text[drops.document], text[drops.representative]]), axis=1
    )  # numbers are in order of key
    codes, pair = np.unique(ends[:, 0] * len(holder) + ends[:, 1], return_inverse=True)
    a, b = np.divmod(codes, max(1, len(holder)))
    pairs = np.hstack([keys[holder[a]], keys[holder[b]]])
    similarity = np.where(a == b, 1.0, np.nan)
    if len(pairs):
        with open_readonly(catalog) as connection:
            known = fetch_with_incoming(connection, _KNOWN, {"pair": np.arange(len(pairs)), **end_columns(pairs)})
        similarity[known["pair"]] = known["similarity"]
    unknown = np.isnan(similarity)
    missing = verify_pairs(catalog, names, pairs[unknown], verifier, notify)
    similarity[unknown] = missing.similarity
    return similarity[pair], missing


def _rows(scope: str, document: Int64, drops: Duplicates, similarity: pa.Array, kind: pa.Array) -> dict[str, Any]:
    """What is derived as columns, a row for each document: null where it counts."""
    dropped = table(
        {
            "kept": document[drops.representative],
            "exact_copy": drops.exact_copy,
            "similarity": similarity.cast(pa.float64()),
            "kind": kind.cast(pa.string()),
        }
    )
    place = np.full(len(document), -1)
    place[drops.document] = np.arange(len(drops.document))
    rows = dropped.take(to_arrow(place, place >= 0))
    return {
        "scope": constant_column(scope, len(document)),
        "document": document,
        **dict(zip(rows.column_names, rows, strict=True)),
    }
