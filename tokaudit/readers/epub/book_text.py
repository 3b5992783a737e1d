"""The text of a book from its parts in XHTML. This runs in a process of its own."""

import html
import re
from collections.abc import Mapping
from typing import Final

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from tokaudit.core.extraction import BOOK_STEPS, Extraction
from tokaudit.readers.pages.parts import unpack_parts

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

# XHTML closes empty elements in their first tag. To an HTML parser, `<title/>` opens a title that never ends.
_EMPTY: Final = re.compile(
    r"<([A-Za-z][\w:.-]*+)((?:\s++[^\s=<>\"'/]++(?:\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))?+)*+)\s*+/>"
)
_CLOSED: Final = "/>"
_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_CDATA: Final = "<![CDATA["
_CDATA_END: Final = "]]>"


def book_text(packed: bytes, extraction: Extraction) -> str:
    """The visible text of the parts of a book, with a blank line between them; empty if it has none.

    Args:
        packed: the parts in UTF-8, as `pack_parts` packs them.
        extraction: whether navigation, covers, imprints and the licences of Project Gutenberg count, too.
    """
    texts = (_part_text(part.decode(), extraction) for part in unpack_parts(packed))
    return _BLANK_LINE.join(filter(None, texts))


def _part_text(part: str, extraction: Extraction) -> str:
    """The visible text of a part: without alternatives of pictures and numbers of lists, which no part contains."""
    tree = HTMLTree.parse(_as_html(part))
    if tree.body is None:
        return ""
    if not extraction.front_matter:
        if tree.body.matches(_LEFT_OUT):
            return ""
        for element in tree.body.query_selector_all(_LEFT_OUT):
            element.remove()  # not destroyed, as elements inside of it may follow
    return extract_plain_text(tree, main_content=False, alt_texts=False, list_bullets=False).strip()


def _as_html(part: str) -> str:
    """The part as an HTML parser has to read it, to find what an XML parser would find."""
    if _CDATA in part:
        part = _without_cdata(part)
    pieces = []
    place = 0
    end = part.find(_CLOSED)
    while end >= 0:
        begin = part.rfind("<", place, end)
        tag = _EMPTY.fullmatch(part, begin, end + len(_CLOSED)) if begin >= 0 else None
        if tag is not None and tag[1].lower() not in _VOID:
            pieces += [part[place:begin], f"<{tag[1]}{tag[2]}></{tag[1]}>"]
            place = tag.end()
        end = part.find(_CLOSED, end + len(_CLOSED))
    return "".join([*pieces, part[place:]])


def _without_cdata(part: str) -> str:
    pieces = []
    place = 0
    while (begin := part.find(_CDATA, place)) >= 0:
        end = part.find(_CDATA_END, begin)
        if end < 0:
            break
        pieces += [part[place:begin], html.escape(part[begin + len(_CDATA) : end])]
        place = end + len(_CDATA_END)
    return "".join([*pieces, part[place:]])
