"""Which texts are near-duplicates: new ones are probed against all, pairs verified and stored, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.signatures import Fragments
from tokaudit.catalog.statements import fetch_one, fetch_with_incoming, with_incoming
from tokaudit.core.arrow import named_column
from tokaudit.core.progress import Notify
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Float64, Int64, UInt32, UInt64
from tokaudit.dedup.candidates import PAIRS_AT_ONCE, candidates, texts_sharing_bands
from tokaudit.dedup.large_buckets import ROUNDS, cross_component_pairs
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.fingerprints.minhash import THRESHOLD, estimate

BORDERLINE: Final = (0.65, 0.95)
"""Estimates in this range are verified by reading the texts again; outside, 128 permutations decide."""

ENDS: Final = ("a_hi", "a_lo", "b_hi", "b_lo")
"""Columns of the two keys of a pair."""

_SETTLED_AT_ONCE: Final = 1_000_000
"""Pairs of large buckets that are verified and stored at once: each takes some 300 bytes meanwhile."""

HOW: Final = ("estimate", "reread", "estimate_file_gone")
"""How a similarity was found."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Similarities of pairs of texts.

    Attributes:
        pairs: two keys side by side, the lesser first: (m, 4).
        similarity: of their sets of shingles.
        how: index in HOW.
    """

    pairs: UInt64
    similarity: Float64
    how: npt.NDArray[np.uint8]


def compare_texts(catalog: Path, names: dict[str, bool], verifier: Verifier, notify: Notify) -> None:
    """Compare the texts of fragments that were not probed with all others; store the pairs, mark them probed.

    Args:
        catalog: the DuckDB file, owned by the caller.
        names: fragment -> whether it is probed.
        verifier: reads texts again.
        notify: told what is being done.
    """
    notify("looking for near-duplicates")
    fragments, texts = _to_compare(catalog, names)
    proposed, large_buckets = _propose(catalog, fragments, texts)
    verified = _verified(verifier, *proposed, notify)
    with write_transaction(catalog) as connection:
        store_similarities(connection, verified, candidate=True)
        if not large_buckets:
            connection.execute(_ALL_PROBED)
    if large_buckets:
        _compare_large_buckets(catalog, fragments, texts, large_buckets, verifier, notify)


@dataclass(frozen=True, slots=True)
class _Texts:
    """Distinct texts that may have a near-duplicate, those that have not been compared first.

    Attributes:
        keys: theirs, (n, 2).
        numbers: theirs in the fragments.
        new: how many have not been compared.
    """

    keys: UInt64
    numbers: Int64
    new: int


def _to_compare(catalog: Path, names: dict[str, bool]) -> tuple[Fragments, _Texts]:
    """The catalog's fragments and the texts in them that share a band key, one of the two not compared before."""
    unprobed = [name for name, probed in names.items() if not probed]
    fragments = Fragments(catalog, unprobed + [name for name, probed in names.items() if probed])
    new = len(Fragments(catalog, unprobed))
    numbers = texts_sharing_bands(fragments, new)
    # Of a text that is in several fragments the first is taken: it counts as new if it is new in any.
    keys, first = unique(fragments.keys_of(numbers))
    numbers = numbers[first]
    live = _live(catalog, keys)
    live = live[np.argsort(numbers[live] >= new, kind="stable")]
    return fragments, _Texts(keys[live], numbers[live], int((numbers[live] < new).sum()))


def _propose(catalog: Path, fragments: Fragments, texts: _Texts) -> tuple[tuple[UInt64, Float64], list[Int64]]:
    """Pairs (m, 4) that may be near and are not known yet, with estimates; and the texts of each large bucket."""
    found, estimates = [np.empty((0, 2), np.uint32)], [np.empty(0)]
    large_buckets: list[Int64] = []
    for pairs in candidates(fragments.bands_of(texts.numbers), texts.new, large_buckets):
        estimated = _estimates(fragments, texts.numbers, pairs)
        near = estimated >= BORDERLINE[0]
        found.append(pairs[near])
        estimates.append(estimated[near])
    proposed = _lesser_first(texts.keys, np.concatenate(found))
    unknown = _unknown(catalog, proposed)
    return (proposed[unknown], np.concatenate(estimates)[unknown]), large_buckets


def _compare_large_buckets(
    catalog: Path,
    fragments: Fragments,
    texts: _Texts,
    large_buckets: Sequence[Int64],
    verifier: Verifier,
    notify: Notify,
) -> None:
    """Verify and store as many pairs of large buckets as make the groups that all would; then all are compared."""
    members = np.unique(np.concatenate(large_buckets))
    keys, new = texts.keys[members], int(np.searchsorted(members, texts.new))
    signatures = fragments.signatures_of(texts.numbers[members])
    buckets = [np.searchsorted(members, bucket) for bucket in large_buckets]
    rows = _rows(catalog, keys)
    links, failed = _known_between(catalog, keys)
    for least, tries in ROUNDS:
        found = cross_component_pairs(buckets, rows, links, failed, signatures, new, least, tries)
        for begin in range(0, len(found), _SETTLED_AT_ONCE):
            pairs = found[begin : begin + _SETTLED_AT_ONCE]
            verified = _verified(verifier, _lesser_first(keys, pairs), estimate(signatures, pairs), notify)
            near = verified.similarity >= THRESHOLD
            links, failed = np.concatenate([links, pairs[near]]), np.concatenate([failed, pairs[~near]])
            with write_transaction(catalog) as connection:
                store_similarities(connection, verified, candidate=True)
    with write_transaction(catalog) as connection:
        columns = {"key_hi": keys[:, 0], "key_lo": keys[:, 1]}
        with_incoming(
            connection,
            "insert into store.crowded by name from incoming anti join store.crowded using (key_hi, key_lo)",
            columns,
        )
        connection.execute(_ALL_PROBED)


def _rows(catalog: Path, keys: UInt64) -> list[Int64]:
    """Positions of the keys that have a document in each source, then in each domain, then of all; no row twice."""
    with open_readonly(catalog) as connection:
        found = fetch_with_incoming(
            connection,
            "select distinct i.place, dense_rank() over (order by f.source) as source,"
            " dense_rank() over (order by s.domain) as domain"
            " from store.documents join store.whole f using (file) join store.sources s using (source)"
            " join incoming i using (key_hi, key_lo)",
            _keys_in_place(keys),
        )
    rows = []
    for row in (found["source"], found["domain"]):
        order = np.argsort(row, kind="stable")
        rows += [np.unique(part) for part in np.split(found["place"][order], np.flatnonzero(np.diff(row[order])) + 1)]
    rows.append(np.arange(len(keys)))
    return list({row.tobytes(): row for row in rows}.values())


def _known_between(catalog: Path, keys: UInt64) -> tuple[Int64, Int64]:
    """Pairs of positions (m, 2), first < second, that are known: as near-duplicates, and as none."""
    with open_readonly(catalog) as connection:
        known = fetch_with_incoming(
            connection,
            "select least(a.place, b.place) as first, greatest(a.place, b.place) as second, similarity"
            " from store.similarities join incoming a on a.key_hi = a_hi and a.key_lo = a_lo"
            " join incoming b on b.key_hi = b_hi and b.key_lo = b_lo where candidate",
            _keys_in_place(keys),
        )
    pairs = np.column_stack([known["first"], known["second"]]).astype(np.int64)
    near = known["similarity"] >= THRESHOLD
    return pairs[near], pairs[~near]


def _keys_in_place(keys: UInt64) -> dict[str, Any]:
    """Columns of the keys and their positions."""
    return {"key_hi": keys[:, 0], "key_lo": keys[:, 1], "place": np.arange(len(keys))}


def _lesser_first(keys: UInt64, pairs: UInt32 | Int64) -> UInt64:
    """Two keys side by side (m, 4) for each pair of positions in `keys`."""
    a, b = keys[pairs[:, 0]], keys[pairs[:, 1]]
    swap = (b[:, 0] < a[:, 0]) | ((b[:, 0] == a[:, 0]) & (b[:, 1] < a[:, 1]))
    a[swap], b[swap] = b[swap], a[swap]
    return np.hstack([a, b])


def _live(catalog: Path, keys: UInt64) -> Int64:
    """Positions of the keys that some document has, in order: fragments keep texts whose files are gone."""
    if not len(keys):
        return np.empty(0, np.int64)
    with open_readonly(catalog) as connection:
        live = fetch_with_incoming(
            connection,
            "select distinct i.place from store.documents join store.whole using (file)"
            " join incoming i using (key_hi, key_lo)",
            _keys_in_place(keys),
        )
    return np.sort(live["place"])


def _unknown(catalog: Path, pairs: UInt64) -> npt.NDArray[np.bool_]:
    """Which pairs are to be verified: those that are not, or only estimated for want of a file that may be back."""
    unknown = np.ones(len(pairs), bool)
    if not len(pairs):
        return unknown
    with open_readonly(catalog) as connection:
        if fetch_one(connection, "select count(*) from store.similarities") != (0,):
            known = fetch_with_incoming(
                connection,
                "select i.place from store.similarities join incoming i using (a_hi, a_lo, b_hi, b_lo)"
                " where candidate and how <> 'estimate_file_gone'",
                end_columns(pairs) | {"place": np.arange(len(pairs))},
            )
            unknown[known["place"]] = False
    return unknown


def verify_pairs(catalog: Path, names: Sequence[str], pairs: UInt64, verifier: Verifier, notify: Notify) -> Verified:
    """Similarities of the pairs (m, 4), whose texts are in the fragments of these names."""
    fragments = Fragments(catalog, names)
    keys, _ = unique(pairs.reshape(-1, 2))
    numbers = fragments.find(keys)
    places = positions(keys, pairs.reshape(-1, 2)).reshape(-1, 2).astype(np.uint32)
    begins = range(0, len(pairs), PAIRS_AT_ONCE)
    estimates = [_estimates(fragments, numbers, places[begin : begin + PAIRS_AT_ONCE]) for begin in begins]
    return _verified(verifier, pairs, np.concatenate([np.empty(0), *estimates]), notify)


def _estimates(fragments: Fragments, numbers: Int64, pairs: UInt32) -> Float64:
    """Estimated similarities of pairs (m, 2) of texts, given by position in the numbers of texts."""
    used = np.zeros(len(numbers), bool)
    used[pairs] = True
    return estimate(fragments.signatures_of(numbers[used]), (np.cumsum(used) - 1)[pairs])


def _verified(verifier: Verifier, pairs: UInt64, estimates: Float64, notify: Notify) -> Verified:
    """Exact similarities of the pairs whose estimate is on the borderline, the estimates of the others."""
    how = np.full(len(pairs), HOW.index("estimate"), np.uint8)
    borderline = np.flatnonzero((estimates >= BORDERLINE[0]) & (estimates <= BORDERLINE[1]))
    if len(borderline):
        notify(f"reading {len(borderline):,} borderline pairs again")
        exact = verifier.similarities(pairs[borderline])
        gone = np.isnan(exact)
        how[borderline] = np.where(gone, HOW.index("estimate_file_gone"), HOW.index("reread"))
        estimates[borderline[~gone]] = exact[~gone]
    return Verified(pairs, estimates, how)


def end_columns(pairs: UInt64) -> dict[str, Any]:
    """Pairs (m, 4) as columns named by `ENDS`."""
    return dict(zip(ENDS, pairs.T, strict=True))


def store_similarities(connection: duckdb.DuckDBPyConnection, verified: Verified, *, candidate: bool) -> None:
    """Store verified pairs; groups of their texts are to be derived anew if they may link them."""
    columns = end_columns(verified.pairs)
    if fetch_one(connection, "select count(*) from store.similarities where how = 'estimate_file_gone'") != (0,):
        with_incoming(connection, _FORGET_ESTIMATES, columns)
    how = named_column(verified.how, HOW)
    columns |= {"similarity": verified.similarity, "how": how, "candidate": np.full(len(verified.how), candidate)}
    with_incoming(connection, "insert into store.similarities by name select * from incoming", columns)
    if candidate:
        ends, _ = unique(verified.pairs.reshape(-1, 2))
        with_incoming(
            connection,
            "insert into store.disturbed by name select key_hi, key_lo from incoming",
            {"key_hi": ends[:, 0], "key_lo": ends[:, 1]},
        )


_ALL_PROBED: Final = "update store.fragments set probed = true where not probed"

_FORGET_ESTIMATES: Final = """
delete from store.similarities old using incoming i where old.how = 'estimate_file_gone'
and old.a_hi = i.a_hi and old.a_lo = i.a_lo and old.b_hi = i.b_hi and old.b_lo = i.b_lo"""
