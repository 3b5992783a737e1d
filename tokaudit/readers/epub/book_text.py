"""The text of a book from its parts in XHTML. This runs in a process of its own."""

from collections.abc import Mapping
from typing import Final

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from tokaudit.core.extraction import BOOK_STEPS, Extraction
from tokaudit.readers.pages.parts import unpack_parts
from tokaudit.readers.pages.repairs import figures_as_blocks
from tokaudit.readers.pages.xhtml import as_html

_BLANK_LINE: Final = "\n\n"

# A step that leaves out elements of a book -> what they are called. A title page counts: it is a part of the printed
# book, and of the text editions of Project Gutenberg.
_ELEMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "navigation": (
        *(f'[epub\\:type~="{kind}"]' for kind in ("toc", "landmarks", "page-list", "loi", "lot", "loa", "lov")),
        '[role~="doc-toc"]',
        '[role~="doc-pagelist"]',
    ),
    "cover": ('[epub\\:type~="cover"]', '[role~="doc-cover"]'),
    "imprint": (
        *(f'[epub\\:type~="{kind}"]' for kind in ("copyright-page", "colophon", "imprint")),
        '[role~="doc-colophon"]',
    ),
    "gutenberg-licence": (".pg-boilerplate", "#pg-header", "#pg-footer"),
}
_LEFT_OUT: Final = ", ".join(selector for step in BOOK_STEPS for selector in _ELEMENTS[step])


def book_text(packed: bytes | bytearray, extraction: Extraction) -> str:
    """The visible text of the parts of a book, with a blank line between them; empty if it has none.

    Args:
        packed: the parts in UTF-8, as `pack_parts` packs them.
        extraction: whether navigation, covers, imprints and the licences of Project Gutenberg count, too.
    """
    texts = (_part_text(part.decode(), extraction) for part in unpack_parts(packed))
    return _BLANK_LINE.join(filter(None, texts))


def _part_text(part: str, extraction: Extraction) -> str:
    """The visible text of a part: without alternatives of pictures and numbers of lists, which no part contains."""
    tree = HTMLTree.parse(figures_as_blocks(as_html(part)))
    if tree.body is None:
        return ""
    if not extraction.front_matter:
        if tree.body.matches(_LEFT_OUT):
            return ""
        # One by one: to list all of them takes resiliparse time that is quadratic in their number.
        while (element := tree.body.query_selector(_LEFT_OUT)) is not None:
            element.remove()
    return extract_plain_text(tree, main_content=False, alt_texts=False, list_bullets=False).strip()
