"""Which records of a crawl are documents, and why the others are none."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from tokaudit.core.bad_codes import BadCode
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.limits import Limits, longer_than
from tokaudit.readers.unpack.magic import is_printable, media_of
from tokaudit.readers.warc.bodies import BodyFault, body_of
from tokaudit.readers.warc.digests import contradicts
from tokaudit.readers.warc.frames import Frame
from tokaudit.readers.warc.headers import Fields, as_text, charset, media_type
from tokaudit.readers.warc.http import Response, is_http, response_of

_KINDS: Final = {
    "text/html": PageKind.HTML,
    "application/xhtml+xml": PageKind.XHTML,
    "text/plain": PageKind.PLAIN,
}
_HOLD_DOCUMENTS: Final = (b"response", b"resource", b"conversion")
_HEAD: Final = 1 << 10
_MAGIC: Final = 16
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_XHTML: Final = b"http://www.w3.org/1999/xhtml"
_UTF8: Final = frozenset({None, "utf-8", "utf8"})
_WEB: Final = ("http://", "https://")
_LONGEST_KIND: Final = 64
_PLAIN_WORD: Final = re.compile(r"[a-z0-9.+/_-]+")


class Page(NamedTuple):
    """A record that is a document.

    Attributes:
        body: its bytes.
        kind: what they are.
        charset: character set that the server named; None if it named none.
        media: its media type.
        fields: the fields of the record.
        response: the HTTP response; None if the record is none.
        is_text: whether the body is its text already, in UTF-8.
    """

    body: bytes | memoryview
    kind: PageKind
    charset: str | None
    media: str
    fields: Fields
    response: Response | None = None
    is_text: bool = False


class NoDocument(NamedTuple):
    """A record that is not counted, and is no fault: the rule, and the kind among those that the rule leaves out."""

    rule: str
    kind: str


@dataclass(frozen=True, slots=True)
class Faulty:
    """A record that can't be counted."""

    code: BadCode
    why: str


def address_of(fields: Fields) -> str:
    """The address of a record; some crawlers write it in angle brackets."""
    value = as_text(fields.get(b"warc-target-uri", b""))
    return value[1:-1] if value.startswith("<") and value.endswith(">") else value


class Sorting:
    """Tells documents from other records.

    Args:
        limits: limits on what a body may unpack to.
        verify: whether the digests of documents are verified.
    """

    def __init__(self, limits: Limits, *, verify: bool) -> None:
        self._limits = limits
        self._verify = verify

    def may_be_document(self, frame: Frame) -> bool:
        """Whether a record of which only the first bytes are there may be a document."""
        if frame.head.kind not in _HOLD_DOCUMENTS:
            return False
        found = _Looking(frame).found()
        return isinstance(found, _Candidate)

    def sort(self, frame: Frame) -> Page | NoDocument | Faulty:
        """What a record is."""
        kind = frame.head.kind
        if kind not in _HOLD_DOCUMENTS:
            return NoDocument("record_type", plain_word(as_text(kind)))
        found = _Looking(frame).found()
        if not isinstance(found, _Candidate):
            return found
        if frame.length > self._limits.page:
            return Faulty("too_large", longer_than("is", self._limits.page, "page").why)
        if b"warc-segment-number" in found.fields:
            return Faulty("cut", "is the first of several segments, which are not joined")
        if self._verify and (why := contradicts(frame.content, found.fields)):
            return Faulty("corrupt", why)
        return self._page(frame, found)

    def _page(self, frame: Frame, found: "_Candidate") -> Page | NoDocument | Faulty:
        body: bytes | memoryview = frame.content
        if found.response is not None:
            truncated = b"warc-truncated" in found.fields
            response = found.response
            try:
                body = body_of(frame.content, response.body, response.fields, self._limits, truncated=truncated)
            except (BodyFault, FileFault) as fault:
                return Faulty(fault.code, fault.why)
        if not body:
            return NoDocument("empty", "")
        media = _media(body, found.media, is_text=frame.head.kind == b"conversion")
        kind = _KINDS.get(media)
        if kind is None:
            return NoDocument("media_type", media)
        named = found.charset
        is_text = frame.head.kind == b"conversion" and (named.lower() if named else None) in _UTF8
        if is_text and bytes(body[:_HEAD]).isspace() and bytes(body).isspace():
            return NoDocument("no_text", media)
        return Page(body, kind, named, media, found.fields, found.response, is_text)


class _Candidate(NamedTuple):
    """A record that is a document if its body is one: its media type, empty if unknown, and its character set."""

    media: str
    charset: str | None
    response: Response | None
    fields: Fields


class _Looking:
    """Looks at the header of a record, and at that of the response in it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._fields = frame.head.fields()

    def found(self) -> _Candidate | NoDocument | Faulty:
        """What the record may be."""
        kind = self._frame.head.kind
        if kind == b"response":
            return self._of_response()
        address = address_of(self._fields)
        if kind == b"resource" and not address.lower().startswith(_WEB):
            return NoDocument("address", _scheme_of(address))
        value = self._fields.get(b"content-type", b"")
        if kind == b"conversion":
            media = media_type(value) or "text/plain"
            if media != "text/plain":
                return NoDocument("media_type", plain_word(media))
            return _Candidate(media, charset(value), None, self._fields)
        return self._by_type(value, None)

    def _of_response(self) -> _Candidate | NoDocument | Faulty:
        content = self._frame.content
        if not is_http(content):
            return self._of_other()
        response = response_of(content)
        if isinstance(response, str):
            return Faulty("malformed", response)
        if not 200 <= response.status < 300:
            return NoDocument("status", str(response.status))
        if _is_robots(address_of(self._fields)):
            return NoDocument("robots", "")
        return self._by_type(response.fields.get(b"content-type", b""), response)

    def _of_other(self) -> _Candidate | NoDocument | Faulty:
        """Of a response that is no HTTP, such as of a name server."""
        if not self._frame.length:
            return NoDocument("empty", "")
        address = address_of(self._fields)
        if address.lower().startswith(_WEB):
            return Faulty("malformed", "has no HTTP status")
        media = media_type(self._fields.get(b"content-type", b""))
        if media and media not in _KINDS:
            return NoDocument("media_type", plain_word(media))
        return NoDocument("address", _scheme_of(address))

    def _by_type(self, value: bytes, response: Response | None) -> _Candidate | NoDocument:
        media = media_type(value)
        if not media and response is not None:
            media = media_type(self._fields.get(b"warc-identified-payload-type", b""))
        if media and media not in _KINDS:
            return NoDocument("media_type", plain_word(media))
        return _Candidate(media, charset(value), response, self._fields)


def _scheme_of(address: str) -> str:
    scheme, colon, _ = address.partition(":")
    return plain_word(scheme) if colon else ""


def _is_robots(address: str) -> bool:
    host, slash, path = address.partition("://")[2].partition("/")
    return bool(host and slash) and path.partition("?")[0].lower() == "robots.txt"


def _media(body: bytes | memoryview, said: str, *, is_text: bool) -> str:
    """The media type of a body: what the first bytes show for sure, whatever the server said; empty if unknown."""
    shown = None if is_text else media_of(bytes(body[:_MAGIC]))
    return shown or said or _sniffed(bytes(body[:_HEAD]), whole=len(body) <= _HEAD)


def _sniffed(head: bytes, *, whole: bool) -> str:
    """The media type of a body whose header names none, by its first bytes; empty if they are no text."""
    if _HTML.search(head):
        return "application/xhtml+xml" if _XHTML in head and head.lstrip()[:5] == b"<?xml" else "text/html"
    return "text/plain" if is_printable(head, whole=whole) else ""


def plain_word(value: str) -> str:
    """A word of a file as the name of a kind, in lower case; empty if it is too long or has odd characters."""
    value = value.lower()
    return value if len(value) <= _LONGEST_KIND and _PLAIN_WORD.fullmatch(value) else ""
