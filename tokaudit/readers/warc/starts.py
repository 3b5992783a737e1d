"""What the start of a record looks like."""

import re
from typing import Final

WARC_MARK: Final = b"WARC/"
ARC_MARK: Final = b"filedesc://"

WARC_START: Final = re.compile(rb"WARC/\d{1,4}\.\d{1,4}[ \t]{0,8}\r?\n[A-Za-z][A-Za-z0-9-]{0,64}[ \t]{0,8}:")
"""A version line, and the name of a field."""

ARC_LINE: Final = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.-]{0,32}:[^\r\n]{0,32768}) ([0-9A-Fa-f.:]{1,64}|-) (\d{8,18}) ([^\r\n]{0,512}?)"
    rb" ?(-?\w{1,20})[ \t]{0,8}\r?\n"
)
"""Address, IP address, date, type and length of an ARC record. Addresses and types contain blanks, and ARC 2 has more
fields in place of the type; in some records, the type is missing."""

ARC_START: Final = re.compile(rb"(?<=\n)" + ARC_LINE.pattern)
"""The line of an ARC record behind another line."""

LONGEST_START: Final = 1 << 16
"""Bytes in which the start of a record can be told."""


def begins_record(head: bytes) -> bool:
    """Whether the first bytes of a gzip member are those of a record."""
    return head.startswith(WARC_MARK) or ARC_LINE.match(head) is not None
