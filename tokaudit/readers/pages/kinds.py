"""What the bytes of a page are, as the server or the name of its file says."""

from enum import IntEnum


class PageKind(IntEnum):
    """How the bytes of a page become text. The values are stored in columns of bytes."""

    HTML = 0
    XHTML = 1
    PLAIN = 2
    BOOK = 3
