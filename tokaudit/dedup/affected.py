"""Which texts are to be grouped anew, and in which parts: each part holds whole groups, and is worked on by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.catalog.statements import (
    batches_with_incoming,
    fetch_one,
    fetch_with_incoming,
    key_columns,
    keys_in,
    statement,
)
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Int64, UInt64
from tokaudit.dedup.components import roots_of
from tokaudit.dedup.reader import Reader
from tokaudit.dedup.spilled import Spilled

_STALE_AT_ONCE: Final = 3_000_000
"""Texts that something happened to and are looked at at once: some 100 bytes each."""

_AFFECTED_AT_ONCE: Final = 1_000_000
"""Texts to be grouped anew that DuckDB looks for at once: some 100 bytes each."""

_LINKS_AT_ONCE: Final = 500_000
"""Links that are numbered at once: some 100 bytes each."""

DOCUMENTS_AT_ONCE: Final = 1_000_000
"""Documents whose groups are made anew at once, unless one group has more: some 200 bytes each."""


@dataclass(frozen=True, slots=True)
class Affected:
    """Texts whose groups are to be made anew, with all texts of each of these groups.

    Attributes:
        keys: theirs, (n, 2), in order.
        documents: how many each has.
        rows_to: documents from this number on were in no group that was derived before.
    """

    keys: UInt64
    documents: Int64
    rows_to: int


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the affected texts: whole groups.

    Attributes:
        keys: theirs, (n, 2), in order.
        links: pairs of them (m, 2), by position in the keys, that are near-duplicates.
    """

    keys: UInt64
    links: Int64


def affected_texts(reader: Reader) -> Affected:
    """Texts in groups that something happened to: those of new documents, and of the texts in ``store.disturbed``."""
    new_from, rows_to, stale = fetch_one(reader.connection(), _STALE)
    nothing_derived = not new_from and not rows_to  # so that of all links and copies none has to be looked for
    found = [np.empty((0, 2), np.uint64)]
    if nothing_derived and stale:
        found.append(keys_in(reader.connection().execute(_ALL_LINKED).fetchnumpy()))
    for low, high in _ranges(stale):
        if nothing_derived:
            range_of = {"low": low, "high": high}
            found.append(keys_in(reader.connection().execute(statement("shared_texts"), range_of).fetchnumpy()))
        else:
            found += _affected_between(reader, low, high, new_from)
    keys, _ = unique(np.concatenate(found))
    if rows_to:  # links that are gone held groups together as they were
        members = [_found_for(reader, "texts_of_groups", part) for part in _slices(keys)]
        keys, _ = unique(np.concatenate([keys, *members]))
    documents = np.concatenate([np.empty(0, np.int64), *(_count_documents(reader, part) for part in _slices(keys))])
    return Affected(keys[documents > 0], documents[documents > 0], rows_to)


def _ranges(texts: int) -> Iterator[tuple[int, int]]:
    """The first halves of all keys in ranges, from and to, that have some `_STALE_AT_ONCE` of so many texts each."""
    count = -(-texts // _STALE_AT_ONCE)
    for number in range(count):
        yield (number << 64) // count, (number + 1 << 64) // count - 1


def _affected_between(reader: Reader, low: int, high: int, new_from: int) -> Iterator[UInt64]:
    """Texts of a range of keys that something happened to and that may be in a group, and those linked to them.

    Most are like no other: they are left out.
    """
    range_of = {"low": low, "high": high, "new_from": new_from}
    stale = reader.connection().execute(statement("stale_texts"), range_of).fetchnumpy()
    keys = keys_in(stale)
    if not len(keys):
        return
    chosen = np.asarray(stale["documents"]) != 1
    linked = fetch_with_incoming(reader.connection(), _LINKED, key_columns(keys))["place"]
    chosen[linked] = True
    older = fetch_with_incoming(reader.connection(), _OLDER, key_columns(keys), {"new_from": new_from})["place"]
    chosen[older] = True
    if len(linked):
        yield _found_for(reader, "linked_texts", keys[linked])
    yield keys[chosen]


def _found_for(reader: Reader, name: str, keys: UInt64) -> UInt64:
    """The keys (n, 2) that a statement finds for those given."""
    return keys_in(fetch_with_incoming(reader.connection(), statement(name), key_columns(keys)))


def _slices(keys: UInt64) -> Iterator[UInt64]:
    for begin in range(0, len(keys), _AFFECTED_AT_ONCE):
        yield keys[begin : begin + _AFFECTED_AT_ONCE]


def _count_documents(reader: Reader, keys: UInt64) -> Int64:
    """How many documents have each of the texts."""
    found = fetch_with_incoming(reader.connection(), _DOCUMENTS, key_columns(keys))
    documents = np.zeros(len(keys), np.int64)
    documents[found["place"]] = found["documents"]
    return documents


def parts(reader: Reader, affected: Affected, links: Spilled) -> Iterator[Part]:
    """The affected texts in parts of some `DOCUMENTS_AT_ONCE` documents; texts that hang together are in one.

    Args:
        reader: of the catalog.
        affected: texts.
        links: filled with pairs of them.
    """
    keys = affected.keys
    for begin, some in zip(range(0, len(keys), _AFFECTED_AT_ONCE), _slices(keys), strict=True):
        for batch in batches_with_incoming(reader.connection(), _LINKS, key_columns(some), _LINKS_AT_ONCE):
            second = positions(keys, np.column_stack([batch["b_hi"], batch["b_lo"]]).view(np.uint64))
            pairs = np.column_stack([begin + batch["place"], second])
            links.append(pairs[second >= 0].astype(np.uint32))
    part = _parts_of(roots_of(len(keys), (pairs.astype(np.int64) for pairs in links)), affected.documents)
    for number in np.flatnonzero(np.bincount(part)):
        yield _part(keys, part == number, links)


def _part(keys: UInt64, inside: npt.NDArray[np.bool_], links: Spilled) -> Part:
    place = np.cumsum(inside, dtype=np.uint32) - np.uint32(1)
    linked = [place[pairs[inside[pairs[:, 0]]]] for pairs in links]
    return Part(keys[inside], np.concatenate([np.empty((0, 2), np.int64), *linked]))


def _parts_of(roots: Int64, documents: Int64) -> Int64:
    """For each text, given the least of its group and its number of documents, the number of its part."""
    of_group = np.bincount(roots, documents, len(roots)).astype(np.int64)
    before = np.cumsum(of_group) - of_group
    part: Int64 = (before // DOCUMENTS_AT_ONCE)[roots]
    return part


_STALE: Final = """
select (select new_from from store.derived),
       (select coalesce(max(greatest(document, kept)) + 1, 0) from store.uncounted),
       (select count(*) from store.documents where document >= (select new_from from store.derived))
       + (select count(*) from store.disturbed)"""

_ALL_LINKED: Final = """
select a_hi as key_hi, a_lo as key_lo from store.links union select b_hi, b_lo from store.links"""

_LINKED: Final = """
select i.place from incoming i semi join
(select a_hi as key_hi, a_lo as key_lo from store.links union all select b_hi, b_lo from store.links)
using (key_hi, key_lo)"""

_OLDER: Final = """
select i.place from incoming i semi join
(from store.documents semi join store.whole using (file) where document < $new_from) using (key_hi, key_lo)"""

_DOCUMENTS: Final = """
select i.place, count(*) as documents
from store.documents semi join store.whole using (file) join incoming i using (key_hi, key_lo) group by i.place"""

_LINKS: Final = """
select i.place, l.b_hi, l.b_lo from store.links l join incoming i on i.key_hi = l.a_hi and i.key_lo = l.a_lo"""
