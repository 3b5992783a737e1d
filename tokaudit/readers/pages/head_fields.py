"""Fields of the head of a page, for labels."""

import html
import re
from typing import Final

from tokaudit.readers.encodings.names import meant_by

_HEAD: Final = 1 << 16
# Repetitions have limits, so that no page takes long.
_TITLE: Final = re.compile(rb"<title\b[^>]{0,200}>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
_LANGUAGE: Final = re.compile(rb"<html\b[^>]{0,1000}?\blang\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9-]{1,40})", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"<meta\b[^>]{0,200}?\bcharset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_.-]{1,40})", re.IGNORECASE)
_PATTERNS: Final = {"title": _TITLE, "language": _LANGUAGE}


def head_field(page: bytes | bytearray, name: str) -> str | None:
    """The field of a page, with single blanks; None if the page has no such field, or it can't be decoded.

    Args:
        page: the bytes of the page.
        name: ``title``, or ``language`` as its root element names it; nothing else is found.
    """
    pattern = _PATTERNS.get(name)
    head = page[:_HEAD]
    found = pattern.search(head) if pattern else None
    text = found and _decoded(bytes(found[1]), head)
    return " ".join(html.unescape(text).split()) or None if text else None


def _decoded(value: bytes, head: bytes | bytearray) -> str | None:
    """A value in UTF-8, or in the character set that the head of the page names; None if it is in neither."""
    named = _CHARSET.search(head)
    for charset in ("utf-8", named[1].decode() if named else "utf-8"):
        try:
            text = value.decode(meant_by(charset))
            text.encode()  # some codecs make lone surrogates, which are no characters
        except (LookupError, ValueError):
            continue
        return text
    return None
