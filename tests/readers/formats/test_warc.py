"""Web archives: which records are documents, in which order, and what is said of the others."""

import gzip
import io
import random
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from made.crawls import (
    Page,
    arc,
    chunked,
    crawl,
    html,
    info,
    packed,
    page_record,
    record,
    records,
    wet,
    wet_records,
)
from warcio.archiveiterator import ArchiveIterator

from tokaudit.core.batches import BadRecord, Omitted, PageBatch, TextBatch
from tokaudit.core.left_out_rules import RULES
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

TEXTS = [f"The text of page {number}, which says something of its own. " * 5 for number in range(8)]
PAGES = [Page(html(text), f"http://example.com/{number}") for number, text in enumerate(TEXTS)]
MIXED = [
    PAGES[0],
    Page(b"plain text", "http://example.com/t", "text/plain; charset=latin-1"),
    Page(b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "https://example.com/x", "application/xhtml+xml"),
    Page(b"%PDF-1.4", "http://example.com/p", "application/pdf"),
    Page(b"\x89PNG", "http://example.com/i", "IMAGE/PNG; x=y"),
    Page(html("gone"), "http://example.com/g", status=404),
    Page(html("moved"), "http://example.com/m", status=301),
    Page(html("broken"), "http://example.com/b", status=503),
    Page(b"", "http://example.com/e", status=204),
    Page(b"", "http://example.com/e2", None),
    Page(html("no type"), "http://example.com/n", None),
    Page(b"{}", "http://example.com/n2", None, fields=[("WARC-Identified-Payload-Type", "application/json")]),
    Page(b"User-agent: *", "http://example.com/robots.txt", "text/plain"),
    Page(html("stored"), "http://example.com/r", status=0),
    Page(html("snapshot"), "urn:snapshot:1", status=0),
    Page(gzip.compress(html("packed")), "http://example.com/z", http=[("Content-Encoding", "gzip")]),
    Page(chunked(html("chunked")), "http://example.com/c", http=[("Transfer-Encoding", "chunked")]),
    PAGES[1],
]


def read(data: bytes, name: str = "x.warc", **options: Any) -> list[Any]:
    """What the reader yields."""
    file = InputFile(f"/{name}", name, len(data), "", data=data)
    return list(READERS.get("warc").read(file, ReadOptions(**options)))


def documents(found: Sequence[Any]) -> list[tuple[int, int, bytes]]:
    """Ordinal, offset and bytes of each document."""
    return [
        row
        for each in found
        if isinstance(each, PageBatch | TextBatch)
        for row in zip(
            each.ordinal.tolist(),
            each.offset.to_pylist(),
            [text.encode() for text in each.text.to_pylist()]
            if isinstance(each, TextBatch)
            else each.pages.to_pylist(),
            strict=True,
        )
    ]


def bad(found: Sequence[Any]) -> list[tuple[int | None, str]]:
    """Ordinal and code of each bad record."""
    return [(each.ordinal, each.code) for each in found if isinstance(each, BadRecord)]


def left_out(found: Sequence[Any]) -> dict[tuple[str, str], int]:
    """Rule and kind -> number of records."""
    return {(each.rule, each.suffix): each.number for each in found if isinstance(each, Omitted)}


def test_documents_are_pages_of_success_and_the_rest_is_counted_by_reason() -> None:
    found = read(crawl(MIXED))

    assert [page for _, _, page in documents(found)] == [
        MIXED[0].body,
        b"plain text",
        MIXED[2].body,
        html("no type"),
        html("stored"),
        html("packed"),
        html("chunked"),
        MIXED[-1].body,
    ]
    assert bad(found) == []
    assert left_out(found) == {
        ("record_type", "warcinfo"): 1,
        ("record_type", "request"): len(MIXED),
        ("record_type", "metadata"): len(MIXED),
        ("record_type", "revisit"): len(MIXED),
        ("media_type", "application/pdf"): 1,
        ("media_type", "image/png"): 1,
        ("media_type", "application/json"): 1,
        ("status", "404"): 1,
        ("status", "301"): 1,
        ("status", "503"): 1,
        ("empty", ""): 2,
        ("robots", ""): 1,
        ("address", "urn"): 1,
    }
    assert {rule for rule, _ in left_out(found)} <= set(RULES)


def test_pages_say_their_kind_and_the_charset_of_the_server() -> None:
    (batch,) = [each for each in read(crawl(MIXED[:3])) if isinstance(each, PageBatch)]

    assert batch.kind.tolist() == [PageKind.HTML, PageKind.PLAIN, PageKind.XHTML]
    assert batch.charset.to_pylist() == ["utf-8", "latin-1", None]


@pytest.mark.parametrize("form", ["plain", "records", "member"])
def test_ordinal_and_offset_are_the_place_among_all_records(form: str) -> None:
    made = records(PAGES)
    data = {"plain": b"".join(made), "records": packed(made), "member": gzip.compress(b"".join(made))}[form]

    found = documents(read(data))

    assert [ordinal for ordinal, _, _ in found] == [2 + 4 * number for number in range(len(PAGES))]
    assert [offset for _, offset, _ in found] == [sum(map(len, made[:ordinal])) for ordinal, _, _ in found]


@pytest.mark.parametrize("gz", [False, True])
def test_documents_are_those_of_two_independent_readers(*, gz: bool) -> None:
    data = crawl(MIXED, gz=gz)
    kinds = {"text/html", "text/plain", "application/xhtml+xml"}
    found = {page for _, _, page in documents(read(data))}

    first: set[bytes] = set()
    reasons: Counter[str] = Counter()
    for each in ArchiveIterator(io.BytesIO(data)):
        if each.rec_type != "response" or not each.http_headers.get_statuscode().startswith("2"):
            reasons[each.rec_type if each.rec_type != "response" else each.http_headers.get_statuscode()] += 1
        elif (each.http_headers.get_header("Content-Type") or "").partition(";")[0] in kinds:
            first |= {each.content_stream().read()} - {b""}
    second = set()
    for one in FastIterator(io.BytesIO(data), auto_decode="all"):
        if one.is_http and one.http_headers.status_code == 200 and one.http_content_type in kinds:
            second.add(one.reader.read())

    assert first == second
    assert found == (first - {b"User-agent: *"}) | {html("no type"), html("stored")}
    assert reasons["request"] == left_out(read(data))["record_type", "request"]
    assert reasons["404"] == left_out(read(data))["status", "404"]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("gz", [False, True])
def test_arc_is_read_like_warc(*, version: int, gz: bool) -> None:
    found = read(arc(MIXED[:8], version=version, gz=gz), "x.arc")

    assert [page for _, _, page in documents(found)] == [page.body for page in MIXED[:3]]
    assert [ordinal for ordinal, _, _ in documents(found)] == [1, 2, 3]
    assert left_out(found)["record_type", "filedesc"] == 1
    assert left_out(found)["status", "404"] == 1
    assert bad(found) == []


@pytest.mark.parametrize("gz", [False, True])
def test_wet_comes_as_text_at_once(*, gz: bool) -> None:
    found = read(wet(["one", "zwei ü", " \n", "", "three"], gz=gz), "x.wet")

    assert not any(isinstance(each, PageBatch) for each in found)
    assert [(ordinal, text.decode()) for ordinal, _, text in documents(found)] == [
        (1, "one"),
        (2, "zwei ü"),
        (5, "three"),
    ]
    assert left_out(found) == {("record_type", "warcinfo"): 1, ("no_text", "text/plain"): 1, ("empty", ""): 1}


def test_texts_that_are_not_utf8_are_bad_records_in_order() -> None:
    made = wet_records(["one", b"\xff\xfe", "two", b"caf\xe9"])
    found = read(b"".join([*made[:2], b"garbage\r\n\r\n", *made[2:]]))

    assert bad(found) == [(2, "malformed"), (3, "encoding"), (5, "encoding")]
    assert [text for _, _, text in documents(found)] == [b"one", b"two"]


def test_labels_are_fields_of_record_response_and_page() -> None:
    page = Page(
        html("text"),
        "http://example.com/1",
        http=[("Content-Language", "de")],
        fields=[("WARC-Identified-Content-Language", "deu,eng"), ("WARC-Truncated", "length")],
    )
    plain = Page(b"text", "<http://example.com/2>", "text/plain", http=[("Content-Language", "fr")])
    fields = ["url", "date", "status", "type", "language", "ip", "digest", "warc-TRUNCATED", "http:Server", "http:None"]

    (batch,) = [
        each
        for each in read(crawl([page, PAGES[0], plain]), labels={name: name for name in fields})
        if isinstance(each, PageBatch)
    ]

    labels = {name: values.to_pylist() for name, values in batch.labels.items()}
    assert labels.pop("digest")[0].startswith("sha1:")
    assert labels == {
        "url": ["http://example.com/1", "http://example.com/0", "http://example.com/2"],
        "date": ["2024-05-18T01:58:10Z"] * 3,
        "status": ["200"] * 3,
        "type": ["text/html", "text/html", "text/plain"],
        "language": ["deu,eng", "en", "fr"],
        "ip": ["192.0.2.1"] * 3,
        "warc-TRUNCATED": ["length", None, None],
        "http:Server": ["made"] * 3,
        "http:None": [None] * 3,
    }


def test_dates_of_arc_are_written_as_in_warc() -> None:
    (batch,) = [each for each in read(arc(PAGES[:1]), labels={"d": "date"}) if isinstance(each, PageBatch)]

    assert batch.labels["d"].to_pylist() == ["2024-05-18T01:58:10Z"]


def test_batches_are_bounded_by_bytes_and_documents() -> None:
    data = crawl(PAGES)
    size = len(PAGES[0].body)

    for name, most in (("batch_documents", 3), ("batch_bytes", size * 3 + 2), ("batch_bytes", 1)):
        found = read(data, **{name: most})  # type: ignore[arg-type]
        lengths = [len(each.ordinal) for each in found if isinstance(each, PageBatch)]
        assert lengths == ([1] * 8 if most == 1 else [3, 3, 2])
        assert documents(found) == documents(read(data))


@pytest.mark.parametrize("form", ["plain", "records", "member", "wet", "arc", "damaged"])
def test_any_picked_records_are_those_that_were_read(form: str) -> None:
    made = records(MIXED)
    cut = list(made)
    cut[5] = cut[5][:-40]
    members = [gzip.compress(each, mtime=0) for each in made]
    members[9] = members[9][:40] + b"\0\0\0\0" + members[9][44:]
    data = {
        "plain": b"".join(made),
        "records": packed(made),
        "member": gzip.compress(b"".join(made)),
        "wet": wet(TEXTS, gz=True),
        "arc": arc(MIXED),
        "damaged": b"".join(members),
    }[form]
    file = InputFile("/x.warc", "x.warc", len(data), "", data=data)
    everything = documents(read(data))
    reader: Any = READERS.get("warc")

    for wanted in (everything, everything[::2], everything[-1:], everything[:1]):
        ordinals = np.array([ordinal for ordinal, _, _ in wanted])
        offsets = np.array([offset for _, offset, _ in wanted])
        assert documents(list(reader.pick(file, ReadOptions(), ordinals, offsets))) == wanted
    assert documents(list(reader.pick(file, ReadOptions(), ordinals, None))) == everything


@pytest.mark.parametrize("damaged", [0, 3, 6, 7, 12])
@pytest.mark.parametrize("how", ["flip", "crc", "magic", "zeros"])
def test_a_damaged_member_costs_one_record(damaged: int, how: str) -> None:
    made = records(PAGES)
    members = [gzip.compress(each, mtime=0) for each in made]
    member = members[damaged]
    members[damaged] = {
        "flip": member[:60] + bytes([member[60] ^ 0xFF, member[61] ^ 0x55]) + member[62:],
        "crc": member[:-8] + bytes([member[-8] ^ 1]) + member[-7:],
        "magic": b"\x1f\x8c" + member[2:],
        "zeros": member[:20] + bytes(len(member) - 20),
    }[how]
    whole = documents(read(packed(made)))

    if damaged == 0 and how == "magic":
        return  # it is not a gzip file
    found = read(b"".join(members), "x.warc.gz")

    assert bad(found) == [(damaged, "corrupt")]
    assert [(ordinal, page) for ordinal, _, page in documents(found)] == [
        (ordinal, page) for ordinal, _, page in whole if ordinal != damaged
    ]


def test_damaged_members_in_a_row_cost_one_record_each() -> None:
    members = [gzip.compress(each, mtime=0) for each in records(PAGES)]
    members[4:7] = [member[:-8] + bytes(8) for member in members[4:7]]

    assert bad(read(b"".join(members))) == [(4, "corrupt"), (5, "corrupt"), (6, "corrupt")]


def test_a_cut_member_ends_the_file() -> None:
    made = records(PAGES)
    data = packed(made)[:-30]

    found = read(data, "x.warc.gz")

    assert bad(found) == [(None, "cut")]
    assert [ordinal for ordinal, _, _ in documents(found)] == [2 + 4 * number for number in range(len(PAGES))]


def test_the_last_page_of_a_cut_member_is_not_counted() -> None:
    data = crawl(PAGES, gz=True, with_others=False)

    assert len(documents(read(data[:-3], "x.warc.gz"))) == len(PAGES) - 1


def test_a_plain_record_that_contradicts_its_digests_is_corrupt() -> None:
    data = crawl(PAGES).replace(b"of page 3, which", b"of page 3, whicj", 1)

    assert bad(read(data)) == [(14, "corrupt")]


def test_documents_over_the_limit_are_too_large_and_skipped() -> None:
    big = Page(b"<html>" + b"x" * 100_000, "http://example.com/big")
    bomb = Page(gzip.compress(bytes(1_000_000)), "http://example.com/bomb", http=[("Content-Encoding", "gzip")])
    picture = Page(b"x" * 100_000, "http://example.com/i", "image/png")

    found = read(crawl([PAGES[0], big, bomb, picture, PAGES[1]]), limits=Limits(page=50_000))

    assert bad(found) == [(6, "too_large"), (10, "too_large")]
    assert len(documents(found)) == 2
    assert left_out(found)["media_type", "image/png"] == 1


def test_responses_without_http_and_of_other_schemes_are_told_apart() -> None:
    dns = record(
        "response",
        b"20240518\nexample.com. 1 IN A 1.2.3.4\n",
        [("WARC-Target-URI", "dns:x"), ("Content-Type", "text/dns")],
    )
    ftp = record("response", b"text", [("WARC-Target-URI", "ftp://x/y"), ("Content-Type", "text/plain")])
    odd = record("response", b"<html>", [("WARC-Target-URI", "http://x/y"), ("Content-Type", "application/http")])
    part = page_record(Page(html("x"), fields=[("WARC-Segment-Number", "1")]))
    rest = record("continuation", b"rest", [("WARC-Segment-Number", "2")])

    found = read(dns + ftp + odd + part + rest)

    assert left_out(found) == {("media_type", "text/dns"): 1, ("address", "ftp"): 1, ("record_type", "continuation"): 1}
    assert bad(found) == [(2, "malformed"), (3, "cut")]


def test_the_kinds_that_are_left_out_are_limited() -> None:
    many = [Page(b"x", media=f"image/x{number}") for number in range(1_500)]

    found = [each for each in read(crawl(many, with_others=False)) if isinstance(each, Omitted)]

    assert len(found) == 1_001
    assert sum(each.number for each in found) == 1_500


@pytest.mark.parametrize(
    "data", [b"no crawl", b"\n\n\n", b"PK\x03\x04" + bytes(3_000), b"WARC", gzip.compress(b"x", mtime=0)]
)
def test_a_file_without_records_is_another_format(data: bytes) -> None:
    assert bad(read(data)) == [(None, "wrong_format")]


def test_an_empty_file_has_no_documents() -> None:
    assert read(b"") == []


def test_formats_are_known_by_their_first_bytes() -> None:
    reader = READERS.get("warc")

    assert reader.begins(crawl(PAGES), whole=True)
    assert reader.begins(arc(PAGES), whole=True)
    assert not reader.begins(b"WARC/1.0 is a format", whole=True)
    assert not reader.begins(b"(module)", whole=True)
    assert reader.may_begin(b"x" + arc(PAGES)[1:])
    assert not reader.may_begin(b"(module)")


def mutated(data: bytes, number: int, *, cut: bool) -> bytes:
    """The data with a flipped bit, or cut."""
    chance = random.Random(number)
    place = chance.randrange(1, len(data))
    if cut:
        return data[:place]
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("form", ["plain", "records", "wet", "arc", "member"])
def test_flipped_and_cut_files_are_noticed_or_unchanged(form: str, *, cut: bool) -> None:
    made = records(PAGES)
    data = {
        "plain": b"".join(made),
        "records": packed(made),
        "wet": wet(TEXTS, gz=True),
        "arc": arc(PAGES, gz=True),
        "member": gzip.compress(b"".join(made), mtime=0),
    }[form]
    whole = documents(read(data))
    silent = 0
    for number in range(60):
        changed = mutated(data, number, cut=cut)
        found = read(changed, "x.warc" if form == "plain" else "x.warc.gz")
        silent += not bad(found) and [row[2] for row in documents(found)] != [row[2] for row in whole]
        texts = {page for _, _, page in whole}
        if form in {"records", "wet", "arc"}:
            assert all(page in texts for _, _, page in documents(found))

    # A plain file has check sums of documents alone, and a cut between two records can't be seen.
    assert silent <= {"plain": 6, "records": 2, "wet": 3, "arc": 3, "member": 0}[form]


def test_a_crawl_without_digests_is_read() -> None:
    page = record(
        "response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x", [("WARC-Target-URI", "http://x/")]
    )

    assert len(documents(read(info() + page))) == 1


def test_gzip_of_any_level_is_read() -> None:
    members = [zlib.compress(each, level, 31) for level, each in enumerate(records(PAGES[:2]))]

    assert len(documents(read(b"".join(members)))) == 2


def test_a_crawl_becomes_text(stored: Stored, seen: Seen) -> None:
    found = seen(stored("x.warc.gz", crawl(PAGES, gz=True)), "warc")

    assert [text.strip() for text in found.texts] == [text.strip() for text in TEXTS]


def test_a_file_that_can_not_seek_is_read_alike() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation("seek")

    for data in (crawl(MIXED), crawl(MIXED, gz=True)):
        file = InputFile("/x.warc", "x.warc", len(data), "", opener=lambda data=data: Pipe(data))  # type: ignore[misc]
        found = list(READERS.get("warc").read(file, ReadOptions()))
        assert documents(found) == documents(read(data))
        assert left_out(found) == left_out(read(data))


def test_a_crawl_in_an_archive_is_read_like_one_beside_it() -> None:
    data = crawl(PAGES, gz=True)
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w") as made:
        for name in ("a.warc.gz", "b.warc.gz"):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
    file = InputFile("/x.tar", "x.tar", len(room.getvalue()), "", data=room.getvalue())

    found = list(READERS.get("tar").read(file, ReadOptions()))

    assert [page for _, _, page in documents(found)] == [page.body for page in PAGES] * 2
    assert left_out(found)["record_type", "request"] == 2 * len(PAGES)
    assert bad(found) == []


@pytest.mark.parametrize("form", ["plain", "records", "member", "damaged"])
@pytest.mark.parametrize("piece", [1 << 10, 1 << 18])
@pytest.mark.parametrize("kind", ["response", "metadata"])
def test_long_records_are_read_like_short_ones(
    monkeypatch: pytest.MonkeyPatch, form: str, piece: int, kind: str
) -> None:
    pages = [*MIXED[:6], Page(b"x" * 300_000, "http://example.com/l", "image/png"), *PAGES[:3]]
    made = records(pages)
    made.insert(9, page_record(PAGES[5], length="900000").replace(b"Type: response", b"Type: %s" % kind.encode(), 1))
    members = [gzip.compress(each, mtime=0) for each in made]
    if form == "damaged":
        members[3] = members[3][:-8] + bytes(8)
        members[-2] = members[-2][:-8] + bytes(8)
    data = {"plain": b"".join(made), "member": gzip.compress(b"".join(made))}.get(form, b"".join(members))
    monkeypatch.setattr("tokaudit.readers.warc.source.PIECE", piece)
    expected = read(data)

    monkeypatch.setattr("tokaudit.readers.warc.frames._HELD", 400)
    monkeypatch.setattr("tokaudit.readers.warc.frames._HEAD", 300)
    found = read(data)

    assert (9, "malformed") in bad(found)
    assert bad(found) == bad(expected)
    assert documents(found) == documents(expected)
    assert left_out(found) == left_out(expected)


def test_damage_in_a_record_that_is_passed_over_costs_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.readers.warc.frames._HELD", 400)
    picture = Page(random.Random(1).randbytes(500_000), "http://example.com/l", "image/png")
    members = [gzip.compress(each, mtime=0) for each in records([PAGES[0], picture, PAGES[1]])]
    members[6] = members[6][:-8] + bytes(8)

    found = read(b"".join(members))

    assert bad(found) == [(6, "corrupt")]
    assert len(documents(found)) == 2


@pytest.mark.parametrize(
    ("content", "codes", "reasons"),
    [
        (b"HTTP/1.1 OK\r\n\r\nx", [(0, "malformed")], {}),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * (1 << 20), [(0, "malformed")], {}),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html", [], {("empty", ""): 1}),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", [], {("empty", ""): 1}),
        (b"HTTP/2 404\r\n\r\n", [], {("status", "404"): 1}),
        (b"", [], {("empty", ""): 1}),
        (b"HTTP/1.1 200\n\n\0\1\2", [], {("media_type", ""): 1}),
    ],
)
def test_odd_responses_are_bad_or_left_out(
    content: bytes, codes: list[tuple[int, str]], reasons: dict[tuple[str, str], int]
) -> None:
    found = read(record("response", content, [("WARC-Target-URI", "http://example.com/")]))

    assert bad(found) == codes
    assert left_out(found) == reasons


def test_a_response_with_bare_line_feeds_is_read() -> None:
    content = b"HTTP/1.0 200 OK\nContent-type : text/html;charset='x'\n\n<p>\r\n\r\n"
    (batch,) = read(record("response", content, [("WARC-Target-URI", "http://example.com/")]))

    assert (batch.pages.to_pylist(), batch.charset.to_pylist()) == ([b"<p>\r\n\r\n"], ["x"])


def test_conversions_of_other_types_and_charsets_are_not_taken_for_text() -> None:
    picture = record("conversion", b"x", [("Content-Type", "image/png")])
    latin = record("conversion", b"caf\xe9", [("Content-Type", "text/plain; charset=latin-1")])

    found = read(picture + latin)

    assert left_out(found) == {("media_type", "image/png"): 1}
    assert [type(each) for each in found] == [PageBatch, Omitted]


def test_an_arc_file_without_a_length_in_its_first_line_is_read() -> None:
    data = arc(PAGES).replace(b"text/plain 75\n", b"text/plain -1\n", 1)
    data = data if b"plain -1" in data else data.replace(data.split(b"\n", 1)[0].rsplit(b" ", 1)[1], b"-1", 1)

    assert len(documents(read(data))) == len(PAGES)
