"""Similarities of pairs of texts: estimated, re-read where the estimate does not decide, and stored once."""

from collections.abc import Callable, Sequence
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
from tokaudit.core.units import format_number_of
from tokaudit.dedup.candidates import PAIRS_AT_ONCE
from tokaudit.dedup.estimates import Estimates
from tokaudit.dedup.renumber import renumbered
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.fingerprints.minhash import THRESHOLD

BORDERLINE: Final = (0.65, 0.95)
"""Estimates in this range are verified by re-reading the texts. Outside it, the estimate (of 128 values) decides."""

ENDS: Final = ("a_hi", "a_lo", "b_hi", "b_lo")
"""Columns with the two keys of a pair."""

SETTLED_AT_ONCE: Final = 1_000_000
"""Pairs that are verified and stored at once: about 300 bytes each."""

HOW: Final = ("estimate", "reread", "estimate_file_gone")
"""How a similarity was found."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Similarities of pairs of texts.

    Attributes:
        pairs: the two keys of each pair in a row, the lesser first: (m, 4).
        similarity: Jaccard similarity of their sets of shingles.
        how: index in `HOW`.
    """

    pairs: UInt64
    similarity: Float64
    how: npt.NDArray[np.uint8]


def verify_pairs(catalog: Path, names: Sequence[str], pairs: UInt64, verifier: Verifier, notify: Notify) -> Verified:
    """Similarities of pairs (m, 4); NaN where a text is gone and has no signature in the named fragments."""
    if not len(pairs):
        return Verified(pairs, np.empty(0), np.empty(0, np.uint8))
    fragments = Fragments(catalog, names)
    keys, _ = unique(pairs.reshape(-1, 2))
    numbers = fragments.find(keys)
    places = positions(keys, pairs.reshape(-1, 2)).reshape(-1, 2).astype(np.uint32)
    estimated = np.full(len(pairs), np.nan)
    signed = np.flatnonzero((numbers[places] >= 0).all(axis=1))
    with Estimates(catalog, fragments, numbers) as estimates:
        for begin in range(0, len(signed), PAIRS_AT_ONCE):
            some = signed[begin : begin + PAIRS_AT_ONCE]
            estimated[some] = estimates.of(places[some])
    return _verified(verifier, keys, places, estimated, notify)


def _verified(verifier: Verifier, keys: UInt64, pairs: UInt32 | Int64, estimates: Float64, notify: Notify) -> Verified:
    """Exact similarities of borderline pairs, and the estimates of the others.

    Args:
        verifier: compares texts and re-reads them.
        keys: keys of texts.
        pairs: pairs of positions in `keys`, (m, 2).
        estimates: estimates of the pairs, NaN where there is none; these and borderline ones are overwritten with exact
            similarities.
        notify: receives short progress messages.
    """
    how = np.full(len(pairs), HOW.index("estimate"), np.uint8)
    borderline = np.flatnonzero(~((estimates < BORDERLINE[0]) | (estimates > BORDERLINE[1])))  # NaN, too
    if len(borderline):
        notify(f"re-reading the texts of {format_number_of(len(borderline), 'borderline pair')}")
        exact = verifier.similarities(keys, pairs[borderline])
        gone = np.isnan(exact)
        how[borderline] = np.where(gone, HOW.index("estimate_file_gone"), HOW.index("reread"))
        estimates[borderline[~gone]] = exact[~gone]
    return Verified(_lesser_first(keys, pairs), estimates, how)


def _lesser_first(keys: UInt64, pairs: UInt32 | Int64) -> UInt64:
    """The two keys of each pair of positions in `keys`, the lesser first: (m, 4)."""
    a, b = keys[pairs[:, 0]], keys[pairs[:, 1]]
    swap = (b[:, 0] < a[:, 0]) | ((b[:, 0] == a[:, 0]) & (b[:, 1] < a[:, 1]))
    a[swap], b[swap] = b[swap], a[swap]
    return np.hstack([a, b])


def end_columns(pairs: UInt64) -> dict[str, Any]:
    """Pairs (m, 4) as the columns `ENDS`."""
    return dict(zip(ENDS, pairs.T, strict=True))


def store_similarities(
    connection: duckdb.DuckDBPyConnection, verified: Verified, *, candidate: bool, again: bool = False
) -> None:
    """Store verified pairs, except those of which nothing is known.

    Args:
        connection: a connection in a transaction.
        verified: pairs that are not stored, or stored as estimates because a file was gone.
        candidate: whether the pairs may link their texts.
        again: whether some of the pairs may be stored already.
    """
    known = ~np.isnan(verified.similarity)
    verified = Verified(verified.pairs[known], verified.similarity[known], verified.how[known])
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
        texts: number of texts.
        keys_of: gives the keys (n, 2) of texts whose positions are in order, so that they may be on disk.
        verifier: compares texts and re-reads them.
        notify: receives short progress messages.
    """

    def __init__(
        self, catalog: Path, texts: int, keys_of: Callable[[Int64], UInt64], verifier: Verifier, notify: Notify
    ) -> None:
        self._catalog = catalog
        self._keys_of = keys_of
        self._verifier = verifier
        self._notify = notify
        self._any_known: bool | None = None  # whether pairs were stored before; None until looked up
        self._any_gone = False  # whether some of them are estimates because a file was gone
        self._disturbed = np.zeros(texts, bool)  # texts that are in `store.disturbed`

    def unknown(self, pairs: UInt32) -> Int64:
        """Indexes of the pairs to verify: pairs not stored, or stored as estimates because a file was gone.

        Pairs that this store has verified itself also count as unknown.
        """
        unknown = np.ones(len(pairs), bool)
        if len(pairs) and self._any_known is not False:
            with open_readonly(self._catalog) as connection:
                self._look_back(connection)
                if self._any_known:
                    keys, places = self._keys_in(pairs)
                    columns = end_columns(_lesser_first(keys, places)) | {"place": np.arange(len(pairs))}
                    unknown[fetch_with_incoming(connection, _KNOWN, columns)["place"]] = False
        return np.flatnonzero(unknown)

    def verify(self, pairs: UInt32 | Int64, estimates: Float64) -> Verified:
        """Similarities of pairs of texts; the arguments are those of `verify_and_store`."""
        return _verified(self._verifier, *self._keys_in(pairs), estimates, self._notify)

    def verify_and_store(self, pairs: UInt32 | Int64, estimates: Float64, *, all_probed: bool) -> npt.NDArray[np.bool_]:
        """Verify and store pairs of texts in one transaction; returns whether each is a near-duplicate.

        Args:
            pairs: unknown pairs of positions of texts, (m, 2).
            estimates: their estimated similarities.
            all_probed: whether these are the last pairs, so that all texts are then compared.
        """
        verified = self.verify(pairs, estimates)
        near = verified.similarity >= THRESHOLD
        disturbed = np.zeros(len(self._disturbed), bool)
        with write_transaction(self._catalog) as connection:
            self._look_back(connection)
            store_similarities(connection, verified, candidate=True, again=self._any_gone)
            # A pair that replaces an estimate may undo a link. Otherwise only links change a group.
            disturbed[pairs if self._any_gone else pairs[near]] = True
            disturbed &= ~self._disturbed
            if disturbed.any():
                with_incoming(connection, _DISTURB, key_columns(self._keys_of(np.flatnonzero(disturbed))))
            if all_probed:
                connection.execute(ALL_PROBED)
        self._disturbed |= disturbed
        return near

    def _keys_in(self, pairs: UInt32 | Int64) -> tuple[UInt64, UInt32]:
        """The keys of the texts of some pairs, and the pairs of positions in these."""
        texts, places = renumbered(pairs, len(self._disturbed))
        return self._keys_of(texts), places

    def _look_back(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Look up, once, what was stored before the first pairs."""
        if self._any_known is None:
            self._any_known, self._any_gone = fetch_one(connection, _ANY_KNOWN)


ALL_PROBED: Final = "update store.fragments set probed = true where not probed"

_DISTURB: Final = "insert into store.disturbed by name select key_hi, key_lo from incoming"

_ANY_KNOWN: Final = """
select count(*) > 0, count(*) filter (how = 'estimate_file_gone') > 0 from store.similarities"""

_KNOWN: Final = """
select i.place from store.similarities join incoming i using (a_hi, a_lo, b_hi, b_lo)
where candidate and how <> 'estimate_file_gone'"""
