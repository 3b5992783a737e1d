"""Kinds of pages, apart from batches, so that processes that extract need not load Arrow."""

from enum import IntEnum


class PageKind(IntEnum):
    """What the bytes of a page are."""

    HTML = 0
    XHTML = 1
    PLAIN = 2
    BOOK = 3
