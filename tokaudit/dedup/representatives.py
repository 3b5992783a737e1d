"""Which documents do not count in each scope, and which one is kept instead, from texts and verified pairs.

Only groups that changed are updated: groups of new documents, and of the texts in ``store.disturbed``. In an empty
catalog all documents are new. Groups are processed in parts, and the results stay in a temporary file until they are
stored in one transaction.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from itertools import cycle
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.statements import fetch_with_incoming, key_columns, statement, with_incoming
from tokaudit.core.arrow import constant_column, named_column, to_arrow
from tokaudit.core.progress import Notify
from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.dedup.affected import Part, affected_texts, parts
from tokaudit.dedup.components import Duplicates, duplicates_of
from tokaudit.dedup.reader import Reader
from tokaudit.dedup.spilled import Spilled
from tokaudit.dedup.verified import SETTLED_AT_ONCE, Verified, end_columns, store_similarities, verify_pairs
from tokaudit.dedup.verify import Verifier

Bools = npt.NDArray[np.bool_]

_SCOPES: Final = ("catalog", "domain", "source")

_KNOWN: Final = """
select i.pair, arg_max(s.similarity, s.how) as similarity
from store.similarities s join incoming i using (a_hi, a_lo, b_hi, b_lo)
group by i.pair
"""
"""If a pair was stored in several ways, its re-read similarity is taken: `reread` sorts last among `HOW`."""

_INSERT: Final = "insert into store.uncounted by name select * from incoming"


def update_representatives(catalog: Path, names: list[str], verifier: Verifier, notify: Notify) -> None:
    """Update which documents do not count in each scope, and the similarity of each to the kept one.

    Args:
        catalog: the DuckDB file, owned by the caller.
        names: fragments that contain the signatures of all texts.
        verifier: compares texts and re-reads them.
        notify: receives short progress messages.
    """
    with Spilled(catalog) as derived:
        unknown = _derive(catalog, derived)
        pieces = [unknown[begin : begin + SETTLED_AT_ONCE] for begin in range(0, len(unknown), SETTLED_AT_ONCE)]
        missing = [verify_pairs(catalog, names, piece, verifier, notify) for piece in pieces]
        with write_transaction(catalog) as connection:
            _store(connection, derived, missing)
            connection.execute(statement("all_derived"))


@dataclass(frozen=True, slots=True)
class _Rows:
    """New rows of one scope: documents that do not count, and documents that count but may have had a row.

    The last three fields have values for the first kind of document in the scope of the whole catalog; else they are
    empty.

    Attributes:
        document: the documents.
        kept: the document that counts instead; -1 where the document counts.
        exact_copy: whether an earlier document of the scope has the same text.
        had_row: whether the document may have had a row.
        near: whether its text differs from the kept one's.
        similarity: similarity of the two texts; NaN if it is still to be verified.
        pair: index of the pair to verify; -1 if there is none.
    """

    document: Int64
    kept: Int64
    exact_copy: Bools
    had_row: Bools
    near: Bools
    similarity: Float64
    pair: Int64


_FIELDS: Final = len(fields(_Rows))


def _derive(catalog: Path, derived: Spilled) -> UInt64:
    """Append the fields of all rows to `derived`, by part and scope; returns the pairs (m, 4) to verify."""
    unknown = [np.empty((0, 4), np.uint64)]
    with Reader(catalog) as reader, Spilled(catalog) as links:
        affected = affected_texts(reader)
        if len(affected.keys):
            for part in parts(reader, affected, links):
                rows_of_scopes, pairs = _derive_part(reader, part, affected.rows_to, sum(map(len, unknown)))
                unknown.append(pairs)
                for rows in rows_of_scopes:
                    for values in astuple(rows):
                        derived.append(values)
    return np.concatenate(unknown)


def _derive_part(reader: Reader, part: Part, rows_to: int, before: int) -> tuple[list[_Rows], UInt64]:
    """Rows of a part in each scope, and its pairs to verify.

    Args:
        reader: reads the catalog.
        part: whole groups.
        rows_to: documents from this number on have no row.
        before: number of pairs to verify in earlier parts.
    """
    columns = fetch_with_incoming(reader.connection(), statement("documents_of_texts"), key_columns(part.keys))
    document, domain, source, text = columns.values()
    whole, *others = (duplicates_of(row, text, part.links) for row in (np.zeros_like(text), domain, source))
    similarity, pair, unknown = _to_kept(reader, part.keys, text, whole)
    pair[pair >= 0] += before
    near = text[whole.document] != text[whole.representative]
    nothing = (np.empty(0, bool), np.empty(0), np.empty(0, np.int64))
    rows = [_rows(document, drops, rows_to, *nothing) for drops in others]
    return [_rows(document, whole, rows_to, near, similarity, pair), *rows], unknown


def _rows(document: Int64, drops: Duplicates, rows_to: int, near: Bools, similarity: Float64, pair: Int64) -> _Rows:
    counts = document < rows_to
    counts[drops.document] = False
    counting = np.flatnonzero(counts)
    chosen = document[np.concatenate([drops.document, counting])]
    return _Rows(
        chosen,
        np.concatenate([document[drops.representative], np.full(len(counting), -1)]),
        np.concatenate([drops.exact_copy, np.zeros(len(counting), bool)]),
        chosen < rows_to,
        near,
        similarity,
        pair,
    )


def _to_kept(reader: Reader, keys: UInt64, text: Int64, drops: Duplicates) -> tuple[Float64, Int64, UInt64]:
    """Similarity of each dropped document to the kept one (NaN if unknown), and the pairs to verify.

    Returns:
        The similarities; the index of each document's pair to verify (-1 if there is none); and these pairs (m, 4).
    """
    ends = np.sort(np.column_stack([text[drops.document], text[drops.representative]]), axis=1)  # in order of key
    codes, pair = np.unique(ends[:, 0] * len(keys) + ends[:, 1], return_inverse=True)
    a, b = np.divmod(codes, max(1, len(keys)))
    similarity = np.where(a == b, 1.0, np.nan)
    apart = np.flatnonzero(a != b)
    if len(apart):
        columns = {"pair": apart, **end_columns(np.hstack([keys[a[apart]], keys[b[apart]]]))}
        known = fetch_with_incoming(reader.connection(), _KNOWN, columns)
        similarity[known["pair"]] = known["similarity"]
    unknown = np.flatnonzero(np.isnan(similarity))
    number = np.full(len(codes), -1)
    number[unknown] = np.arange(len(unknown))
    return similarity[pair], number[pair], np.hstack([keys[a[unknown]], keys[b[unknown]]])


def _store(connection: duckdb.DuckDBPyConnection, derived: Spilled, missing: Sequence[Verified]) -> None:
    """Store the rows, and the similarities verified for them."""
    for verified in missing:
        store_similarities(connection, verified, candidate=False)
    similarity = np.concatenate([np.empty(0), *(verified.similarity for verified in missing)])
    for place, scope in zip(range(0, len(derived), _FIELDS), cycle(_SCOPES), strict=False):
        rows = _Rows(*derived[place : place + _FIELDS])
        for sql, chosen in ((_INSERT, ~rows.had_row), (statement("store_representatives"), rows.had_row)):
            if chosen.any():
                columns = _columns(scope, rows, similarity)
                with_incoming(
                    connection, sql, {name: column.filter(to_arrow(chosen)) for name, column in columns.items()}
                )


def _columns(scope: str, rows: _Rows, verified: Float64) -> dict[str, pa.Array]:
    """Rows as columns. Where a document counts, `kept` is null and the other values mean nothing."""
    count = len(rows.document)
    similarity, kind = pa.nulls(count, pa.float64()), pa.nulls(count, pa.string())
    if scope == "catalog":
        counting = count - len(rows.pair)
        known = rows.similarity.copy()
        known[rows.pair >= 0] = verified[rows.pair[rows.pair >= 0]]
        values = np.concatenate([known, np.zeros(counting)])
        similarity = to_arrow(values, ~np.isnan(values))
        near = np.concatenate([rows.near, np.zeros(counting, bool)])
        kind = named_column(near.astype(np.int8), ("exact", "near"))
    return {
        "scope": constant_column(scope, count),
        "document": to_arrow(rows.document),
        "kept": to_arrow(rows.kept, rows.kept >= 0),
        "exact_copy": to_arrow(rows.exact_copy),
        "similarity": similarity,
        "kind": kind,
    }
