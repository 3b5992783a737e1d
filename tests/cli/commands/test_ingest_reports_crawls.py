"""Crawls that other programs misread, as their users reported it in public.

The name of each case is the report: the repository on GitHub and the number of its issue.
"""

import gzip
from typing import Final

import pytest
from made.crawls import Page, about, arc_records, chunked, html, packed, page_record
from made.layouts import PNG
from made.reports import ONE, THREE, TWO, Report, check_report
from made.samples import Run

PAGES: Final = [Page(html(text), f"http://example.com/{at}") for at, text in enumerate((ONE, TWO, THREE))]
RECORDS: Final = [page_record(page) for page in PAGES]
ZIP: Final = gzip.compress(html(ONE), mtime=0)


def warc(*records: bytes) -> dict[str, bytes]:
    return {"a.warc": b"".join(records)}


def longer(content: bytes, by: int) -> bytes:
    """The record with a length that is too large, or too small, by some bytes."""
    head, mark, rest = content.partition(b"Content-Length: ")
    length, end, body = rest.partition(b"\r\n")
    return head + mark + b"%d" % (int(length) + by) + end + body


def response_of(page: Page, **fields: str) -> bytes:
    """The record of a page whose HTTP fields are given."""
    http = [(name.replace("_", "-"), value) for name, value in fields.items()]
    return page_record(Page(page.body, page.url, page.media, page.status, http))


def arc_with(head: bytes, body: bytes = html(TWO)) -> dict[str, bytes]:
    """An ARC file of three records, the second with this line before its content."""
    first, *_, last = arc_records([PAGES[0], PAGES[2]])[1:]
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    made = head.replace(b"LENGTH", b"%d" % len(content)) + b"\n" + content + b"\n"
    return {"a.arc": arc_records([])[0] + first + made + last}


def extra_field(member: bytes) -> bytes:
    """A gzip member with an extra field."""
    return member[:3] + b"\4" + member[4:10] + b"\6\0sl\2\0ab" + member[10:]


CLUEWEB = (
    b"WARC/0.18\nWARC-Type: response\nWARC-Target-URI: http://example.com/clue\n"
    b"WARC-Warcinfo-ID: 993d3969-9643-4934-b1c6-68d4dbe55b83\nWARC-Date: 2009-03-65T08:43:19-0800\n"
    b"WARC-Record-ID: <urn:uuid:67f7cabd-146c-41cf-bd01-04f5fa7d5229>\nWARC-TREC-ID: clueweb09-en0000-00-00000\n"
    b"Content-Type: application/http;msgtype=response\nWARC-Identified-Payload-Type: \nContent-Length: %d\n\n%s\n\n"
)
CLUE_PAGE = (
    b"HTTP/1.1 200 OK\nContent-Type: text/html\nExpires: Mon, 20 Dec 1998 01:00:00 GMT\nContent-Length: 9\n\n"
    + html(TWO)
)
ARC_BLOCK = (
    b"1 1 Made\nURL IP-address Archive-date Content-type Archive-length\n"
    b'<?xml version="1.0"?>\n<arcmetadata xmlns="http://archive.org/arc/1.0/"><arc:software>x</arc:software>\n'
    b"http://example.com/ 192.0.2.1 in the middle\n</arcmetadata>\n"
)

REPORTS: Final = {
    "webrecorder/warcio#61": Report(
        arc_with(
            b"http://example.com/index.cfm?Title=Martinez Targets Castor 192.0.2.1 20040925001013 text/html LENGTH"
        ),
        (ONE, TWO, THREE),
        documents=3,
    ),
    "internetarchive/liveweb#41": Report(
        arc_with(b"http://example.com/a.js?ver=2 192.0.2.1 20120516020333 text/html, application/x-javascript LENGTH"),
        (ONE, TWO, THREE),
        documents=3,
    ),
    "internetarchive/warctools#3": Report(
        arc_with(b"http://example.com/robots.txt 192.0.2.1 20130908181048 08Sep201318:10-1:47GMT"),
        (ONE, THREE),
        documents=2,
        codes={"malformed": 1},
    ),
    "internetarchive/warc#17": Report(
        {
            "a.arc": b"filedesc://a.arc 0.0.0.0 20240518015810 text/plain %d\n%s\n" % (len(ARC_BLOCK), ARC_BLOCK)
            + b"".join(arc_records(PAGES)[1:])
        },
        (ONE, TWO, THREE),
        documents=3,
    ),
    "iipc/jwarc#84": Report(
        {
            "a.arc.gz": packed(
                [arc_records([])[0], *arc_records([Page(html(ONE), "http://a.org/lm.cfm?cFileno=WEL 802.02(B)")])[1:]]
            )
        },
        (ONE,),
    ),
    "lintool/warcbase#234": Report(
        {
            "a.arc": b"".join(
                [
                    *arc_records(PAGES[:1]),
                    b"http://example.com/gone 192.0.2.1 20240518015810 text/html 5000\n",
                    *arc_records(PAGES[1:])[1:],
                ]
            )
        },
        (ONE, TWO, THREE),
        documents=3,
        codes={"malformed": 1},
    ),
    "archivesunleashed/aut#267": Report(
        warc(RECORDS[0], CLUEWEB % (len(CLUE_PAGE), CLUE_PAGE), RECORDS[2]), (ONE, TWO, THREE), documents=3
    ),
    "iipc/jwarc#29": Report(
        {"a.warc.gz": packed([RECORDS[0], longer(RECORDS[1], 1), longer(RECORDS[2], -1)])},
        (ONE, TWO, THREE),
        documents=3,
    ),
    "ikreymer/webarchiveplayer#14": Report(
        warc(longer(about(PAGES[0])[1], -1), *RECORDS), (ONE, TWO, THREE), documents=3
    ),
    "webrecorder/warcio#131": Report(
        warc(*(each.removesuffix(b"\r\n") for each in RECORDS)), (ONE, TWO, THREE), documents=3
    ),
    "commoncrawl/news-crawl#11": Report(
        warc(*(each.removesuffix(b"\r\n\r\n") for each in RECORDS)), (ONE, TWO, THREE), documents=3
    ),
    "chatnoir-eu/chatnoir-resiliparse#6": Report(
        {"a.warc.gz": packed(RECORDS)[:-40]}, (ONE, TWO), documents=2, codes={"cut": 1}
    ),
    "webrecorder/warcio#99": Report(
        {"a.warc.gz": packed(RECORDS[:1]) + bytes(range(7, 200)) + packed(RECORDS[1:])},
        (ONE, TWO, THREE),
        documents=3,
        codes={"corrupt": 1},
    ),
    "NVIDIA-NeMo/Curator#2373": Report(
        warc(RECORDS[0], RECORDS[1].replace(b"WARC/1.0", b"WORK 1.0", 1), RECORDS[2]),
        (ONE, THREE),
        documents=2,
        codes={"malformed": 1},
    ),
    "internetarchive/warctools#14": Report(
        warc(response_of(PAGES[0], Content_Encoding="gzip", Content_Length=str(len(ZIP)))), (ONE,)
    ),
    "ukwa/webarchive-discovery#1": Report(
        {"a.warc.gz": b"".join(extra_field(packed([each])) for each in RECORDS)}, (ONE, TWO, THREE), documents=3
    ),
    "ukwa/webarchive-discovery#232": Report(
        warc(
            response_of(
                Page(b"".join(b"%08X\r\n%s\r\n" % (len(ZIP), ZIP) for _ in "1") + b"0\r\n\r\n", "http://example.com/x"),
                Transfer_Encoding="chunked",
                Content_Encoding="gzip",
            ),
            response_of(Page(b"", "http://example.com/none"), Content_Encoding="gzip"),
        ),
        (ONE,),
        left={"empty": 1},
    ),
    "netarchivesuite/solrwayback#58": Report(
        warc(
            response_of(PAGES[0], Transfer_Encoding="chunked"),
            response_of(Page(chunked(html(TWO))), Transfer_Encoding="chunked"),
        ),
        (ONE, TWO),
        documents=2,
    ),
    "ArchiveTeam/wpull#33": Report(
        warc(RECORDS[0].replace(b"application/http; msgtype", b"application/http;msgtype")), (ONE,)
    ),
    "internetarchive/warctools#17": Report(
        warc(RECORDS[0].replace(b"Content-Type: application/http; msgtype=response\r\n", b""), RECORDS[1]),
        (ONE, TWO),
        documents=2,
    ),
    "allenai/dolma#248": Report(warc(page_record(Page(html(ONE), status=0))), (ONE,)),
    "bitextor/warc2text#65": Report(
        warc(page_record(Page(html(ONE), media=None)), page_record(Page(PNG, media=None))),
        (ONE,),
        left={"media_type": 1},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_what_was_reported_of_crawls_is_counted_or_said(run: Run, name: str) -> None:
    check_report(run, REPORTS[name])
