"""Fields of the head of a page, for labels."""

import html
import re
from typing import Final

import pyarrow as pa

_HEAD: Final = 1 << 16
_TITLE: Final = re.compile(rb"<title[^>]*>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
_LANGUAGE: Final = re.compile(rb"<html\b[^>]{0,2000}?\blang\s*=\s*[\"']?([A-Za-z0-9-]{1,40})", re.IGNORECASE)
_PATTERNS: Final = {"title": _TITLE, "language": _LANGUAGE}


def head_field(page: bytes | bytearray, name: str) -> pa.StringArray:
    """The field of a page as a column of one row; null if the page has no such field.

    Args:
        page: the bytes of the page.
        name: ``title``, or ``language`` as its root element names it; nothing else is found.
    """
    pattern = _PATTERNS.get(name)
    found = pattern.search(page[:_HEAD]) if pattern else None
    if found is None:
        return pa.nulls(1, pa.string())
    text = " ".join(html.unescape(found[1].decode(errors="replace")).split())
    return pa.array([text or None], pa.string())
