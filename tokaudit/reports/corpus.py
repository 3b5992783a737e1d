"""All that is published of one corpus, for people: its counts, what is in dispute, its relatives, its sources."""

from collections.abc import Sequence
from typing import Final, TextIO

from tokaudit.catalog.reference.corpora import Lineage, PublishedCorpus, PublishedDedup
from tokaudit.core.types import Row
from tokaudit.reports import Format
from tokaudit.reports.rows import terminal_console, write_rows
from tokaudit.supply.published.browse import CorpusDetails, size

_COUNTS: Final = ("component", "domain", "tokens", "counted", "standard", "availability")
_RATES: Final = ("component", "method", "scope", "unit", "removed")


def write_corpus(found: CorpusDetails, stream: TextIO, fmt: Format) -> None:
    """Write it as aligned text or as Markdown."""
    counts: list[Row] = [
        {name: getattr(row, name) for name in _COUNTS}
        | {"tokens": size(row), "standard": "yes" if row.standard else "no"}
        for row in found.rows
    ]
    if found.disputes:
        _lines(found.disputes, stream, fmt)
        print(file=stream)
    write_rows(counts, stream, fmt, columns=_COUNTS)
    if found.dedup:
        _heading("Left out by deduplication", stream, fmt)
        write_rows([_rate(rate) for rate in found.dedup], stream, fmt, columns=_RATES)
    if found.relatives:
        _heading("Relatives", stream, fmt)
        _lines([_relation(edge) for edge in found.relatives], stream, fmt)
    _heading("Sources and notes", stream, fmt)
    _lines([_known(row) for row in found.rows], stream, fmt)


def _heading(text: str, stream: TextIO, fmt: Format) -> None:
    print(f"\n## {text}\n" if fmt == "markdown" else f"\n{text}\n", file=stream)


def _lines(texts: Sequence[str], stream: TextIO, fmt: Format) -> None:
    console = terminal_console(stream)
    for text in texts:
        console.print(f"- {text}" if fmt == "markdown" else f"  {text}", markup=False)


def _known(row: PublishedCorpus) -> str:
    facts = [row.tokenizer, row.licence, f"{row.year}, {row.kind}", row.source, row.note]
    return f"{row.component}: {'; '.join(filter(None, facts))}"


def _rate(rate: PublishedDedup) -> Row:
    one = rate.removed_pct
    removed = f"{one:g} %" if one is not None else f"{rate.removed_pct_low:g} to {rate.removed_pct_high:g} %"
    return {name: getattr(rate, name) for name in _RATES[:-1]} | {"removed": removed}


def _relation(edge: Lineage) -> str:
    share = "" if edge.fraction is None else f" ({100 * edge.fraction:.3g} %)"
    words = edge.relation.replace("_", " ")
    note = f": {edge.note}" if edge.note else ""
    return f"{'/'.join(edge.below)} {words} {'/'.join(edge.above)}{share}{note}"
