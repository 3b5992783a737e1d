"""The repairs of markup with regular expressions: the plain twin of `tokaudit.readers.pages.repairs`."""

import re
from html import unescape
from typing import Final

MARK: Final = "\ufdd0"
_FIGURE: Final = re.compile(r"<(/?)fig(?:ure|caption)(?=[\s>/])", re.IGNORECASE)
_LONE: Final = re.compile(r"(>\s*+)([\u0800-\udfff\uf900-\uffff]|&(?:#[0-9A-Za-z]{1,8}|[A-Za-z]{2,31});?)(?=\s*+<)")
_LIST: Final = re.compile(r"</?+[uU][lL](?=[\s>/])")
_LINK: Final = re.compile(r"<a[\s>][^<]*+(?:<(?!/a\b)[^<]*+)*+", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*+>?")
_NAVIGATION: Final = re.compile(r"[\s\"'_-](?:nav|navbar|navigation|menu|breadcrumbs?|toc)[\s\"'_-]", re.IGNORECASE)


def plain_figures(html: str) -> str:
    """The page with `<div>` for each figure and each caption."""
    return _FIGURE.sub(r"<\1div", html)


def plain_repaired(html: str) -> tuple[str, bool]:
    """The page with all repairs, and whether it has marks."""
    html = plain_figures(html)
    marked = _LONE.sub(_doubled, html)
    return _with_lists(marked), marked != html


def _doubled(lone: re.Match[str]) -> str:
    character = unescape(lone[2])
    if len(character) == 1 and character >= "\u0800" and not "\ue000" <= character < "\uf900":
        return lone[1] + lone[2] + MARK
    return lone[0]


def _with_lists(html: str) -> str:
    inside: list[re.Match[str]] = []
    depth = begin = 0
    places: list[int] = []  # of each u to replace
    for tag in _LIST.finditer(html):
        ends = tag[0][1] == "/"
        if not depth and not ends:
            begin = tag.start()
        depth += -1 if ends else 1
        inside.append(tag)
        if depth <= 0:
            if depth == 0 and _is_content(html[begin : tag.start()]):
                places.extend(one.end() - 2 for one in inside)
            depth = 0
            inside.clear()
    if depth and _is_content(html[begin:]):  # never closed
        places.extend(one.end() - 2 for one in inside)
    letters = list(html)
    for place in places:
        letters[place] = "o"
    return "".join(letters)


def _is_content(ul: str) -> bool:
    if _NAVIGATION.search(ul[: ul.find(">") + 1]):
        return False
    return 2 * _letters("".join(_LINK.findall(ul))) <= _letters(ul)


def _letters(markup: str) -> int:
    return len("".join(_TAG.sub("", markup).split()))
