"""Whether the pages of a source are extracted as before: another extractor may give other texts."""

from collections.abc import Iterable
from shlex import quote

from tokaudit.catalog.ingesting import IngestSession
from tokaudit.core.errors import UsageError
from tokaudit.core.extraction import Extraction
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
