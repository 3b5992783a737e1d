"""What the names of files of a crawl say about their content."""

from typing import Final

_PAGES: Final = ".warc"
_DERIVED: Final = (".wet", ".wat")
"""What the names of files of text or metadata contain: ``x.warc.wet.gz``."""


def named_as_pages(path: str) -> bool:
    """Whether a path is named like a WARC file of pages, not of their text (WET) or metadata (WAT)."""
    name = path.rpartition("/")[2].lower()
    return _PAGES in name and not any(each in name for each in _DERIVED)
