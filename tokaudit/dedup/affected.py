"""Texts to regroup, split into parts. A part contains whole groups and is processed by itself.

Which texts are connected is found here, in one process: it takes about 50 bytes per text that has a duplicate, and
none for all others.
"""

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
from tokaudit.core.text_keys import positions, ranges_of_keys, unique
from tokaudit.core.types import Int64, UInt64
from tokaudit.dedup.components import roots_of
from tokaudit.dedup.reader import Reader
from tokaudit.dedup.spilled import Spilled

_STALE_AT_ONCE: Final = 3_000_000
"""Changed texts that are examined at once: about 100 bytes each."""

_AFFECTED_AT_ONCE: Final = 1_000_000
"""Texts to regroup that DuckDB looks up at once: about 100 bytes each."""

_LINKS_AT_ONCE: Final = 500_000
"""Links that are numbered at once: about 100 bytes each."""

DOCUMENTS_AT_ONCE: Final = 1_000_000
"""Documents that are regrouped at once, unless a single group has more: about 200 bytes each."""


@dataclass(frozen=True, slots=True)
class Affected:
    """Texts to regroup: all texts of every group that changed.

    Attributes:
        keys: keys of the texts, (n, 2), in order.
        documents: number of documents of each text.
        rows_to: documents from this number on were not in any group before.
    """

    keys: UInt64
    documents: Int64
    rows_to: int


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the affected texts, as whole groups.

    Attributes:
        keys: keys of the texts, (n, 2), in order.
        links: near-duplicate pairs (m, 2), by position in `keys`.
    """

    keys: UInt64
    links: Int64


def affected_texts(reader: Reader) -> Affected:
    """Texts in groups that changed: groups of new documents, and of the texts in ``store.disturbed``."""
    new_from, rows_to, stale = fetch_one(reader.connection(), _STALE)
    nothing_derived = not new_from and not rows_to  # then every link and every shared text is affected
    found = [np.empty((0, 2), np.uint64)]
    for low, high in ranges_of_keys(stale, _STALE_AT_ONCE):
        if nothing_derived:
            found.append(_linked_or_shared_between(reader, low, high))
        else:
            found += _affected_between(reader, low, high, new_from)
    keys = np.concatenate(found)
    if not nothing_derived:  # a linked text may be in another range
        keys, _ = unique(keys)
    if rows_to:  # a link that is gone may have joined a group
        members = [_found_for(reader, "texts_of_groups", part) for part in _slices(keys)]
        keys, _ = unique(np.concatenate([keys, *members]))
    documents = np.concatenate([np.empty(0, np.int64), *(_count_documents(reader, part) for part in _slices(keys))])
    return Affected(keys[documents > 0], documents[documents > 0], rows_to)


def _linked_or_shared_between(reader: Reader, low: int, high: int) -> UInt64:
    """Texts in a range of keys, in order, that have a link or several documents."""
    range_of = {"low": low, "high": high}
    each = (
        reader.connection().execute(sql, range_of).fetchnumpy() for sql in (_LINKED_TEXTS, statement("shared_texts"))
    )
    keys, _ = unique(np.concatenate([keys_in(found) for found in each]))
    return keys


def _affected_between(reader: Reader, low: int, high: int, new_from: int) -> Iterator[UInt64]:
    """Changed texts in a range of keys that may be in a group, and the texts linked to them.

    Left out are texts that are not like any other, which is most of them.
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
    """The keys (n, 2) that a named statement returns for the given keys."""
    return keys_in(fetch_with_incoming(reader.connection(), statement(name), key_columns(keys)))


def _slices(keys: UInt64) -> Iterator[UInt64]:
    for begin in range(0, len(keys), _AFFECTED_AT_ONCE):
        yield keys[begin : begin + _AFFECTED_AT_ONCE]


def _count_documents(reader: Reader, keys: UInt64) -> Int64:
    """Number of documents of each text."""
    found = fetch_with_incoming(reader.connection(), _DOCUMENTS, key_columns(keys))
    documents = np.zeros(len(keys), np.int64)
    documents[found["place"]] = found["documents"]
    return documents


def parts(reader: Reader, affected: Affected, links: Spilled) -> Iterator[Part]:
    """The affected texts in parts of about `DOCUMENTS_AT_ONCE` documents; connected texts are in one part.

    Args:
        reader: reads the catalog.
        affected: the texts.
        links: filled with the pairs that link them.
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


def _parts_of(roots: Int64, documents: Int64) -> npt.NDArray[np.int32]:
    """The part number of each text, given the smallest text of its group and its number of documents."""
    of_group = np.bincount(roots, documents, len(roots))  # as floats, which are exact for so few
    before = np.cumsum(of_group)
    before -= of_group
    before //= DOCUMENTS_AT_ONCE
    return before.astype(np.int32)[roots]


_STALE: Final = """
select (select new_from from store.derived),
       (select coalesce(max(greatest(document, kept)) + 1, 0) from store.uncounted),
       (select count(*) from store.documents where document >= (select new_from from store.derived))
       + (select count(*) from store.disturbed)"""

_LINKED_TEXTS: Final = """
select a_hi as key_hi, a_lo as key_lo from store.links where a_hi between $low and $high
union select b_hi, b_lo from store.links where b_hi between $low and $high"""

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
