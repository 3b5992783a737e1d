"""How much text extractors and whole pipelines leave of web pages, as published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.catalog.reference.corpora import Kind
from tokaudit.catalog.reference.read import read_rows

WARC_BYTES: Final = 28.94 * 1024**4 / 30_374
"""Stored bytes of a WARC file of Common Crawl: 28.94 TiB in 30,374 files (September 2016, by commoncrawl.org)."""

_MARK_UP: Final = "raw HTML"
"""The pipeline that leaves pages as they are: no text is taken from them."""


@dataclass(frozen=True, slots=True)
class PublishedYield:
    """How much text an extractor or a pipeline leaves of some pages; None where it is not published.

    Attributes:
        pipeline: the extractor, as corpora name it, or the pipeline with its filters.
        text: name of the pages, the same for every pipeline that read them.
        characters_per_page, tokens_per_page: averages over the pages.
        tokens: of all pages.
        kind: how the numbers are known.
        source: where they are published.
        note: remarks; may be empty.
        warcs: WARC files that the pages are from.
        documents: pages that are left.
        tokenizer: in the words of the source; empty if it names none.
    """

    pipeline: str
    text: str
    characters_per_page: float | None
    tokens_per_page: float | None
    tokens: float | None
    kind: Kind
    source: str
    note: str
    warcs: int | None = None
    documents: int | None = None
    tokenizer: str = ""


@dataclass(frozen=True, slots=True)
class CrawlYield:
    """What a pipeline would leave of a crawl, by its size alone.

    Attributes:
        pipeline: name of the pipeline.
        text: the pages that it was measured on.
        documents, tokens: low and high, of the number of files and of their bytes.
    """

    pipeline: str
    text: str
    documents: tuple[float, float]
    tokens: tuple[float, float]


def published_yields() -> list[PublishedYield]:
    """What extractors and pipelines leave, in the file's order."""
    return read_rows(PublishedYield, "published_yields.csv")


def crawl_yields(files: int, stored_bytes: float, yields: Sequence[PublishedYield]) -> list[CrawlYield]:
    """What each pipeline would leave of some WARC files, largest first; empty if there are no files.

    The published number of each WARC file is multiplied by the number of files, and by the number of files of Common
    Crawl that are as large as these together.

    Args:
        files: number of WARC files.
        stored_bytes: their bytes, compressed.
        yields: the published yields; those without a number of WARC files, and mark-up, are not used.
    """
    if not files:
        return []
    low, high = sorted((files, stored_bytes / WARC_BYTES))
    found = []
    for row in yields:
        if row.warcs and row.documents and row.tokens and row.pipeline != _MARK_UP:
            documents, tokens = row.documents / row.warcs, row.tokens / row.warcs
            of_all = (low * documents, high * documents), (low * tokens, high * tokens)
            found.append(CrawlYield(row.pipeline, row.text, *of_all))
    return sorted(found, key=lambda each: -each.tokens[1])
