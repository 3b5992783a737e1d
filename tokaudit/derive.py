"""Who counts: documents that are copies of a kept one, in each scope, derived from texts and verified pairs."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tokaudit.catalog import reading, with_incoming, writing
from tokaudit.dedup import number_texts, uncounted
from tokaudit.near import Note, Verified, insert, verify
from tokaudit.records import Float64, Int64, UInt64

SCOPES: Final = ("catalog", "domain", "source")

_INVOLVED: Final = """
with live as (
    select d.document, f.source, s.domain, d.key_hi, d.key_lo, f.below, f.path, d.ordinal
    from store.documents d join store.files f using (file) join store.sources s using (source)
    where f.state <> 'staged'
),
copied as (select key_hi, key_lo from live group by all having count(*) > 1),
linked as (
    select a_hi as key_hi, a_lo as key_lo from store.links union select b_hi, b_lo from store.links
),
involved as (select * from copied union select * from linked)
select document, domain, source, key_hi, key_lo,
       row_number() over (order by source, below, ordinal, path) as rank
from live semi join involved using (key_hi, key_lo)
order by rank
"""
"""Documents that share their text or are near another, in the order that decides who is kept."""


def derive(catalog: Path, names: list[str], note: Note) -> None:
    """Make anew which documents do not count, in each scope, and how alike each is to the one kept."""
    with reading(catalog) as connection:
        documents = connection.execute(_INVOLVED).df()
        links = connection.execute("select a_hi, a_lo, b_hi, b_lo from store.links").df()
    keys = documents[["key_hi", "key_lo"]].to_numpy(np.uint64)
    text, ends = number_texts(keys, links.to_numpy(np.uint64))
    rank = documents["rank"].to_numpy(np.int64)
    numbers = documents["document"].to_numpy(np.int64)
    derived = []
    for scope in SCOPES:
        row = documents[scope].factorize()[0] if scope != "catalog" else np.zeros(len(documents), np.int64)
        drops = uncounted(row.astype(np.int64), text, rank, ends)
        derived.append(
            pd.DataFrame(
                {
                    "scope": scope,
                    "document": numbers[drops.document],
                    "kept": numbers[drops.kept],
                    "exact_copy": drops.exact_copy,
                }
            )
        )
        if scope == "catalog":
            similarity, missing = _to_kept(catalog, names, keys, drops.document, drops.kept, note)
            derived[0]["similarity"] = similarity
            derived[0]["kind"] = np.where(text[drops.document] == text[drops.kept], "exact", "near")
    rows = pd.concat(derived, ignore_index=True)
    with writing(catalog) as connection:
        insert(connection, missing, candidate=False)
        connection.execute("delete from store.uncounted")
        columns = {name: rows[name] for name in rows.columns}
        with_incoming(connection, "insert into store.uncounted by name select * from incoming", columns)
        connection.execute("delete from store.disturbed")
        connection.execute("update store.derived set fresh = true")


def _to_kept(
    catalog: Path, names: list[str], keys: UInt64, dropped: Int64, kept: Int64, note: Note
) -> tuple[Float64, Verified]:
    """How alike each dropped document is to the kept one; and the similarities that were not known before."""
    a, b = keys[dropped], keys[kept]
    swap = (b[:, 0] < a[:, 0]) | ((b[:, 0] == a[:, 0]) & (b[:, 1] < a[:, 1]))
    pairs = pd.DataFrame(
        np.hstack([np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)]),
        columns=["a_hi", "a_lo", "b_hi", "b_lo"],
    )
    same = (a == b).all(axis=1)
    near = pairs[~same].drop_duplicates()
    with reading(catalog) as connection:
        known = connection.execute("select a_hi, a_lo, b_hi, b_lo, similarity from store.similarities").df()
    known = known.astype(dict.fromkeys(pairs.columns, np.uint64)).drop_duplicates(list(pairs.columns))
    merged = near.merge(known, how="left")
    missing = verify(catalog, names, merged[merged["similarity"].isna()][pairs.columns].to_numpy(np.uint64), note)
    verified = pd.DataFrame(missing.pairs, columns=pairs.columns).assign(similarity=missing.similarity)
    known = pd.concat([known, verified], ignore_index=True)
    similarity = pairs.merge(known, how="left")["similarity"].to_numpy(np.float64)
    return np.where(same, 1.0, similarity), missing
