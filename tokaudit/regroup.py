"""Near-duplicates of a catalog: new texts are probed against all, pairs verified, and who counts is derived anew."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from tokaudit import fragments
from tokaudit.catalog import one, reading, with_incoming, writing
from tokaudit.dedup import BORDERLINE, candidates, number_texts, uncounted
from tokaudit.fingerprints.minhash import estimate
from tokaudit.keys import positions, unique
from tokaudit.records import Float64, Int64, UInt64
from tokaudit.rereading import exact_similarities

Note = Callable[[str], None]
"""Told, in a few words, what is being done now."""

_AT_ONCE: Final = 100_000
"""Pairs whose signatures are held side by side: a kilobyte each."""

SCOPES: Final = ("catalog", "domain", "source")


def regroup(catalog: Path, note: Note) -> None:
    """Compare the texts that have not been compared, and make anew who counts. Does nothing if all is done.

    Safe to interrupt: what was verified is committed whole or not at all, and the next call goes on.
    """
    with reading(catalog) as connection:
        names = dict(connection.execute("select fragment, probed from store.fragments order by 1").fetchall())
        if one(connection, "select fresh from store.derived") == (True,) and all(names.values()):
            return
    if not all(names.values()):
        note("looking for near-duplicates")
        found = _propose(catalog, names)
        verified = _verify(catalog, list(names), found, note)
        with writing(catalog) as connection:
            _insert(connection, verified, candidate=True)
            connection.execute("update store.fragments set probed = true")
    note("grouping duplicates")
    _derive(catalog, list(names), note)


def _key_columns(frame: pd.DataFrame, prefix: str) -> UInt64:
    return frame[[f"{prefix}_hi", f"{prefix}_lo"]].to_numpy(np.uint64)


def _propose(catalog: Path, names: dict[str, bool]) -> pd.DataFrame:
    """Pairs of texts of the catalog to verify: columns a_hi, a_lo, b_hi, b_lo."""
    probed, probed_bands = fragments.read_bands(catalog, [name for name, done in names.items() if done])
    unprobed, unprobed_bands = fragments.read_bands(catalog, [name for name, done in names.items() if not done])
    keys, first = unique(np.concatenate([probed, unprobed]))
    bands = np.concatenate([probed_bands, unprobed_bands])[first]
    with reading(catalog) as connection:
        live = connection.execute(
            "select distinct key_hi, key_lo from store.documents join store.files using (file)"
            " where words > 0 and state <> 'staged'"
        ).fetchnumpy()
        # What was estimated for want of a file is tried again when one of the two texts is back.
        known = connection.execute(
            "select a_hi, a_lo, b_hi, b_lo from store.similarities where candidate and how <> 'estimate_file_gone'"
        ).df()
    present = positions(unique(np.column_stack([live["key_hi"], live["key_lo"]]).astype(np.uint64))[0], keys) >= 0
    keys, bands = keys[present], bands[present]
    new = positions(unique(unprobed)[0], keys) >= 0
    pairs = candidates(bands, new)
    proposed = pd.DataFrame(np.hstack([keys[pairs[:, 0]], keys[pairs[:, 1]]]), columns=["a_hi", "a_lo", "b_hi", "b_lo"])
    merged = proposed.merge(known.astype(np.uint64), how="left", indicator=True)
    return proposed[(merged["_merge"] == "left_only").to_numpy()].reset_index(drop=True)


def _verify(
    catalog: Path, names: list[str], pairs: pd.DataFrame, note: Note, *, keep_all: bool = False
) -> pd.DataFrame:
    """The pairs with columns similarity and how; those certainly below the threshold only if `keep_all`."""
    estimates = _estimates(catalog, names, pairs)
    if not keep_all:
        pairs, estimates = pairs[estimates >= BORDERLINE[0]], estimates[estimates >= BORDERLINE[0]]
    pairs = pairs.reset_index(drop=True).assign(similarity=estimates, how="estimate")
    borderline = np.flatnonzero((estimates >= BORDERLINE[0]) & (estimates <= BORDERLINE[1]))
    if len(borderline):
        note(f"reading {len(borderline):,} borderline pairs again")
        a, b = _key_columns(pairs, "a")[borderline], _key_columns(pairs, "b")[borderline]
        exact = exact_similarities(catalog, a, b)
        read = ~np.isnan(exact)
        pairs.loc[borderline[read], "similarity"] = exact[read]
        pairs.loc[borderline[read], "how"] = "reread"
        pairs.loc[borderline[~read], "how"] = "estimate_file_gone"
    return pairs


def _estimates(catalog: Path, names: list[str], pairs: pd.DataFrame) -> Float64:
    a, b = _key_columns(pairs, "a"), _key_columns(pairs, "b")
    texts, _ = unique(np.concatenate([a, b]))
    signatures = fragments.read_signatures(catalog, names, texts)
    first, second = positions(texts, a), positions(texts, b)
    estimates = [
        estimate(signatures[first[begin : begin + _AT_ONCE]], signatures[second[begin : begin + _AT_ONCE]])
        for begin in range(0, len(pairs), _AT_ONCE)
    ]
    return np.concatenate([np.empty(0), *estimates])


def _insert(connection: duckdb.DuckDBPyConnection, verified: pd.DataFrame, *, candidate: bool) -> None:
    columns = {name: verified[name].to_numpy() for name in ("a_hi", "a_lo", "b_hi", "b_lo", "similarity")}
    with_incoming(
        connection,
        "delete from store.similarities old using incoming i where old.how = 'estimate_file_gone'"
        " and old.a_hi = i.a_hi and old.a_lo = i.a_lo and old.b_hi = i.b_hi and old.b_lo = i.b_lo",
        columns,
    )
    with_incoming(
        connection,
        "insert into store.similarities by name select * from incoming",
        columns | {"how": verified["how"].to_list(), "candidate": np.full(len(verified), candidate)},
    )


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


def _derive(catalog: Path, names: list[str], note: Note) -> None:
    """Make anew which documents do not count, in each scope, and how alike each is to the one kept."""
    with reading(catalog) as connection:
        documents = connection.execute(_INVOLVED).df()
        links = connection.execute("select a_hi, a_lo, b_hi, b_lo from store.links").df()
    keys = _key_columns(documents, "key")
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
        _insert(connection, missing, candidate=False)
        connection.execute("delete from store.uncounted")
        columns = {name: rows[name] for name in rows.columns}
        with_incoming(connection, "insert into store.uncounted by name select * from incoming", columns)
        connection.execute("update store.derived set fresh = true")


def _to_kept(
    catalog: Path, names: list[str], keys: UInt64, dropped: Int64, kept: Int64, note: Note
) -> tuple[Float64, pd.DataFrame]:
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
    missing = _verify(catalog, names, merged[merged["similarity"].isna()][pairs.columns], note, keep_all=True)
    known = pd.concat([known, missing[known.columns]], ignore_index=True)
    similarity = pairs.merge(known, how="left")["similarity"].to_numpy(np.float64)
    return np.where(same, 1.0, similarity), missing
