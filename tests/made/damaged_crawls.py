"""Crawls in the damaged and odd forms that lie around: one record between two whole pages."""

import gzip
import zlib
from collections.abc import Mapping
from typing import Final

import brotli
import zstandard
from made.crawls import Page, about, arc_records, chunked, html, info, packed, page_record, record, wet_records
from made.damage import Case
from made.samples import text

WORDS: Final = text(3)
BODY: Final = html(WORDS)
PAGE: Final = Page(BODY, "http://example.com/3")
FIRST: Final = page_record(Page(html(text(1)), "http://example.com/1"))
LAST: Final = page_record(Page(html(text(2)), "http://example.com/2"))
BEFORE: Final = len(info()) + len(FIRST)
"""Offset of the record between the pages. Its ordinal is 2."""
WHOLE: Final = page_record(PAGE)
CONTENT: Final = len(WHOLE) - WHOLE.index(b"HTTP/1.1") - 4
PDF: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20
PNG: Final = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


def _between(middle: bytes, *, gz: bool = False) -> bytes:
    found = [info(), FIRST, middle, LAST]
    return packed(found) if gz else b"".join(found)


def _kept(middle: bytes, *, gz: bool = False) -> Case:
    """A record that is a document."""
    return Case("a.warc.gz" if gz else "a.warc", _between(middle, gz=gz), 3, (), {"record_type": 1}, WORDS)


def _bad(middle: bytes, code: str, why: str, *, gz: bool = False, others: int = 2) -> Case:
    """A record that is bad, and may take others along."""
    name = "a.warc.gz" if gz else "a.warc"
    return Case(name, _between(middle, gz=gz), others, [(code, 2, BEFORE, why)], {"record_type": 1})


def _left(middle: bytes, rule: str, number: int = 1) -> Case:
    """A record that is left out."""
    rules = {"record_type": 1}
    rules[rule] = rules.get(rule, 0) + number
    return Case("a.warc", _between(middle), 2, (), rules)


def _http(body: bytes, *fields: tuple[str, str], media: str | None = "text/html", status: int = 200) -> bytes:
    """The record of a response with more fields."""
    return page_record(Page(body, "http://example.com/3", media, status, fields))


def _encoded(body: bytes, *names: str) -> bytes:
    """The record of a response whose body has these encodings."""
    return _http(body, *(("Content-Encoding", name) for name in names))


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :]


def _members(*members: bytes) -> bytes:
    return b"".join(gzip.compress(each, mtime=0) for each in members)


GZIPPED: Final = gzip.compress(BODY, mtime=0)
CHUNKED: Final = ("Transfer-Encoding", "chunked")
GZ: Final = ("Content-Encoding", "gzip")
OTHERS: Final = {"record_type": 1}

LENGTHS: Final[Mapping[str, Case]] = {
    "length too small": _bad(page_record(PAGE, length="100"), "malformed", "its length of 100 bytes is wrong"),
    "length too large": _bad(page_record(PAGE, length="5000"), "malformed", "its length of 5,000 bytes is wrong"),
    "length missing": _bad(page_record(PAGE, length=""), "malformed", "has no Content-Length"),
    "length negative": _bad(page_record(PAGE, length="-5"), "malformed", "Content-Length '-5', which is not a number"),
    "length of 40 digits": _bad(page_record(PAGE, length="9" * 40), "malformed", "which is not a number of bytes"),
    "length of petabytes": _bad(page_record(PAGE, length="9" * 16), "malformed", "bytes is wrong"),
    "length of petabytes, packed": _bad(page_record(PAGE, length="9" * 16), "malformed", "bytes is wrong", gz=True),
    "length in words": _bad(page_record(PAGE, length="many"), "malformed", "Content-Length 'many'"),
    "length a line break too small": _kept(page_record(PAGE, length=str(CONTENT - 2))),
    "length covers the next record": _bad(
        page_record(PAGE, length=str(CONTENT + 4 + len(LAST) // 2)), "malformed", "bytes is wrong"
    ),
    "no type": _bad(b"WARC/1.0\r\nContent-Length: 2\r\n\r\nab\r\n\r\n", "malformed", "has no WARC-Type"),
    "header of 1 MB": _kept(page_record(Page(BODY, PAGE.url, fields=[("X-Long", "x" * (1_000_000))]))),
    "header of 2 MB": _bad(
        page_record(Page(BODY, PAGE.url, fields=[("X-Long", "x" * 2_000_000)])), "malformed", "longer than 1 MB"
    ),
    "header without an end": _bad(
        b"WARC/1.0\r\nWARC-Type: response\r\n" + b"X-More: y\r\n" * 200_000, "malformed", "its header has no end"
    ),
    "HTTP header of 2 MB": _bad(_http(BODY, ("X-Long", "x" * 2_000_000)), "malformed", "its HTTP header is longer"),
    "record cut at the end of the file": Case(
        "a.warc", _between(WHOLE)[:-200], 2, [("cut", 3, BEFORE + len(WHOLE), "are missing")], OTHERS, WORDS
    ),
    "record cut in the middle of the file": _bad(WHOLE[:-300], "malformed", "bytes is wrong"),
    "gzip member cut at the end of the file": Case(
        "a.warc.gz", _between(WHOLE, gz=True)[:-50], 2, [("cut", None, None, "is cut off")], OTHERS, WORDS
    ),
    "gzip member damaged": Case(
        "a.warc.gz",
        _members(info(), FIRST) + _flipped(_members(WHOLE), 200) + _members(LAST),
        2,
        [("corrupt", 2, BEFORE, "")],
        OTHERS,
    ),
    "one gzip member": Case("a.warc.gz", gzip.compress(_between(WHOLE), mtime=0), 3, (), OTHERS, WORDS),
    "one gzip member, cut": Case(
        "a.warc.gz", gzip.compress(_between(WHOLE), mtime=0)[:-100], 2, [("cut", None, None, "is cut off")], OTHERS
    ),
    "digest of another content": _bad(
        page_record(PAGE).replace(WORDS[:9].encode(), WORDS[:9].upper().encode()), "corrupt", "does not fit its digest"
    ),
    "garbage between records": _bad(b"<p>garbage</p>" * 20 + b"\r\n\r\n", "malformed", "does not begin with"),
    "zeros behind the last record": Case("a.warc", FIRST + bytes(5000), 1, [("malformed", 1, len(FIRST), "")]),
    "no record at all": Case(
        "a.warc", b"No crawl.\n" * 50, 0, [("wrong_format", None, None, "does not contain a record")]
    ),
}

BODIES: Final[Mapping[str, Case]] = {
    "chunked": _kept(_http(chunked(BODY), CHUNKED)),
    "chunked and compressed": _kept(_http(chunked(GZIPPED), CHUNKED, GZ)),
    "chunked, and unpacked by the crawler": _kept(_http(BODY, CHUNKED, GZ)),
    "chunks cut off": _bad(_http(chunked(BODY, 300)[:500], CHUNKED), "cut", "its chunked body is cut off"),
    "chunks damaged": _bad(
        _http(chunked(BODY, 300).replace(b"12c\r\n", b"10c\r\n", 1), CHUNKED), "corrupt", "its chunked body is damaged"
    ),
    "chunk of exabytes": _bad(
        _http(b"5\r\n<html\r\nfffffffffffffff\r\n" + BODY, CHUNKED), "cut", "its chunked body is cut off"
    ),
    "gzip": _kept(_encoded(GZIPPED, "gzip")),
    "gzip that no header names": _kept(_http(GZIPPED)),
    "gzip twice": _kept(_encoded(gzip.compress(GZIPPED), "gzip", "gzip")),
    "gzip twice, named once": _kept(_encoded(gzip.compress(GZIPPED), "gzip")),
    "gzip of Brotli": _kept(_encoded(gzip.compress(brotli.compress(BODY)), "br, gzip")),
    "Zstandard": _kept(_encoded(zstandard.compress(BODY), "zstd")),
    "deflate with a header": _kept(_encoded(zlib.compress(BODY), "deflate")),
    "deflate without a header": _kept(_encoded(zlib.compress(BODY)[2:-4], "deflate")),
    "gzip five times": _bad(
        _encoded(gzip.compress(gzip.compress(gzip.compress(gzip.compress(GZIPPED)))), "gzip"), "malformed", "4 times"
    ),
    "gzip cut off": _bad(_encoded(GZIPPED[:-60], "gzip"), "cut", "gzip data stop too early"),
    "gzip damaged": _bad(_encoded(_flipped(GZIPPED, 100), "gzip"), "corrupt", "damaged gzip data"),
    "Brotli cut off": _bad(_encoded(brotli.compress(BODY)[:-60], "br"), "cut", "br data stop too early"),
    "Zstandard cut off": _bad(_encoded(zstandard.compress(BODY)[:-60], "zstd"), "cut", "zstd data stop too early"),
    "encoding that nobody reads": _bad(_encoded(BODY, "compress"), "malformed", "encoding compress, which is not read"),
    "cut by the crawler, which says so": _kept(
        page_record(Page(chunked(GZIPPED)[:-9], PAGE.url, http=[CHUNKED, GZ], fields=[("WARC-Truncated", "length")]))
    ),
    "no HTTP status": _bad(
        record("response", BODY, [("WARC-Target-URI", PAGE.url)]), "malformed", "has no HTTP status"
    ),
    "first of several segments": _bad(
        page_record(Page(BODY, PAGE.url, fields=[("WARC-Segment-Number", "1")])), "cut", "the first of several segments"
    ),
    **{f"status {status}": _left(_http(BODY, status=status), "status") for status in (301, 304, 404, 500, 503)},
    "status 204": _left(_http(b"", media=None, status=204), "empty"),
    "empty body": _left(_http(b""), "empty"),
    "PDF": _left(_http(PDF, media="application/pdf"), "media_type"),
    "picture": _left(_http(PNG, media="image/png"), "media_type"),
    "PDF without a type": _left(_http(PDF, media=None), "media_type"),
    "PDF that the server calls HTML": _left(_http(PDF), "media_type"),
    "picture that the server calls HTML": _left(_http(PNG), "media_type"),
    "page without a type": _kept(_http(BODY, media=None)),
    "robots.txt": _left(page_record(Page(b"User-agent: *", "http://example.com/robots.txt", "text/plain")), "robots"),
    "request, metadata and revisit": _left(b"".join(about(PAGE)), "record_type", 3),
    "continuation": _left(record("continuation", BODY, [("WARC-Target-URI", PAGE.url)]), "record_type"),
    "resource of the web": _kept(page_record(Page(BODY, PAGE.url, status=0))),
    "resource of the crawler": _left(page_record(Page(b"a log", "metadata://x/log.txt", "text/plain", 0)), "address"),
    "conversion": _kept(wet_records([WORDS])[1]),
    "conversion that is not UTF-8": _bad(wet_records([b"caf\xe9 " * 9])[1], "encoding", "is not valid UTF-8: byte 3"),
    "page of another address": _left(
        record("response", b"dns answer", [("WARC-Target-URI", "dns:example.com"), ("Content-Type", "text/dns")]),
        "media_type",
    ),
}


def _arc(pages: list[bytes], *, gz: bool = False) -> bytes:
    return packed(pages) if gz else b"".join(pages)


def _arc_cases(version: int) -> dict[str, Case]:
    records = arc_records(
        [Page(html(text(1)), "http://a.com/1"), PAGE, Page(html(text(2)), "http://a.com/2")], version=version
    )
    begin = len(records[0]) + len(records[1])
    wrong = records[2].replace(b" %d\n" % (len(records[2]) - records[2].index(b"\n") - 2), b" 77\n", 1)
    return {
        f"ARC {version}": Case("a.arc", _arc(records), 3, (), OTHERS, WORDS),
        f"ARC {version}, packed": Case("a.arc.gz", _arc(records, gz=True), 3, (), OTHERS, WORDS),
        f"ARC {version}, wrong length": Case(
            "a.arc",
            _arc([records[0], records[1], wrong, records[3]]),
            2,
            [("malformed", 2, begin, "its length of 77 bytes is wrong")],
            OTHERS,
        ),
        f"ARC {version}, cut": Case(
            "a.arc", _arc(records)[:-80], 2, [("cut", 3, begin + len(records[2]), "are missing")], OTHERS, WORDS
        ),
    }


CRAWLS: Final[Mapping[str, Case]] = {
    **LENGTHS,
    **BODIES,
    **_arc_cases(1),
    **_arc_cases(2),
    "ARC called WARC": Case("a.warc", _arc(arc_records([PAGE])), 1, (), OTHERS, WORDS),
}
