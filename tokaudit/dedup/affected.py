"""Which texts are to be grouped anew, and in which parts: each part holds whole groups, and is worked on by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import duckdb
import numpy as np

from tokaudit.catalog.statements import batches_with_incoming, fetch_one, fetch_with_incoming, statement
from tokaudit.core.text_keys import unique
from tokaudit.core.types import Int64, UInt64
from tokaudit.dedup.components import roots_of
from tokaudit.dedup.spilled import Spilled

_STALE_AT_ONCE: Final = 4_000_000
"""Texts that something happened to and DuckDB looks at at once: some 50 bytes each."""

_LINKS_AT_ONCE: Final = 1_000_000
"""Links that are read at once: 32 bytes each."""

DOCUMENTS_AT_ONCE: Final = 1_000_000
"""Documents whose groups are made anew at once, unless one group has more: some 200 bytes each."""

_STALE: Final = """
select new_from, (select count(*) from live where document >= new_from) + (select count(*) from store.disturbed)
from store.derived"""

_AFFECTED: Final = """
select key_hi, key_lo, count(*) as documents from live semi join affected using (key_hi, key_lo) group by all"""

_LINKS: Final = """
select a.text as first, b.text as second from store.links l
join incoming a on a.key_hi = l.a_hi and a.key_lo = l.a_lo
join incoming b on b.key_hi = l.b_hi and b.key_lo = l.b_lo"""


@dataclass(frozen=True, slots=True)
class Affected:
    """Texts whose groups are to be made anew, with all texts of each of these groups.

    Attributes:
        keys: theirs, (n, 2), in order.
        documents: how many each has.
    """

    keys: UInt64
    documents: Int64


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the affected texts: whole groups.

    Attributes:
        keys: theirs, (n, 2), in order.
        links: pairs of them (m, 2), by position in the keys, that are near-duplicates.
    """

    keys: UInt64
    links: Int64


def affected_texts(connection: duckdb.DuckDBPyConnection) -> Affected:
    """Texts in groups that something happened to: those of new documents, and of the texts in ``store.disturbed``."""
    connection.execute(statement("begin_affected"))
    new_from, stale = fetch_one(connection, _STALE)
    ranges = -(-stale // _STALE_AT_ONCE)
    edges = [(number << 64) // max(1, ranges) for number in range(ranges + 1)]
    for low, end in pairwise(edges):
        within = {"low": low, "high": end - 1}
        connection.execute(statement("stale_texts"), {**within, "new_from": new_from})
        connection.execute(statement("affected_texts"), {**within, "new_from": new_from})
        if new_from:  # else all texts are new, and none is only linked to one
            connection.execute(statement("affected_neighbours"), within)
    if fetch_one(connection, "select count(*) from affected") == (0,):
        return Affected(np.empty((0, 2), np.uint64), np.empty(0, np.int64))
    if fetch_one(connection, "select count(*) from store.uncounted") != (0,):
        connection.execute(statement("affected_groups"))
    found = connection.execute(_AFFECTED).fetchnumpy()
    keys, order = unique(np.column_stack([found["key_hi"], found["key_lo"]]))
    return Affected(keys, np.asarray(found["documents"])[order])


def parts(connection: duckdb.DuckDBPyConnection, affected: Affected, links: Spilled) -> Iterator[Part]:
    """The affected texts in parts of some `DOCUMENTS_AT_ONCE` documents; texts that hang together are in one.

    Args:
        connection: to the catalog.
        affected: texts.
        links: filled with pairs of them.
    """
    keys = affected.keys
    incoming = {"key_hi": keys[:, 0], "key_lo": keys[:, 1], "text": np.arange(len(keys))}
    for batch in batches_with_incoming(connection, _LINKS, incoming, _LINKS_AT_ONCE):
        links.append(np.column_stack([batch["first"], batch["second"]]).astype(np.uint32))
    part = _parts_of(roots_of(len(keys), (pairs.astype(np.int64) for pairs in links)), affected.documents)
    for number in np.flatnonzero(np.bincount(part)):
        inside = part == number
        place = np.cumsum(inside) - 1
        linked = [place[pairs[inside[pairs[:, 0]]]] for pairs in links]
        yield Part(keys[inside], np.concatenate([np.empty((0, 2), np.int64), *linked]))


def _parts_of(roots: Int64, documents: Int64) -> Int64:
    """For each text, given the least of its group and its number of documents, the number of its part."""
    of_group = np.bincount(roots, documents, len(roots)).astype(np.int64)
    before = np.cumsum(of_group) - of_group
    part: Int64 = (before // DOCUMENTS_AT_ONCE)[roots]
    return part


def fetch_documents(connection: duckdb.DuckDBPyConnection, keys: UInt64) -> tuple[Int64, Int64, Int64, Int64]:
    """Documents of the texts in the order that decides who is kept: domain, source and position of the text of each.

    `places` has been made.
    """
    incoming = {"key_hi": keys[:, 0], "key_lo": keys[:, 1], "text": np.arange(len(keys))}
    found = fetch_with_incoming(connection, statement("documents_of_texts"), incoming)
    document, domain, source, text = found.values()
    return document, domain, source, text
