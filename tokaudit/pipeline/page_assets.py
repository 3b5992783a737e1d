"""Files that belong to pages next to them: scripts, styles, feeds, and what a browser saved with a page."""

from collections.abc import Iterable, Sequence

from tokaudit.pipeline.selected import Selected
from tokaudit.readers.detect import reader_by_name
from tokaudit.readers.files import LeftOut
from tokaudit.readers.formats import READERS
from tokaudit.readers.pages.assets import PAGE_ASSETS, is_asset, pages_of


def page_assets(selected: Sequence[Selected], left: Iterable[LeftOut]) -> tuple[list[Selected], list[LeftOut]]:
    """The files without those that belong to pages, and what is left out, these among them.

    A file that no reader takes, or whose name does not say that it is a page or contains records, belongs to pages if

    * it is a script, a style or the like by its name, and lies in or below a folder that contains pages, or next to
      such a folder; but not if its own folder contains records and no pages;
    * it lies in the folder that a browser saved with a page, such as ``Page_files`` next to ``Page.html``.

    Args:
        selected: the files that would be counted.
        left: what is left out by other rules.
    """
    pages = {item.file.path for item in selected if READERS.get(item.reader).has_assets and not item.file.named}
    left = list(left)
    if not pages:
        return list(selected), left
    sites = _Sites(pages, selected)
    kept, out = [], []
    for item in selected:
        may_be_asset = not item.file.named and item.file.path not in pages and not _has_records(item)
        if may_be_asset and sites.contain(item.file.path):
            out.append(LeftOut(item.file.path, PAGE_ASSETS, item.file.size))
        else:
            kept.append(item)
    for other in left:
        asset = other.rule == "unclaimed" and sites.contain(other.path)
        out.append(LeftOut(other.path, PAGE_ASSETS, other.size) if asset else other)
    return kept, out


class _Sites:
    """Where assets may be.

    Args:
        pages: paths of all pages.
        selected: all files.
    """

    def __init__(self, pages: set[str], selected: Iterable[Selected]) -> None:
        self._pages = pages
        folders = {_parent(path) for path in pages}
        tops = {
            item.file.path.removesuffix(item.file.below).rstrip("/") for item in selected if item.file.path in pages
        }
        self._sites = folders | {_parent(folder) for folder in folders - tops}
        records = {_parent(item.file.path) for item in selected if _has_records(item)}
        self._others = records - folders

    def contain(self, path: str) -> bool:
        """Whether the file at this path belongs to pages."""
        folder = _parent(path)
        if is_asset(path) and folder not in self._others:
            above = folder
            while above not in self._sites and "/" in above:
                above = _parent(above)
            if above in self._sites:
                return True
        while "/" in folder:
            if any(page in self._pages for page in pages_of(folder)):
                return True
            folder = _parent(folder)
        return False


def _has_records(item: Selected) -> bool:
    """Whether the name of a file says that it contains records; the first bytes of a script may look like them."""
    return READERS.get(item.reader).is_table and reader_by_name(item.file.name) is not None


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
