"""Web archives of given pages: WARC, WET and ARC, with records of every kind, whole or damaged."""

import base64
import gzip
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

_NAMES: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True)
class Page:
    """A page as a server sent it, or, with the status 0, as the crawler stored it.

    Attributes:
        body: as it came over the wire: chunked and compressed, if `http` says so.
        url: its address.
        media: its Content-Type; None if the server sent none.
        status: of the response; 0 for a `resource` record.
        http: more fields of the response.
        fields: more fields of the record.
    """

    body: bytes
    url: str = "http://example.com/"
    media: str | None = "text/html; charset=utf-8"
    status: int = 200
    http: Sequence[tuple[str, str]] = ()
    fields: Sequence[tuple[str, str]] = field(default=())


def html(text: str, title: str = "A page") -> bytes:
    """A page with a text."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title></head>'
        f"<body><main><article><p>{text}</p></article></main></body></html>"
    ).encode()


def chunked(body: bytes, size: int = 1000) -> bytes:
    """A body in chunks."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def response(page: Page) -> bytes:
    """The HTTP response of a page."""
    fields = [*([("Content-Type", page.media)] if page.media is not None else []), *page.http]
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {page.status} Reason\r\nServer: made\r\n{lines}\r\n".encode("latin-1") + page.body


def digest(data: bytes) -> str:
    """A digest as WARC has it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def record(
    kind: str,
    content: bytes,
    fields: Iterable[tuple[str, str]] = (),
    *,
    version: str = "1.0",
    length: str | None = None,
    line_end: str = "\r\n",
) -> bytes:
    """A WARC record; `length` replaces its Content-Length, and without characters leaves it out."""
    lines = [f"WARC/{version}", f"WARC-Type: {kind}", "WARC-Date: 2024-05-18T01:58:10Z"]
    lines += [f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(_NAMES, hashlib.md5(content).hexdigest())}>"]  # noqa: S324
    if length != "":
        lines += [f"Content-Length: {len(content) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in fields]
    return (line_end.join(lines) + line_end * 2).encode() + content + (line_end * 2).encode()


def page_record(page: Page, **given: str) -> bytes:
    """The record of a page; `given` as for `record`."""
    fields = [("WARC-Target-URI", page.url), *page.fields]
    if not page.status:
        return record("resource", page.body, [*fields, ("Content-Type", page.media or "")], **given)
    content = response(page)
    digests = [("WARC-Block-Digest", digest(content)), ("WARC-Payload-Digest", digest(page.body))]
    more = [("Content-Type", "application/http; msgtype=response"), ("WARC-IP-Address", "192.0.2.1"), *digests]
    return record("response", content, [*fields, *more], **given)


def info() -> bytes:
    """The first record of a WARC file."""
    return record("warcinfo", b"software: made\r\nformat: WARC File Format 1.0\r\n")


def about(page: Page) -> list[bytes]:
    """Records about a page, as crawlers write them: the request, metadata, and a revisit."""
    uri = ("WARC-Target-URI", page.url)
    request = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
    return [
        record("request", request, [uri, ("Content-Type", "application/http; msgtype=request")]),
        record("metadata", b"fetchTimeMs: 1\r\n", [uri, ("Content-Type", "application/warc-fields")]),
        record("revisit", b"HTTP/1.1 304 Not Modified\r\n\r\n", [uri]),
    ]


def records(pages: Iterable[Page], *, with_others: bool = True) -> list[bytes]:
    """The records of a crawl of some pages; others are requests, metadata, revisits and information on the file."""
    found = [info()] if with_others else []
    for page in pages:
        others = about(page) if with_others else []
        found += [*others[:1], page_record(page), *others[1:]]
    return found


def packed(members: Iterable[bytes]) -> bytes:
    """Each record as a gzip member of its own."""
    return b"".join(gzip.compress(member, 6, mtime=0) for member in members)


def crawl(pages: Iterable[Page], *, gz: bool = False, with_others: bool = True) -> bytes:
    """A WARC file of some pages, plain or compressed record by record."""
    found = records(pages, with_others=with_others)
    return packed(found) if gz else b"".join(found)


def wet_records(texts: Iterable[str | bytes]) -> list[bytes]:
    """The records of a WET file of some texts."""
    found = [info()]
    for number, text in enumerate(texts):
        content = text if isinstance(text, bytes) else text.encode()
        fields = [("WARC-Target-URI", f"http://example.com/{number}"), ("Content-Type", "text/plain")]
        found.append(record("conversion", content, fields))
    return found


def wet(texts: Iterable[str | bytes], *, gz: bool = False) -> bytes:
    """A WET file of some texts."""
    found = wet_records(texts)
    return packed(found) if gz else b"".join(found)


def arc_records(pages: Iterable[Page], *, version: int = 1) -> list[bytes]:
    """The records of an ARC file of some pages; version 2 has more fields."""
    names = b"URL IP-address Archive-date Content-type Archive-length\n"
    more = b""
    if version == 2:
        names = (
            b"URL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename Archive-length\n"
        )
        more = b" 200 - - 0 made.arc"
    block = b"%d 0 Made\n" % version + names
    found = [b"filedesc://made.arc 0.0.0.0 20240518015810 text/plain%s %d\n%s\n" % (more, len(block), block)]
    for page in pages:
        content = response(page)
        media = (page.media or "no-type").partition(";")[0].encode()
        head = b"%s 192.0.2.1 20240518015810 %s%s %d\n" % (page.url.encode(), media, more, len(content))
        found.append(head + content + b"\n")
    return found


def arc(pages: Iterable[Page], *, gz: bool = False, version: int = 1) -> bytes:
    """An ARC file of some pages."""
    found = arc_records(pages, version=version)
    return packed(found) if gz else b"".join(found)
