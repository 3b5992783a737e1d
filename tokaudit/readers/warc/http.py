"""The HTTP response in a record: its status, its fields, and where its body begins."""

import re
from dataclasses import dataclass
from typing import Final

from tokaudit.readers.warc.headers import HEADER_BYTES, Fields, fields_of, header_end

_STATUS: Final = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})(?=\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """The head of an HTTP response.

    Attributes:
        status: its status.
        fields: its fields.
        body: first byte of its body in the content of the record.
    """

    status: int
    fields: Fields
    body: int


def is_http(content: bytes) -> bool:
    """Whether the content of a record begins like an HTTP response."""
    return content[:5].upper() == b"HTTP/"


def response_of(content: bytes) -> Response | str:
    """The head of the response in some content that `is_http`, or what is wrong with it.

    Without a blank line, the body is empty.
    """
    match = _STATUS.match(content)
    if match is None:
        return "has no HTTP status"
    end = header_end(content, 0, HEADER_BYTES)
    if end < 0:
        if len(content) >= HEADER_BYTES:
            return "its HTTP header is longer than 1 MB"
        end = len(content)
    return Response(int(match[1]), fields_of(content[:end]), end)
