"""Labels of the documents of a crawl: fields of its records, of the HTTP responses, and of the pages.

Only what is asked for is computed.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from tokaudit.readers.pages.head_fields import head_field
from tokaudit.readers.warc.documents import Page, address_of
from tokaudit.readers.warc.headers import as_text

_HTTP: Final = "http:"
_LOOK: Final = 1 << 10
_DIGITS: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d*")
"""A date in ARC."""

Label = Callable[[Page], str | None]


def _field(name: str) -> Label:
    wanted = name.lower().encode()

    def label(page: Page) -> str | None:
        value = page.fields.get(wanted)
        return as_text(value) if value else None

    return label


def _http(name: str) -> Label:
    wanted = name.lower().encode()

    def label(page: Page) -> str | None:
        value = page.response.fields.get(wanted) if page.response is not None else None
        return as_text(value) if value else None

    return label


def _url(page: Page) -> str | None:
    return address_of(page.fields) or None


def _date(page: Page) -> str | None:
    value = as_text(page.fields.get(b"warc-date", b""))
    match = _DIGITS.fullmatch(value)
    if match is not None:
        year, month, day, hour, minute, second = match.groups()
        return f"{year}-{month}-{day}T{hour}:{minute}:{second}Z"
    return value or None


def _status(page: Page) -> str | None:
    return str(page.response.status) if page.response is not None else None


def _type(page: Page) -> str | None:
    return page.media


def _language(page: Page) -> str | None:
    """As the crawler identified it, or else as the page says, or else as the server says."""
    if found := _field("WARC-Identified-Content-Language")(page):
        return found
    return head_field(bytes(page.body[:_LOOK]), "language") or _http("Content-Language")(page)


def _digest(page: Page) -> str | None:
    return _field("WARC-Payload-Digest")(page) or _field("WARC-Block-Digest")(page)


_NAMED: Final[Mapping[str, Label]] = {
    "url": _url,
    "date": _date,
    "status": _status,
    "type": _type,
    "language": _language,
    "ip": _field("WARC-IP-Address"),
    "digest": _digest,
}


def label_of(field: str) -> Label:
    """What computes a label from a page.

    Args:
        field: ``url``, ``date``, ``status``, ``type``, ``language``, ``ip`` or ``digest``; ``http:NAME`` for a field of
            the response; or else the name of a field of the record, in any case.
    """
    name = field.lower()
    if name.startswith(_HTTP):
        return _http(field[len(_HTTP) :])
    return _NAMED.get(name) or _field(field)
