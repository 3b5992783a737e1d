"""Finding near-duplicates: new texts are compared with all texts, and each pair is verified and stored once."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import xxhash

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.signatures import Fragments
from tokaudit.catalog.statements import fetch_with_incoming, key_columns, with_incoming
from tokaudit.core.engine import Engine, LocalEngine, ShareDone
from tokaudit.core.progress import Notify
from tokaudit.core.stage_key import stage_key
from tokaudit.core.types import Float64, Int64, UInt32, UInt64
from tokaudit.dedup.candidates import PAIRS_AT_ONCE, key_ranges
from tokaudit.dedup.estimates import Estimates
from tokaudit.dedup.large_buckets import ROUNDS, cross_component_pairs
from tokaudit.dedup.named_arrays import NamedArrays
from tokaudit.dedup.proposed_pairs import PairsTask, ProposedPairs, read_proposed
from tokaudit.dedup.to_compare import TextsToCompare, texts_to_compare
from tokaudit.dedup.verified import (
    ALL_PROBED,
    BORDERLINE,
    SETTLED_AT_ONCE,
    PairStore,
)
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.fingerprints.minhash import BANDS, THRESHOLD, estimate

_TEXTS_AT_ONCE: Final = 1_000_000
"""Texts whose bands are collected at once: 64 bytes each."""

_THREADS: Final = 1
_AHEAD: Final = 0
"""One task at a time, and the next when its result is taken: a task has the signatures of `PAIRS_AT_ONCE` in memory."""


def compare_texts(
    catalog: Path, names: dict[str, bool], verifier: Verifier, notify: Notify, engine: Engine | None = None
) -> None:
    """Compare the texts of fragments that are not probed yet with all others; store the pairs and mark them probed.

    Pairs are stored in batches. After an interruption, the stored ones are not verified again.

    Args:
        catalog: the DuckDB file, owned by the caller; an absolute path, since tasks may run elsewhere.
        names: fragment -> whether it is probed.
        verifier: compares texts and re-reads them.
        notify: receives short progress messages.
        engine: runs the stages `shared` and `pairs`; None: threads of this process.
    """
    notify("looking for near-duplicates")
    fragments, new = _new_first(catalog, names)
    large_buckets: list[Int64] = []
    with texts_to_compare(catalog, fragments, new, engine) as texts:
        if not texts.new:
            with write_transaction(catalog) as connection:
                connection.execute(ALL_PROBED)
            return
        store = PairStore(catalog, len(texts.numbers), texts.keys_of, verifier, notify)
        on = engine or LocalEngine(_THREADS, _AHEAD)
        for pairs, estimates, last in _proposed(catalog, fragments, texts, large_buckets, store, on):
            store.verify_and_store(pairs, estimates, all_probed=last and not large_buckets)
        if large_buckets:
            _compare_large_buckets(catalog, fragments, texts, large_buckets, store)


def run_stages(catalog: Path, names: dict[str, bool], verifier: Verifier, notify: Notify, engine: Engine) -> None:
    """Run the stages of a comparison for the sake of their results, which the engine keeps; nothing is stored.

    Texts of large buckets are not read again: which of their pairs are compared depends on those compared before.

    Args:
        catalog: the DuckDB file, which is only read; an absolute path.
        names: fragment -> whether it is probed.
        verifier: re-reads texts on the same engine.
        notify: receives short progress messages.
        engine: runs the stages, or raises `ShareDone` once it has done what it is for.
    """
    fragments, new = _new_first(catalog, names)
    with suppress(ShareDone), texts_to_compare(catalog, fragments, new, engine) as texts:
        store = PairStore(catalog, len(texts.numbers), texts.keys_of, verifier, notify)
        for pairs, estimates, _ in _proposed(catalog, fragments, texts, [], store, engine):
            with suppress(ShareDone):
                store.verify(pairs, estimates)


def _new_first(catalog: Path, names: dict[str, bool]) -> tuple[Fragments, int]:
    """The fragments, those not probed first, and how many texts these have."""
    unprobed = [name for name, probed in names.items() if not probed]
    probed = [name for name, probed in names.items() if probed]
    return Fragments(catalog, unprobed + probed), len(Fragments(catalog, unprobed))


def _proposed(
    catalog: Path,
    fragments: Fragments,
    texts: TextsToCompare,
    large_buckets: list[Int64],
    store: PairStore,
    engine: Engine,
) -> Iterator[tuple[UInt32, Float64, bool]]:
    """Batches of pairs that may be near and are not known, their estimates, and whether the batch is the last.

    Fills `large_buckets` with the texts of each large bucket.
    """
    for pairs, estimates, last in _batches(catalog, fragments, texts, large_buckets, engine):
        unknown = store.unknown(pairs)
        if len(unknown) < len(pairs):
            pairs, estimates = pairs[unknown], estimates[unknown]  # noqa: PLW2901 - frees the known ones
        yield pairs, estimates, last


def _batches(
    catalog: Path, fragments: Fragments, texts: TextsToCompare, large_buckets: list[Int64], engine: Engine
) -> Iterator[tuple[UInt32, Float64, bool]]:
    """Batches as `_proposed` yields them, with the known pairs."""
    waiting, estimates = [np.empty((0, 2), np.uint32)], [np.empty(0)]
    count = 0
    with (
        NamedArrays(catalog) as columns,
        Estimates(catalog, fragments, texts.numbers) as estimator,
        engine.map(ProposedPairs(), _tasks(catalog, fragments, texts, columns, estimator)) as results,
    ):
        for result in results:
            for pairs, estimated in read_proposed(result, large_buckets):
                waiting.append(pairs)
                estimates.append(estimated)
                count += len(pairs)
                if count > SETTLED_AT_ONCE - PAIRS_AT_ONCE:
                    full = np.concatenate(waiting), np.concatenate(estimates)
                    waiting, estimates, count = waiting[:1], estimates[:1], 0
                    yield *full, False
                    del full
    yield np.concatenate(waiting), np.concatenate(estimates), True


def _tasks(
    catalog: Path, fragments: Fragments, texts: TextsToCompare, columns: NamedArrays, estimates: Estimates
) -> Iterator[PairsTask]:
    """The tasks, by band and range of keys, after the texts' band keys are written to `columns`."""
    for _ in range(BANDS):
        columns.reserve(np.uint32, texts.numbers.shape)
    for begin in range(0, len(texts.numbers), _TEXTS_AT_ONCE):
        bands = fragments.bands_of(texts.numbers[begin : begin + _TEXTS_AT_ONCE].astype(np.int64))
        for band in range(BANDS):
            columns.fill(band, begin, bands[:, band])
    digest = stage_key("texts", fragments.names, xxhash.xxh3_128_hexdigest(texts.numbers.data))
    for band in range(BANDS):
        for keys in key_ranges(len(texts.numbers)):
            yield PairsTask(catalog, columns, estimates, digest, texts.new, band, keys, BORDERLINE[0])


def _compare_large_buckets(
    catalog: Path, fragments: Fragments, texts: TextsToCompare, large_buckets: Sequence[Int64], store: PairStore
) -> None:
    """Verify and store enough pairs of large buckets to form the same groups as all pairs; mark all texts probed.

    Each pair to try depends on the groups that those before have formed, so one process tries them. That takes about
    400 bytes per text of a large bucket, and none for all others.
    """
    members = np.unique(np.concatenate(large_buckets))
    keys, new = texts.keys_of(members), int(np.searchsorted(members, texts.new))
    signatures = fragments.signatures_of(texts.numbers[members].astype(np.int64))
    buckets = [np.searchsorted(members, bucket) for bucket in large_buckets]
    rows = _rows(catalog, keys)
    links, failed = _known_between(catalog, keys)
    for least, tries in ROUNDS:
        found = cross_component_pairs(buckets, rows, links, failed, signatures, new, least, tries)
        for begin in range(0, len(found), SETTLED_AT_ONCE):
            pairs = found[begin : begin + SETTLED_AT_ONCE]
            near = store.verify_and_store(members[pairs], estimate(signatures, pairs), all_probed=False)
            links, failed = np.concatenate([links, pairs[near]]), np.concatenate([failed, pairs[~near]])
    with write_transaction(catalog) as connection:
        with_incoming(
            connection,
            "insert into store.crowded by name select key_hi, key_lo from incoming"
            " anti join store.crowded using (key_hi, key_lo)",
            key_columns(keys),
        )
        connection.execute(ALL_PROBED)


def _rows(catalog: Path, keys: UInt64) -> list[Int64]:
    """Positions of the keys with a document in each source, then in each domain, then all; equal rows once."""
    with open_readonly(catalog) as connection:
        found = fetch_with_incoming(
            connection,
            "select distinct i.place, dense_rank() over (order by f.source) as source,"
            " dense_rank() over (order by s.domain) as domain"
            " from store.documents join store.whole f using (file) join store.sources s using (source)"
            " join incoming i using (key_hi, key_lo)",
            key_columns(keys),
        )
    rows = []
    for row in (found["source"], found["domain"]):
        order = np.argsort(row, kind="stable")
        rows += [np.unique(part) for part in np.split(found["place"][order], np.flatnonzero(np.diff(row[order])) + 1)]
    rows.append(np.arange(len(keys)))
    return list({row.tobytes(): row for row in rows}.values())


def _known_between(catalog: Path, keys: UInt64) -> tuple[Int64, Int64]:
    """Known pairs of positions (m, 2), first < second: the near-duplicates, then the pairs that are not."""
    with open_readonly(catalog) as connection:
        known = fetch_with_incoming(
            connection,
            "select least(a.place, b.place) as first, greatest(a.place, b.place) as second, similarity"
            " from store.similarities join incoming a on a.key_hi = a_hi and a.key_lo = a_lo"
            " join incoming b on b.key_hi = b_hi and b.key_lo = b_lo where candidate",
            key_columns(keys),
        )
    pairs = np.column_stack([known["first"], known["second"]]).astype(np.int64)
    near = known["similarity"] >= THRESHOLD
    return pairs[near], pairs[~near]
