"""Files that belong to the pages of a site, such as scripts and styles, by their names."""

import re
from typing import Final

PAGE_ASSETS: Final = "page_assets"
"""The rule that leaves them out."""

_SUFFIXES: Final = (
    ".css",
    ".js",
    ".mjs",
    ".cjs",
    ".map",
    ".svg",
    ".webmanifest",
    ".rss",
    ".atom",
    ".xsl",
    ".less",
    ".scss",
)
_NAMES: Final = re.compile(
    r"(?:robots|humans|ads|app-ads|security)\.txt|(?:asset-)?manifest\.json|site\.manifest"
    r"|(?:(?:post-|page-|news-|image-|video-)?sitemap|rss|feed|atom)[\w.-]*\.xml|(?:index|browserconfig|opensearch|crossdomain)\.xml"
)
_SAVED: Final = ("_files", ".files", "-dateien", "_fichiers", "_archivos", "_ficheiros", "_bestanden", "_pliki")
_PAGES: Final = (".html", ".htm", ".xhtml")


def is_asset(path: str) -> bool:
    """Whether a file of this path, next to pages, belongs to them and is no document.

    A mirror may have appended the query of the address to the name, and a browser ``.download``.
    """
    name = path.rpartition("/")[2].lower().removesuffix(".download")
    return name.partition("?")[0].endswith(_SUFFIXES) or _NAMES.fullmatch(name) is not None


def pages_of(folder: str) -> list[str]:
    """Paths of the pages, one of which is there if the folder contains what a browser saved with that page."""
    lower = folder.lower()
    stems = [folder[: -len(end)] for end in _SAVED if lower.endswith(end)]
    return [stem + suffix for stem in stems for suffix in _PAGES]
