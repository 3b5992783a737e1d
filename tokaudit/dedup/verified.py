"""Pairs of texts and how alike they are: estimated, read again where that does not decide, and stored, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.signatures import Fragments
from tokaudit.catalog.statements import fetch_one, fetch_with_incoming, key_columns, with_incoming
from tokaudit.core.arrow import named_column
from tokaudit.core.progress import Notify
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Float64, Int64, UInt32, UInt64
from tokaudit.dedup.candidates import PAIRS_AT_ONCE
from tokaudit.dedup.estimates import Estimates
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.fingerprints.minhash import THRESHOLD

BORDERLINE: Final = (0.65, 0.95)
"""Estimates in this range are verified by reading the texts again; outside, the 128 values of the signatures decide."""

ENDS: Final = ("a_hi", "a_lo", "b_hi", "b_lo")
"""Columns of the two keys of a pair."""

SETTLED_AT_ONCE: Final = 2_000_000
"""Pairs that are verified and stored at once: each takes some 300 bytes meanwhile."""

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


def verify_pairs(catalog: Path, names: Sequence[str], pairs: UInt64, verifier: Verifier, notify: Notify) -> Verified:
    """Similarities of the pairs (m, 4), whose texts are in the fragments of these names."""
    if not len(pairs):
        return Verified(pairs, np.empty(0), np.empty(0, np.uint8))
    fragments = Fragments(catalog, names)
    keys, _ = unique(pairs.reshape(-1, 2))
    numbers = fragments.find(keys)
    places = positions(keys, pairs.reshape(-1, 2)).reshape(-1, 2).astype(np.uint32)
    with Estimates(catalog, fragments, numbers) as estimates:
        begins = range(0, len(pairs), PAIRS_AT_ONCE)
        estimated = np.concatenate([estimates.of(places[begin : begin + PAIRS_AT_ONCE]) for begin in begins])
    return _verified(verifier, keys, places, estimated, notify)


def _verified(verifier: Verifier, keys: UInt64, pairs: UInt32 | Int64, estimates: Float64, notify: Notify) -> Verified:
    """Exact similarities of the pairs whose estimate is on the borderline, the estimates of the others.

    Args:
        verifier: reads texts again.
        keys: of texts.
        pairs: by position in the keys, (m, 2).
        estimates: theirs, which are filled in where they are not exact.
        notify: told what is being done.
    """
    how = np.full(len(pairs), HOW.index("estimate"), np.uint8)
    borderline = np.flatnonzero((estimates >= BORDERLINE[0]) & (estimates <= BORDERLINE[1]))
    if len(borderline):
        notify(f"reading {len(borderline):,} borderline pairs again")
        exact = verifier.similarities(keys, pairs[borderline])
        gone = np.isnan(exact)
        how[borderline] = np.where(gone, HOW.index("estimate_file_gone"), HOW.index("reread"))
        estimates[borderline[~gone]] = exact[~gone]
    return Verified(_lesser_first(keys, pairs), estimates, how)


def _lesser_first(keys: UInt64, pairs: UInt32 | Int64) -> UInt64:
    """Two keys side by side (m, 4) for each pair of positions in `keys`."""
    a, b = keys[pairs[:, 0]], keys[pairs[:, 1]]
    swap = (b[:, 0] < a[:, 0]) | ((b[:, 0] == a[:, 0]) & (b[:, 1] < a[:, 1]))
    a[swap], b[swap] = b[swap], a[swap]
    return np.hstack([a, b])


def end_columns(pairs: UInt64) -> dict[str, Any]:
    """Pairs (m, 4) as columns named by `ENDS`."""
    return dict(zip(ENDS, pairs.T, strict=True))


def store_similarities(
    connection: duckdb.DuckDBPyConnection, verified: Verified, *, candidate: bool, again: bool = False
) -> None:
    """Store verified pairs.

    Args:
        connection: in a transaction.
        verified: pairs that are not stored, or only estimated for want of a file.
        candidate: whether they may link their texts.
        again: whether some of them may be stored.
    """
    if not len(verified.pairs):
        return
    columns = end_columns(verified.pairs)
    if again:
        with_incoming(connection, _FORGET_ESTIMATES, columns)
    how = named_column(verified.how, HOW)
    columns |= {"similarity": verified.similarity, "how": how, "candidate": np.full(len(verified.how), candidate)}
    with_incoming(connection, "insert into store.similarities by name select * from incoming", columns)


_FORGET_ESTIMATES: Final = """
delete from store.similarities old using incoming i where old.how = 'estimate_file_gone'
and old.a_hi = i.a_hi and old.a_lo = i.a_lo and old.b_hi = i.b_hi and old.b_lo = i.b_lo"""


class PairStore:
    """Verifies pairs of texts and stores them.

    Args:
        catalog: the DuckDB file.
        keys: of the texts, (n, 2).
        verifier: reads texts again.
        notify: told what is being done.
    """

    def __init__(self, catalog: Path, keys: UInt64, verifier: Verifier, notify: Notify) -> None:
        self._catalog = catalog
        self._keys = keys
        self._verifier = verifier
        self._notify = notify
        self._any_known: bool | None = None  # of what was stored before
        self._any_gone = False  # likewise, of files that were not there
        self._disturbed = np.zeros(len(keys), bool)  # which texts are stored as such

    def unknown(self, pairs: UInt32) -> Int64:
        """Which pairs are to be verified: those that were not, or only estimated for want of a file that may be back.

        What was verified since this began is taken for unknown.
        """
        unknown = np.ones(len(pairs), bool)
        if len(pairs) and self._any_known is not False:
            with open_readonly(self._catalog) as connection:
                self._look_back(connection)
                if self._any_known:
                    columns = end_columns(_lesser_first(self._keys, pairs)) | {"place": np.arange(len(pairs))}
                    unknown[fetch_with_incoming(connection, _KNOWN, columns)["place"]] = False
        return np.flatnonzero(unknown)

    def verify_and_store(self, pairs: UInt32 | Int64, estimates: Float64, *, all_probed: bool) -> npt.NDArray[np.bool_]:
        """Verify and store pairs of texts, in one transaction; returns whether each is near.

        Args:
            pairs: by position in the keys, not known.
            estimates: theirs.
            all_probed: whether these are the last, so that all texts are compared.
        """
        verified = _verified(self._verifier, self._keys, pairs, estimates, self._notify)
        near = verified.similarity >= THRESHOLD
        disturbed = np.zeros(len(self._keys), bool)
        with write_transaction(self._catalog) as connection:
            self._look_back(connection)
            store_similarities(connection, verified, candidate=True, again=self._any_gone)
            # What replaces an estimate may undo a link; else only what is a link changes a group.
            disturbed[pairs if self._any_gone else pairs[near]] = True
            disturbed &= ~self._disturbed
            if disturbed.any():
                with_incoming(connection, _DISTURB, key_columns(self._keys[disturbed]))
            if all_probed:
                connection.execute(ALL_PROBED)
        self._disturbed |= disturbed
        return near

    def _look_back(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Learn what was stored before the first pairs of these."""
        if self._any_known is None:
            self._any_known, self._any_gone = fetch_one(connection, _ANY_KNOWN)


ALL_PROBED: Final = "update store.fragments set probed = true where not probed"

_DISTURB: Final = "insert into store.disturbed by name select key_hi, key_lo from incoming"

_ANY_KNOWN: Final = """
select count(*) > 0, count(*) filter (how = 'estimate_file_gone') > 0 from store.similarities"""

_KNOWN: Final = """
select i.place from store.similarities join incoming i using (a_hi, a_lo, b_hi, b_lo)
where candidate and how <> 'estimate_file_gone'"""
