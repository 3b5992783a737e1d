"""How published corpora took the text from web pages, and how much text each extractor takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tokaudit.catalog.reference.corpora import Kind, Lineage, Node, PublishedCorpus, published_lineage
from tokaudit.catalog.reference.read import read_rows
from tokaudit.catalog.reference.yields import PublishedYield, published_yields

Extractor = Literal["resiliparse", "trafilatura", "jusText", "warc2text", "WET"]
"""A library or program, or ``WET``: the text that Common Crawl extracts itself."""

_SAME_TEXT: Final = frozenset({"subset_of", "dedup_of", "recount_of", "upsample_of"})
"""Relations whose child contains documents of the parent as they are."""


@dataclass(frozen=True, slots=True)
class PublishedExtractor:
    """How the text of a published corpus was extracted.

    Attributes:
        corpus: name of the corpus.
        component: its component; empty for all components.
        extractor: what extracted it.
        kind: how that is known.
        source: where it is published.
        note: remarks; may be empty.
    """

    corpus: str
    component: str
    extractor: Extractor
    kind: Kind
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class ExtractionRatio:
    """How many times as much text one extractor takes as another from the same pages.

    Attributes:
        low, high: the least and the most that is published.
        source: the sources of both ends, with commas.
    """

    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class ExtractionFacts:
    """All that is published about extractors.

    Attributes:
        extractors: of corpora.
        yields: of extractors.
        lineage: relations between corpora.
    """

    extractors: Sequence[PublishedExtractor] = ()
    yields: Sequence[PublishedYield] = ()
    lineage: Sequence[Lineage] = ()

    def extractor_of(self, row: PublishedCorpus) -> Extractor | None:
        """What extracted the text of a row, or of the row that its documents are from; None if unknown."""
        known = {(each.corpus, each.component): each.extractor for each in self.extractors}
        seen: set[Node] = set()
        waiting = [row.node]
        while waiting:
            node = waiting.pop(0)
            if found := known.get(node) or known.get((node[0], "")):
                return found
            seen.add(node)
            above = (edge.above for edge in self.lineage if edge.below == node and edge.relation in _SAME_TEXT)
            waiting += [other for other in above if other not in seen]
        return None

    def ratio(self, extractor: str, other: str) -> ExtractionRatio | None:
        """The text that ``extractor`` takes, as a multiple of what ``other`` takes; None if nobody compared the two."""
        found = [
            (size / per, here.source)
            for here in self.yields
            for there in self.yields
            if (here.text, here.pipeline, there.pipeline) == (there.text, extractor, other)
            for size, per in zip(_sizes(here), _sizes(there), strict=True)
            if size and per
        ]
        if not found:
            return None
        (low, of_low), (high, of_high) = min(found), max(found)
        return ExtractionRatio(low, high, ", ".join(dict.fromkeys((of_low, of_high))))


NO_EXTRACTION_FACTS: Final = ExtractionFacts()


def published_extractors() -> list[PublishedExtractor]:
    """The extractors of published corpora, in the file's order."""
    return read_rows(PublishedExtractor, "published_extractors.csv")


def extraction_facts() -> ExtractionFacts:
    """Everything that ships with tokaudit about extractors."""
    return ExtractionFacts(published_extractors(), published_yields(), published_lineage())


def _sizes(row: PublishedYield) -> tuple[float | None, ...]:
    return row.characters_per_page, row.tokens_per_page, row.tokens
