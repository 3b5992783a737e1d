"""XHTML as HTML: an HTML parser takes `<title/>` for a start, and swallows what follows."""

import re
from html import escape
from typing import Final

_EMPTY: Final = re.compile(r"""<([A-Za-z][^\s<>/"']*+)((?:[^<>"'/]|"[^"<]*"|'[^'<]*'|/(?!>))*+)/>""")
_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_OPEN, _CLOSE = "<![CDATA[", "]]>"


def as_html(text: str) -> str:
    """The same page for a parser of HTML: empty elements have an end tag, and CDATA sections are escaped text."""
    if _OPEN in text:
        first, *sections = text.split(_OPEN)
        text = first + "".join(map(_section, sections))
    return _EMPTY.sub(_closed, text) if "/>" in text else text


def _section(text: str) -> str:
    """A CDATA section and what follows it, up to the next one."""
    inside, _, after = text.partition(_CLOSE)
    return escape(inside, quote=False) + after


def _closed(empty: re.Match[str]) -> str:
    name, attributes = empty[1], empty[2]
    return empty[0] if name.lower() in _VOID else f"<{name}{attributes}></{name}>"
