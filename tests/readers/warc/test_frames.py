"""Where the records of a crawl begin and end, whatever their lengths say."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.crawls import Page, about, arc_records, html, info, page_record, record, records

from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.streams import open_stream
from tokaudit.readers.warc import frames as frames_module
from tokaudit.readers.warc.forms import form_of
from tokaudit.readers.warc.frames import Damage, Frame, Frames
from tokaudit.readers.warc.source import CrawlBytes

PAGES = [Page(html(f"page {number}"), f"http://example.com/{number}") for number in range(3)]


def framed(data: bytes, most: int = 1 << 30, *, wanted: bool = True) -> list[Frame | Damage]:
    """The records and the damage in some bytes."""
    source = CrawlBytes(lambda: open_stream(InputFile("/x.warc", "x.warc", len(data), "", data=data)))
    return list(Frames(source, form_of(source), most, lambda _: wanted).records())


def contents(found: Sequence[Frame | Damage]) -> list[bytes | str]:
    """The content of each record, and the code of each damage."""
    return [each.content if isinstance(each, Frame) else each.code for each in found]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_any_contents_come_back_with_their_places(bodies: list[bytes]) -> None:
    made = [record("response", body) for body in bodies]

    found = framed(b"".join(made))

    assert contents(found) == bodies
    assert [each.offset for each in found] == [sum(map(len, made[:number])) for number in range(len(made))]


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
@pytest.mark.parametrize("version", ["0.17", "0.18", "1.0", "1.1"])
def test_versions_and_line_ends_are_read_alike(version: str, line_end: str) -> None:
    made = record("response", b"a\r\n\r\nb", version=version, line_end=line_end)

    assert contents(framed(made * 3)) == [b"a\r\n\r\nb"] * 3


@pytest.mark.parametrize("off", [-4, -2, -1, 1, 2, 4])
def test_a_length_that_is_off_by_a_line_break_is_read(off: int) -> None:
    body = b"<html>the page</html>"
    made = record("response", body, length=str(len(body) + off))

    found = contents(framed(info() + made + info()))

    assert len(found) == 3
    assert isinstance(found[1], bytes)
    assert found[1].strip() == body


@pytest.mark.parametrize("length", ["", "-1", "abc", "1e3", "9" * 30, "3", "60", "99999999", "9999999999"])
def test_a_wrong_length_costs_one_record(length: str) -> None:
    body = b"<html>" + b"the page of a record whose length is wrong " * 9 + b"</html>"
    made = [info(), record("response", body, length=length), info(), info()]

    found = framed(b"".join(made))

    assert [code for code in contents(found) if isinstance(code, str)] == ["malformed"]
    assert [each.offset for each in found] == [sum(map(len, made[:number])) for number in range(4)]


def test_a_length_that_covers_records_costs_one_record() -> None:
    made = [info(), record("response", b"x" * 50, length="700"), *[record("response", b"y" * 90)] * 5]

    assert contents(framed(b"".join(made)))[1:] == ["malformed", *[b"y" * 90] * 5]


@pytest.mark.parametrize(
    "garbage", [b"garbage\r\n\r\n", b"\0" * 100_000, b"WARC/1.0\r\n\r\n", b"VARC/1.0\r\nA: b\r\n\r\n"]
)
def test_garbage_between_records_is_one_bad_record(garbage: bytes) -> None:
    found = framed(info() + garbage + info() + info())

    assert [type(each) for each in found] == [Frame, Damage, Frame, Frame]
    assert found[1].offset == len(info())


def test_a_file_that_begins_with_garbage_is_read_behind_it() -> None:
    assert [type(each) for each in framed(b"XARC/1.0\r\n" + info()[10:] + info())] == [Damage, Frame]


def test_a_cut_record_says_how_many_bytes_are_missing() -> None:
    found = framed(info() + record("response", b"x" * 500)[:-100])

    assert isinstance(found[1], Damage)
    assert (found[1].code, found[1].why) == ("cut", "is cut off: the last 96 bytes of its content are missing")


def test_a_header_of_a_megabyte_is_read_and_a_longer_one_is_not() -> None:
    short = record("response", b"page", [("X", "x" * 900_000)])
    long = record("response", b"page", [("X", "x" * 1_100_000)])

    assert contents(framed(short + long + info()))[:2] == [b"page", "malformed"]
    assert len(framed(short + long + info())) == 3


def test_folded_and_doubled_fields_are_read() -> None:
    made = record("response", b"page", [("X-Folded", "a\r\n  b"), ("Content-Length", "99"), ("Odd line", "c")])
    found = framed(made.replace(b"Odd line: c", b"a line without a colon") + info())

    assert isinstance(found[0], Frame)
    assert found[0].content == b"page"
    assert found[0].head.fields()[b"x-folded"] == b"a b"


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("packed", [False, True])
def test_long_records_are_passed_over_without_being_held(
    monkeypatch: pytest.MonkeyPatch, *, wanted: bool, packed: bool
) -> None:
    import gzip  # noqa: PLC0415 - one case alone packs

    monkeypatch.setattr(frames_module, "_HELD", 1_000)
    monkeypatch.setattr(frames_module, "_HEAD", 10)
    good = record("response", b"y" * 5_000)
    data = info() + good + record("response", b"z" * 5_000, length="1000000") + good + good
    data = gzip.compress(data) if packed else data

    found = framed(data, most=4_000 if wanted else 1 << 30, wanted=wanted)

    assert contents(found)[1:] == [b"y" * 10, "malformed", b"y" * 10, b"y" * 10]
    assert [each.length for each in found if isinstance(each, Frame)][1:] == [5_000] * 3


@pytest.mark.parametrize("version", [1, 2])
def test_arc_records_are_read_with_blanks_in_addresses(version: int) -> None:
    pages = [Page(html("one"), "http://example.com/a b c"), Page(html("two"), media="text/html")]
    made = arc_records(pages, version=version)

    found = framed(b"".join(made))

    assert [each.offset for each in found] == [sum(map(len, made[:number])) for number in range(3)]
    assert [each.head.kind for each in found if isinstance(each, Frame)] == [b"filedesc", b"response", b"response"]
    frame = found[1]
    assert isinstance(frame, Frame)
    assert frame.content.endswith(html("one"))
    assert frame.head.fields()[b"warc-target-uri"] == b"http://example.com/a b c"


@pytest.mark.parametrize("length", [b"-1", b"abc", b"7", b"99999"])
def test_a_wrong_length_in_arc_costs_one_record(length: bytes) -> None:
    made = arc_records(PAGES)
    made[2] = re.sub(rb" \d+\n", b" " + length + b"\n", made[2], count=1)

    found = framed(b"".join(made))

    assert [type(each) for each in found] == [Frame, Frame, Damage, Frame]


@pytest.mark.parametrize("piece", [1 << 10, 1 << 12, 1 << 18])
def test_the_size_of_pieces_changes_nothing(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    made = [*records(PAGES), page_record(PAGES[0], length="5"), *about(PAGES[1]), page_record(PAGES[2])]
    data = b"".join(made)
    expected = framed(data)

    monkeypatch.setattr("tokaudit.readers.warc.source.PIECE", piece)

    assert contents(framed(data)) == contents(expected)
    assert [each.offset for each in framed(data)] == [each.offset for each in expected]
