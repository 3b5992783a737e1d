"""Everything published about one corpus, in sections for people: disputes, counts, relatives, sources."""

from collections.abc import Iterator, Sequence
from typing import Final

from tokaudit.catalog.reference.corpora import Lineage, PublishedCorpus, PublishedDedup
from tokaudit.core.rows import Row
from tokaudit.reports.protocol import Table
from tokaudit.reports.wrap import glued
from tokaudit.supply.published.browse import CorpusDetails, size

_COUNTS: Final = ("component", "domain", "tokens", "counted", "standard", "availability")
_RATES: Final = ("component", "method", "scope", "unit", "removed")


def corpus_sections(found: CorpusDetails) -> Iterator[tuple[str, Table | Sequence[str]]]:
    """Headings (empty: none), each with the table or lines below it."""
    if found.disputes:
        yield "", found.disputes
    yield "", Table(_COUNTS, [_counts_of_row(row) for row in found.rows])
    if found.dedup:
        yield "Removed by deduplication", Table(_RATES, [_rate_row(rate) for rate in found.dedup])
    if found.relatives:
        yield "Relatives", [_relation(edge) for edge in found.relatives]
    yield "Sources and notes", [_sources_of_row(row) for row in found.rows]


def _counts_of_row(row: PublishedCorpus) -> Row:
    counted = {name: getattr(row, name) for name in _COUNTS}
    return counted | {"tokens": size(row), "standard": "yes" if row.standard else "no"}


def _sources_of_row(row: PublishedCorpus) -> str:
    facts = [row.tokenizer, row.licence, f"{row.year}, {row.kind}", row.source, row.note]
    return f"{glued(row.component)}: {'; '.join(filter(None, facts))}"


def _rate_row(rate: PublishedDedup) -> Row:
    one = rate.removed_pct
    removed = f"{one:.3g} %" if one is not None else f"{rate.removed_pct_low:.3g} to {rate.removed_pct_high:.3g} %"
    return {name: getattr(rate, name) for name in _RATES[:-1]} | {"removed": removed}


def _relation(edge: Lineage) -> str:
    share = "" if edge.fraction is None else f" ({100 * edge.fraction:.3g} %)"
    words = edge.relation.replace("_", " ")
    note = f": {edge.note}" if edge.note else ""
    return f"{glued('/'.join(edge.below))} {words} {glued('/'.join(edge.above))}{share}{note}"
