"""Which texts are near-duplicates: new ones are probed against all, pairs verified and stored, each once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from tokaudit import fragments
from tokaudit.catalog import reading, with_incoming, writing
from tokaudit.dedup import BORDERLINE, candidates
from tokaudit.fingerprints.minhash import estimate
from tokaudit.keys import positions, unique
from tokaudit.records import Float64, UInt64
from tokaudit.rereading import exact_similarities

Note = Callable[[str], None]
"""Told, in a few words, what is being done now."""

_ENDS: Final = ["a_hi", "a_lo", "b_hi", "b_lo"]

_AT_ONCE: Final = 100_000
"""Pairs whose signatures are held side by side: a kilobyte each."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Similarities of pairs of texts.

    Attributes:
        pairs: two keys side by side, the lesser first: (m, 4).
        similarity: of their sets of shingles.
        how: reread, estimate or estimate_file_gone.
    """

    pairs: UInt64
    similarity: Float64
    how: list[str]


def compare(catalog: Path, names: dict[str, bool], note: Note) -> None:
    """Compare the texts of fragments that were not probed with all others; store the pairs, mark them probed.

    Args:
        catalog: the DuckDB file, owned by the caller.
        names: fragment -> whether it is probed.
        note: told what is being done.
    """
    note("looking for near-duplicates")
    found = _propose(catalog, names)
    verified = _verify(catalog, list(names), found, note)
    with writing(catalog) as connection:
        insert(connection, verified, candidate=True)
        connection.execute("update store.fragments set probed = true")


def key_columns(frame: pd.DataFrame, prefix: str) -> UInt64:
    """Keys (n, 2) from the columns ``PREFIX_hi`` and ``PREFIX_lo``."""
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


def verify(catalog: Path, names: list[str], pairs: UInt64, note: Note) -> Verified:
    """Similarities of the pairs (m, 4), whose texts are in the fragments of these names."""
    return _verify(catalog, names, pd.DataFrame(pairs, columns=_ENDS), note, keep_all=True)


def _verify(catalog: Path, names: list[str], pairs: pd.DataFrame, note: Note, *, keep_all: bool = False) -> Verified:
    """The pairs with columns similarity and how; those certainly below the threshold only if `keep_all`."""
    estimates = _estimates(catalog, names, pairs)
    if not keep_all:
        pairs, estimates = pairs[estimates >= BORDERLINE[0]], estimates[estimates >= BORDERLINE[0]]
    pairs = pairs.reset_index(drop=True).assign(similarity=estimates, how="estimate")
    borderline = np.flatnonzero((estimates >= BORDERLINE[0]) & (estimates <= BORDERLINE[1]))
    if len(borderline):
        note(f"reading {len(borderline):,} borderline pairs again")
        a, b = key_columns(pairs, "a")[borderline], key_columns(pairs, "b")[borderline]
        exact = exact_similarities(catalog, a, b)
        read = ~np.isnan(exact)
        pairs.loc[borderline[read], "similarity"] = exact[read]
        pairs.loc[borderline[read], "how"] = "reread"
        pairs.loc[borderline[~read], "how"] = "estimate_file_gone"
    return Verified(pairs[_ENDS].to_numpy(np.uint64), pairs["similarity"].to_numpy(np.float64), pairs["how"].to_list())


def _estimates(catalog: Path, names: list[str], pairs: pd.DataFrame) -> Float64:
    a, b = key_columns(pairs, "a"), key_columns(pairs, "b")
    texts, _ = unique(np.concatenate([a, b]))
    signatures = fragments.read_signatures(catalog, names, texts)
    first, second = positions(texts, a), positions(texts, b)
    estimates = [
        estimate(signatures[first[begin : begin + _AT_ONCE]], signatures[second[begin : begin + _AT_ONCE]])
        for begin in range(0, len(pairs), _AT_ONCE)
    ]
    return np.concatenate([np.empty(0), *estimates])


def insert(connection: duckdb.DuckDBPyConnection, verified: Verified, *, candidate: bool) -> None:
    """Store verified pairs; groups of their texts are to be derived anew if they may link them."""
    columns = dict(zip(_ENDS, verified.pairs.T, strict=True)) | {"similarity": verified.similarity}
    with_incoming(
        connection,
        "delete from store.similarities old using incoming i where old.how = 'estimate_file_gone'"
        " and old.a_hi = i.a_hi and old.a_lo = i.a_lo and old.b_hi = i.b_hi and old.b_lo = i.b_lo",
        columns,
    )
    with_incoming(
        connection,
        "insert into store.similarities by name select * from incoming",
        columns | {"how": pa.array(verified.how, pa.string()), "candidate": np.full(len(verified.how), candidate)},
    )
    if candidate:
        for end in ("a", "b"):
            keys = {"key_hi": columns[f"{end}_hi"], "key_lo": columns[f"{end}_lo"]}
            with_incoming(connection, "insert into store.disturbed select distinct key_hi, key_lo from incoming", keys)
