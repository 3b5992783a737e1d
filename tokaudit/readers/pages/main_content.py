"""The main content of a page, by resiliparse, without three of its losses.

* It leaves out every `<ul>` near the top of the document and most lists that link, as navigation. Here a list in which
  less than half of the letters are links is content. It is handed over as `<ol>`, which is never taken for navigation.
* It leaves out text that is one character of three bytes in UTF-8, as an icon: a dash between two links, or a Chinese
  character in a cell of a table. Here a mark next to it, taken out again later, makes it two.
* It leaves out figures, as `tokaudit.readers.pages.figures` explains.

Bullets and numbers of lists are not written: the page does not have them as text, and numbers would count as words.
"""

import re
from html import unescape
from typing import Final

from resiliparse.extract.html2text import extract_plain_text

from tokaudit.readers.pages.figures import figures_as_blocks

_MARK: Final = "\ufdd0"  # never a character of a text
_LONE: Final = re.compile(r"(>\s*+)([\u0800-\udfff\uf900-\uffff]|&(?:#[0-9A-Za-z]{1,8}|[A-Za-z]{2,31});?)(?=\s*+<)")
_LIST: Final = re.compile(r"<(/?)ul(?=[\s>/])", re.IGNORECASE)
_LINK: Final = re.compile(r"<a[\s>][^<]*+(?:<(?!/a\b)[^<]*+)*+", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*+>?")
_NAVIGATION: Final = re.compile(r"[\s\"'_-](?:nav|navbar|navigation|menu|breadcrumbs?|toc)[\s\"'_-]", re.IGNORECASE)


def main_content(html: str) -> str:
    """The main content of a page as text, in lines as blocks and rows are; empty if it has none."""
    html = figures_as_blocks(html)
    marked = _LONE.sub(_doubled, html)
    text = extract_plain_text(
        _with_lists(marked), preserve_formatting=True, main_content=True, list_bullets=False, alt_texts=False
    )
    return text.replace(_MARK, "") if marked != html else text


def visible_text(html: str) -> str:
    """All text of a page outside of scripts, styles, templates and forms, hidden elements too."""
    return extract_plain_text(figures_as_blocks(html), preserve_formatting=True, list_bullets=False, alt_texts=False)


def _doubled(lone: re.Match[str]) -> str:
    character = unescape(lone[2])
    if len(character) == 1 and character >= "\u0800" and not "\ue000" <= character < "\uf900":
        return lone[1] + lone[2] + _MARK
    return lone[0]


def _with_lists(html: str) -> str:
    """The page with `<ol>` for each `<ul>` that is content: of nested lists the outermost decides."""
    inside: list[re.Match[str]] = []
    depth = begin = 0
    places: list[int] = []  # of each u to replace
    for tag in _LIST.finditer(html):
        if not depth and not tag[1]:
            begin = tag.start()
        depth += -1 if tag[1] else 1
        inside.append(tag)
        if depth <= 0:
            if depth == 0 and _is_content(html[begin : tag.start()]):
                places.extend(one.end() - 2 for one in inside)
            depth = 0
            inside.clear()
    if depth and _is_content(html[begin:]):  # never closed
        places.extend(one.end() - 2 for one in inside)
    parts = []
    done = 0
    for place in places:
        parts.append(html[done:place])
        done = place + 1
    return "o".join([*parts, html[done:]])


def _is_content(ul: str) -> bool:
    """Whether a list, from its start tag, is not navigation: by its class, and by the share of its letters in links."""
    if _NAVIGATION.search(ul[: ul.find(">") + 1]):
        return False
    linked = sum(_letters(link) for link in _LINK.findall(ul))
    return linked * 2 <= _letters(ul)


def _letters(markup: str) -> int:
    return len("".join(_TAG.sub("", markup).split()))
