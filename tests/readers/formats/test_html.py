"""Pages in files of their own."""

import gzip
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import BadRecord, PageBatch
from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.detect import detect, look_into
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.formats.html import READER
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]
PAGE = b"<!doctype html><html lang=de-AT><title>A &amp; B</title><body><p>One <b>two</b>.</p><script>no()</script>"
VISIBLE = Extraction(main_content=False)


def page_of(file: InputFile, **options: Any) -> PageBatch:
    """The page that is read from a file."""
    (found,) = READER.read(file, ReadOptions(**options))
    assert isinstance(found, PageBatch)
    return found


def test_a_page_is_one_document_of_its_visible_text(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.html", PAGE), "html", extraction=VISIBLE)

    assert found.texts == ["One two."]
    assert (found.ordinals, found.offsets, found.positions) == ([0], [0], [len(PAGE)])


def test_a_page_without_text_is_left_out(stored: Stored, seen: Seen) -> None:
    page = b"<html><script>no()</script>"
    found = seen(stored("a.html", page), "html", extraction=VISIBLE)

    (omitted,) = found.omitted
    assert (omitted.rule, omitted.number, omitted.bytes) == ("no_text", 1, len(page))
    assert found.texts == []


def test_a_file_of_no_bytes_has_no_document(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.html", b""), "html")

    assert (found.texts, found.bad, found.omitted) == ([], [], [])


@pytest.mark.parametrize(
    "name", ["a.html", "a.HTM", "a.xhtml", "a.xht", "a.shtml", "a.html.gz", "noname", "a.php", "a.aspx"]
)
def test_pages_are_known_by_their_name_or_first_bytes(stored: Stored, name: str) -> None:
    data = gzip.compress(PAGE) if name.endswith("gz") else PAGE

    assert detect(stored(name, data)) == "html"
    assert look_into(stored(name, data)).reader == "html"


@pytest.mark.parametrize(
    ("head", "begins"),
    [
        (b"<!DOCTYPE html>", True),
        (b"<!doctype  HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>", True),
        (b"\xef\xbb\xbf \n<html>", True),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html>", True),
        (b"<!-- a --> <!-- b\nc --><html lang=en>", True),
        (b"<!-- saved from url=(0014)about:internet -->\r\n<HTML>", True),
        (b"<htmlx>", False),
        (b"<!doctype svg>", False),
        (b"<?php echo 1 ?><html>", False),
        (b"text <html>", False),
        (b"<!-- never closed <html>", False),
        (b"", False),
    ],
)
def test_a_page_begins_with_its_type_or_root_maybe_after_comments(head: bytes, begins: bool) -> None:
    assert READER.begins(head, whole=True) is begins


@pytest.mark.parametrize("part", [b"<!---->", b"<!-- -->\n", b" ", b"<?xml>", b"<!--", b"<!doctype "])
def test_looking_at_the_first_bytes_never_takes_long(part: bytes) -> None:
    started = time.process_time()

    assert not READER.begins(part * 10_000, whole=True)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PAGE, PageKind.HTML),
        (b"<?xml version='1.0'?><html>", PageKind.XHTML),
        (b'<html xmlns="http://www.w3.org/1999/xhtml">', PageKind.XHTML),
    ],
)
def test_xhtml_is_told_apart_by_its_first_bytes(stored: Stored, head: bytes, kind: PageKind) -> None:
    found = page_of(stored("a.html", head), extraction=VISIBLE)

    assert found.kind.tolist() == [kind]
    assert found.kind.dtype == np.uint8
    assert (found.pages.to_pylist(), found.charset.to_pylist(), found.extraction) == ([head], [None], VISIBLE)


def test_labels_are_fields_of_the_head(stored: Stored, seen: Seen) -> None:
    labels = {"name": "title", "tongue": "language", "other": "date"}
    found = seen(stored("a.html", PAGE), "html", labels=labels, extraction=VISIBLE)

    assert found.labels == {"name": ["A & B"], "tongue": ["de-AT"], "other": [None]}


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"PK\x03\x04...", b"WARC/1.0\r\n"])
def test_another_format_under_the_name_of_a_page_is_refused(stored: Stored, seen: Seen, data: bytes) -> None:
    found = seen(stored("a.html", data), "html")

    assert found.refused == "wrong_format"
    assert found.bad[0].why.startswith("is not HTML: it is ")


def test_a_page_of_just_the_largest_size_is_read_and_a_larger_not(stored: Stored) -> None:
    page = PAGE.ljust(1_000)

    assert page_of(stored("a.html", page), limits=Limits(page=1_000)).pages.to_pylist() == [page]
    (bad,) = READER.read(stored("a.html", page + b" "), ReadOptions(limits=Limits(page=1_000)))
    assert isinstance(bad, BadRecord)
    assert (bad.ordinal, bad.code) == (None, "too_large")


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_page_or_a_fault(stored: Stored, data: bytes) -> None:
    found = list(READERS.get("html").read(stored("a.html", data), ReadOptions(labels={"t": "title"})))

    assert len(found) == bool(data)
    assert isinstance(found[0], PageBatch | BadRecord) if data else True
