"""Whether pages are extracted as before: another extractor may give other texts."""

from collections.abc import Iterable, Iterator
from shlex import quote

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.ingesting import IngestSession
from tokaudit.catalog.known_files import page_sources
from tokaudit.core.errors import UsageError
from tokaudit.core.extraction import Extraction
from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.changes import FileTask
from tokaudit.readers.formats import READERS


def check_extractor(tasks: Iterable[FileTask], session: IngestSession, extraction: Extraction) -> None:
    """Check that the files to read have no pages, or that the source's pages were extracted in the same way.

    Raises:
        UsageError: a file of the source was extracted in another way, such as by another version of the library.
    """
    others = session.extractors - {extraction.identity}
    if others and any(READERS.get(task.reader).has_pages for task in tasks):
        source = session.settings.source
        raise UsageError(
            f"source {source!r}: its pages were extracted by {min(others)}, and this would be {extraction.identity};"
            f" install that version, or run `tokaudit forget {quote(source)}` and count the source again"
        )


def sources_extracted_otherwise(session: IngestSession) -> Iterator[str]:
    """Sentences on the other sources whose texts can't be read again as they were counted."""
    with open_readonly(session.catalog) as connection:
        known = page_sources(connection)
    for source, domain, clean, extractor in known:
        would_be = ingester_of(domain).extraction(clean).identity
        if source != session.settings.source and extractor != would_be:
            yield (
                f"the pages of source {source!r} were extracted by {extractor}, and this would be {would_be}: where its"
                " texts resemble new ones, their similarity may be estimated and not verified; install that version,"
                f" or run `tokaudit forget {quote(source)}` and count the source again"
            )
