"""Plain text: a file is one document, unchanged."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.ingesters.domains import ingester_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

QUICK = settings(max_examples=100, deadline=None)


@QUICK
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_a_file_is_one_unchanged_document(stored: Stored, seen: Seen, content: str) -> None:
    found = seen(stored("a.txt", content.encode()), "text", labels={"label": "field"})

    assert (found.texts, found.ordinals, found.offsets) == ([content], [0], [0])
    assert found.labels == {"label": [None]}


@pytest.mark.parametrize("content", ["a\r\nb\rc\n", "\ufefftext", "PAR1 is a protein"])
def test_line_ends_and_byte_order_marks_are_kept(stored: Stored, seen: Seen, content: str) -> None:
    assert seen(stored("a.txt", content.encode()), "text").texts == [content]


def test_an_empty_file_has_no_document(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.txt", b""), "text")

    assert (found.texts, found.bad) == ([], [])


def test_a_compressed_text_is_read(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.txt.gz", gzip.compress(b"text")), "text").texts == ["text"]


def test_an_empty_compressed_file_is_cut(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.txt.gz", b""), "text").refused == "cut"


@pytest.mark.parametrize(
    ("data", "ordinal", "code", "why"),
    [
        (b"caf\xe9", 0, "encoding", "is not valid UTF-8: byte 0xe9 at offset 3"),
        (b"a\xed\xa0\x80", 0, "encoding", "at offset 1"),
        ("text".encode("utf-16"), None, "encoding", "looks like UTF-16: convert it to UTF-8"),
        ("text".encode("utf-32"), None, "encoding", "looks like UTF-32: convert it to UTF-8"),
        (
            "text".encode("utf-16-le"),
            None,
            "wrong_format",
            "is not text: the byte at offset 1 is zero, so it is a binary format",
        ),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", None, "wrong_format", "is not text: it is PDF"),
        (b"WARC/1.0\r\n", None, "wrong_format", "is not text: it is WARC"),
        (b"PK\x03\x04\x14\0\0\0", None, "wrong_format", "is not text: it is a zip archive"),
        (b"PAR1\x15\0", None, "wrong_format", "is not text: it is Parquet"),
        (b"\x1f\x8b\x08\0", None, "cut", "is cut off: its gzip data stop after 4 bytes"),
    ],
)
def test_a_file_that_is_not_text_is_refused_with_the_reason(
    *, stored: Stored, seen: Seen, data: bytes, ordinal: int | None, code: str, why: str
) -> None:
    found = seen(stored("a.txt", data), "text")

    assert (found.texts, found.codes) == ([], [(ordinal, code)])
    assert why in found.bad[0].why


@QUICK
@given(st.binary())
def test_no_bytes_make_the_reader_raise(stored: Stored, seen: Seen, data: bytes) -> None:
    found = seen(stored("a.txt", data), "text")

    assert len(found.texts) + len(found.bad) == (1 if data else 0)


def test_a_file_too_long_for_a_document_does_not_fill_the_memory(stored: Stored, seen: Seen) -> None:
    file = stored("a.txt", b"more than ten bytes")

    for found in (
        seen(file, "text", limits=Limits(record=10)),
        seen(replace(file, data=b"more than ten bytes"), "text", limits=Limits(record=10)),
    ):
        assert (found.texts, found.refused) == ([], "too_large")


@pytest.mark.parametrize("codec", ["latin-1", "utf-8", "shift_jis", "utf-16"])
def test_a_sample_of_a_text_in_an_old_encoding_has_its_size_in_utf8(stored: Stored, codec: str) -> None:
    line = (
        "\u65e5\u672c\u306e\u672c\u3092\u8aad\u3080\u3002\n"
        if codec == "shift_jis"
        else "L'\u00e9t\u00e9, d\u00e9j\u00e0 la for\u00eat: No\u00ebl.\n"
    )
    text = line * (1_200_000 // len(line.encode(codec)))
    file = stored("a.txt", text.encode(codec))
    samples = list(READERS.get("text").sample(file, 600_000, ReadOptions(members=ingester_of("books"))))
    held, stored_bytes = sum(each.text_bytes for each in samples), sum(each.stored for each in samples)

    assert stored_bytes < file.size
    assert held / stored_bytes * file.size == pytest.approx(len(text.encode()), rel=0.01)
    assert sum(each.documents for each in samples) == pytest.approx(stored_bytes / file.size)
