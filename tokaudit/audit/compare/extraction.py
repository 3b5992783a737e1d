"""Extraction as a cause: how the pages of a source and those of a published corpus became text."""

from collections.abc import Iterable, Sequence

from tokaudit.catalog.reference.corpora import PublishedCorpus
from tokaudit.catalog.reference.extractors import ExtractionFacts, Extractor
from tokaudit.core.extraction import of_pages


def extractors_by_name(rows: Sequence[PublishedCorpus], facts: ExtractionFacts) -> dict[str, Extractor]:
    """The extractor of each row whose extractor is known, by the row's name."""
    found = {row.name: facts.extractor_of(row) for row in rows}
    return {name: extractor for name, extractor in found.items() if extractor}


def how_extracted(ours: Sequence[str], rows: Sequence[PublishedCorpus], facts: ExtractionFacts) -> list[str]:
    """One sentence that names both extractors and what is known of their ratio, if the two differ; else none.

    Args:
        ours: how the pages of the source were extracted, as the catalog records it: ``LIBRARY VERSION: SETTINGS``.
            Empty if the source has no pages.
        rows: the published rows.
        facts: published facts about extractors.
    """
    others: dict[Extractor, list[str]] = {}
    for row in rows:
        extractor = facts.extractor_of(row)
        if extractor and not all(_is_main_content_of(extractor, each) for each in ours):
            others.setdefault(extractor, []).append(row.name)
    if not others:
        return []
    theirs = (_said(extractor, names, ours, facts) for extractor, names in others.items())
    return [f"pages were extracted by {' and '.join(map(of_pages, ours))}, but {'; '.join(theirs)}"]


def _said(extractor: Extractor, names: Sequence[str], ours: Iterable[str], facts: ExtractionFacts) -> str:
    counts = "counts" if len(names) == 1 else "count"
    what = "the text of WET files" if extractor == "WET" else f"what {extractor} extracted"
    sentence = f"{', '.join(names)} {counts} {what}"
    libraries = {_library(each) for each in ours if _is_main_content(each)}
    ratio = facts.ratio(extractor, *libraries) if len(libraries) == 1 else None
    if ratio is None:
        return f"{sentence} (how much text that is in comparison is not published)"
    low, high = f"{ratio.low:.3g}", f"{ratio.high:.3g}"
    times = low if low == high else f"{low} to {high}"
    return f"{sentence} ({times} times the text that {libraries.pop()} takes from the same crawl: {ratio.source})"


def _library(identity: str) -> str:
    return identity.split(" ", 1)[0]


def _is_main_content(identity: str) -> bool:
    return ": main content" in identity


def _is_main_content_of(extractor: Extractor, identity: str) -> bool:
    return _library(identity) == extractor and _is_main_content(identity)
