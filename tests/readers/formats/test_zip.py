"""Zip archives: every member is counted, left out by a rule or a bad record, and no changed byte goes unseen."""

import gzip
import io
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import TextBatch
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reread import read_ordinals
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

ZIP = READERS.get("zip")
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


class Stream(io.RawIOBase):
    """A sink that can't seek, so that sizes follow the content."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Append bytes."""
        self.data += data
        return len(data)


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, streamed: bool = False) -> bytes:
    sink: Any = Stream() if streamed else io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return bytes(sink.data) if streamed else bytes(sink.getvalue())


def texts(*named: tuple[str, str]) -> bytes:
    return packed(*((name, text.encode()) for name, text in named))


SMALL = texts(("a.txt", "first"), ("b/c.md", "second"), ("d.txt", "third"))


@settings(max_examples=60, deadline=None)
@given(
    contents=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300)),
    method=st.sampled_from(METHODS),
    streamed=st.booleans(),
)
def test_every_text_of_an_archive_is_read_in_order(
    *, stored: Stored, seen: Seen, contents: list[str], method: int, streamed: bool
) -> None:
    named = [(f"{n}.txt", text.encode()) for n, text in enumerate(contents)]

    found = seen(stored("a.zip", packed(*named, method=method, streamed=streamed)), "zip")

    joined = b"".join(data for _, data in named)
    assert found.texts == [text for text in contents if text]
    assert [
        joined[at : at + len(text.encode())].decode() for at, text in zip(found.offsets, found.texts, strict=True)
    ] == (found.texts)
    assert not found.bad


def test_records_of_members_have_one_order(stored: Stored, seen: Seen) -> None:
    lines = b'{"text":"x"}\nbad\n{"text":"y"}\n'
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["p", None, "q"]}), sink)
    data = packed(
        ("a.txt", b"a"),
        ("b.jsonl", lines),
        ("c.jsonl.gz", gzip.compress(lines)),
        ("d.parquet", sink.getvalue()),
        ("e.json", b'{"text": "j"}'),
        ("f/", b""),
        ("g.txt", b"g"),
    )

    found = seen(stored("a.zip", data), "zip")

    assert found.texts == ["a", "x", "y", "x", "y", "p", "q", "j", "g"]
    assert found.ordinals == [0, 1, 3, 4, 6, 7, 9, 10, 11]
    assert found.offsets[:5] == [0, 1, 1 + lines.rindex(b"{"), None, None]
    assert ZIP.is_checked(stored("a.zip", data))


def test_a_large_member_is_read_as_a_stream(stored: Stored, seen: Seen) -> None:
    lines = b"".join(b'{"text":"%s %d"}\n' % (random.Random(n).randbytes(400).hex().encode(), n) for n in range(6000))
    book = b"y" * 5_000_000
    for method in METHODS[:3]:
        data = packed(("a.jsonl", lines), ("b.txt", book), ("c.unknown", book), ("d.txt", b"d"), method=method)

        found = seen(stored("a.zip", data), "zip")

        assert len(found.texts) == 6002
        assert found.texts[-2:] == [book.decode(), "d"]
        assert [each.suffix for each in found.omitted] == [".unknown"]


@pytest.mark.parametrize("end", [0, 1, 30, 100, len(SMALL) - 22, len(SMALL) - 1])
def test_an_archive_without_its_directory_is_cut(stored: Stored, seen: Seen, end: int) -> None:
    assert seen(stored("a.zip", SMALL[:end]), "zip").refused == ("cut" if end != 1 else "wrong_format")


def test_a_file_of_another_format_is_refused(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.zip", b"Not found\n" * 9), "zip").refused == "wrong_format"


def test_two_archives_in_one_file_are_refused(stored: Stored, seen: Seen) -> None:
    data = texts(("a.txt", "first"))

    assert seen(stored("a.zip", data + data), "zip").refused == "corrupt"


def test_bytes_before_the_archive_are_skipped(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.zip", b"#!/bin/sh\n" * 7 + SMALL), "zip").texts == ["first", "second", "third"]


def test_a_comment_may_contain_the_mark_of_the_end(stored: Stored, seen: Seen) -> None:
    sink = io.BytesIO(SMALL)
    with zipfile.ZipFile(sink, "a") as archive:
        archive.comment = b"PK\x05\x06" + b"x" * 40

    assert seen(stored("a.zip", sink.getvalue()), "zip").texts == ["first", "second", "third"]


def test_a_wrong_check_sum_is_a_bad_record_of_the_member(stored: Stored, seen: Seen) -> None:
    data = packed(("a.txt", b"first"), ("b.txt", b"second"), ("c.txt", b"third"), method=zipfile.ZIP_STORED)

    found = seen(stored("a.zip", data.replace(b"second", b"secund")), "zip")

    assert (found.texts, found.codes) == (["first", "third"], [(1, "corrupt")])
    assert found.bad[0].why == "b.txt: is damaged: its check sum is wrong"


def test_an_encrypted_or_unknown_member_is_a_bad_record(stored: Stored, seen: Seen) -> None:
    data = bytearray(packed(("a.txt", b"first"), ("b.txt", b"second"), ("c.txt", b"third")))
    entry = data.index(b"PK\x01\x02")
    local = data.index(b"PK\x03\x04", 4)
    data[local + 6] |= 1
    second = data.index(b"PK\x01\x02", entry + 4)
    data[second + 8] |= 1
    third = data.index(b"PK\x01\x02", second + 4)
    data[third + 10] = data[data.index(b"PK\x03\x04", local + 4) + 8] = 99

    found = seen(stored("a.zip", bytes(data)), "zip")

    assert (found.texts, found.codes) == (["first"], [(1, "wrong_format"), (2, "wrong_format")])
    assert "is encrypted" in found.bad[0].why
    assert "method 99" in found.bad[1].why


def test_links_and_unsafe_names_are_not_counted(stored: Stored, seen: Seen) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, mode in [("l.txt", stat.S_IFLNK), ("a.txt", stat.S_IFREG)]:
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode | 0o644) << 16
            archive.writestr(info, name)
        archive.writestr("../up.txt", "x")
        archive.writestr("/abs.txt", "x")
        archive.writestr("in.zip", SMALL)
        archive.writestr(".hidden.txt", "x")

    found = seen(stored("a.zip", sink.getvalue()), "zip")

    assert found.texts == ["a.txt"]
    assert found.codes == [(1, "unsafe_name"), (2, "unsafe_name"), (3, "nested_archive")]
    assert [(each.rule, each.number) for each in found.omitted] == [("link", 1), ("hidden", 1)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_both_count(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.zip", texts(("a.txt", "old"), ("a.txt", "new"))), "zip").texts == ["old", "new"]


def test_a_name_that_is_not_utf8_is_escaped_in_messages(stored: Stored, seen: Seen) -> None:
    data = packed(("cafX.txt", b"a\xff")).replace(b"cafX", b"caf\xe9")

    assert seen(stored("a.zip", data), "zip").bad[0].why.startswith("caf\\xe9.txt: ")


def test_the_fields_of_large_archives_are_read(stored: Stored, seen: Seen) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as target:
        target.write(b"first")
    data = sink.getvalue()
    end = data.index(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end - start, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)

    assert seen(stored("a.zip", data), "zip").texts == ["first"]
    assert seen(stored("a.zip", data[:end] + end_64 + locator + last), "zip").texts == ["first"]


def large(name: bytes, packed_size: int, size: int, offset: int) -> bytes:
    """An archive of one stored member, with sizes and a place that need 64 bits."""
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 45, 0, 0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), 20)
    local += name + struct.pack("<2H2Q", 1, 16, size, packed_size) + b"text"
    entry = struct.pack("<4s6H3L", b"PK\x01\x02", 45, 45, 0, 0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF)
    entry += struct.pack("<5H2L", len(name), 28, 0, 0, 0, 0, 0xFFFFFFFF) + name
    entry += struct.pack("<2H3Q", 1, 24, size, packed_size, offset)
    return local + entry + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)


@pytest.mark.parametrize("name", [b"a.txt", b".a", b"a.mp4"])
@pytest.mark.parametrize("number", [1 << 45, 1 << 62, 1 << 63, (1 << 64) - 1])
def test_a_size_that_no_file_has_is_added_to_nothing(*, stored: Stored, seen: Seen, name: bytes, number: int) -> None:
    assert seen(stored("a.zip", large(name, 4, number, 0)), "zip").refused == "too_large"
    for bad in (large(name, number, 4, 0), large(name, 4, 4, number)):
        found = seen(stored("a.zip", bad), "zip")

        assert (found.texts, found.codes, found.omitted) == ([], [(0, "corrupt")], [])


def test_a_bomb_of_overlapping_members_is_refused(stored: Stored, seen: Seen) -> None:
    data = bytearray(packed(("a.txt", b"b" * 1_000_000)))
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = bytes(data[start:end]) * 200
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 200, 200, len(entries), start, 0)

    found = seen(
        stored("a.zip", bytes(data[:start]) + entries + last), "zip", limits=Limits(ratio=500, ratio_from=20_000_000)
    )

    assert 18 < len(found.texts) < 25
    assert {bad.code for bad in found.bad} == {"too_large"}


def test_a_member_that_claims_another_size_is_a_bad_record(stored: Stored, seen: Seen) -> None:
    for size in (3, 4000):
        data = bytearray(packed(("a.txt", b"first"), ("b.txt", b"second"), streamed=True))
        entry = data.index(b"PK\x01\x02")
        data[entry + 24 : entry + 28] = size.to_bytes(4, "little")

        found = seen(stored("a.zip", bytes(data)), "zip")

        assert (found.texts, found.codes) == (["second"], [(0, "corrupt")])


@pytest.mark.parametrize(
    ("name", "others"),
    [("mimetype", True), ("[Content_Types].xml", True), ("META-INF/MANIFEST.MF", True), ("a.txt", False)],
)
def test_other_formats_in_a_zip_archive_are_not_taken(name: str, *, others: bool) -> None:
    data = packed((name, b"x"), ("b.txt", b"y"))

    assert ZIP.begins(data, whole=True) != others


@settings(max_examples=40, deadline=None)
@given(wanted=st.sets(st.integers(0, 11)), known=st.booleans())
def test_exactly_the_wanted_records_are_read_again(
    *, stored: Stored, seen: Seen, wanted: set[int], known: bool
) -> None:
    lines = b"".join(b'{"text":"line %d"}\n' % n for n in range(5))
    file = stored(
        "a.zip",
        packed(("a.txt", b"a"), ("b.jsonl", lines), ("c.txt", b"\xff"), ("d.json", b'{"text":"d"}'), ("g.txt", b"g")),
    )
    first = seen(file, "zip")
    places = {n: (at, text) for n, at, text in zip(first.ordinals, first.offsets, first.texts, strict=True)}
    ordinals = np.array(sorted(wanted & places.keys()), np.int64)
    offsets = np.array([places[n][0] for n in ordinals.tolist()], np.int64) if known else None

    found = list(read_ordinals(ZIP, file, ReadOptions(), ordinals, offsets))

    again = {n: text for batch in found for n, text in zip(batch.ordinal.tolist(), batch.text.to_pylist(), strict=True)}
    assert again == {n: places[n][1] for n in ordinals.tolist()}


def test_members_between_the_wanted_records_are_not_unpacked(stored: Stored) -> None:
    data = packed(("a.txt", b"first"), ("b.txt", b"second"), ("c.txt", b"third"), method=zipfile.ZIP_STORED)
    file = stored("a.zip", data.replace(b"second", b"secund"))

    found = list(ZIP.pick(file, ReadOptions(), np.array([0, 2]), np.array([0, 11])))  # type: ignore[attr-defined]

    assert [each.text.to_pylist() for each in found if isinstance(each, TextBatch)] == [["first", "third"]]
    assert len(found) == 1


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_damage_never_goes_unseen(*, stored: Stored, seen: Seen, method: int) -> None:
    named = [(f"{n}.txt", f"text {n} ".encode() * 50) for n in range(20)]
    data = packed(*named, method=method)
    right = seen(stored("a.zip", data), "zip")
    chance = random.Random(0)

    assert len(right.texts) == 20
    for _ in range(150):
        spoilt = bytearray(data)
        spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        found = seen(stored("a.zip", bytes(spoilt)), "zip")
        assert found.bad or found.texts == right.texts
        assert seen(stored("a.zip", data[: chance.randrange(len(data))]), "zip").refused
