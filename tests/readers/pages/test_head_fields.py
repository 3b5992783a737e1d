"""Fields of the head of a page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.pages.head_fields import head_field

JAPANESE = "<meta charset=shift_jis><title>\u65e5\u672c</title>".encode("shift_jis")


@pytest.mark.parametrize(
    ("page", "name", "value"),
    [
        (b"<html lang=de-AT><title>A &amp; B\n c</title>", "title", "A & B c"),
        (b"<html lang=de-AT><title>A</title>", "language", "de-AT"),
        (b"<HTML class='x' LANG = 'en'>", "language", "en"),
        (b'<html xml:lang="fr">', "language", "fr"),
        (b"<TITLE data-x=1>\xc3\xa9</TITLE >", "title", "\u00e9"),
        (JAPANESE, "title", "\u65e5\u672c"),
        (b"<meta charset=latin-1><title>\xe9</title>", "title", "\u00e9"),
        (b"<meta charset=iso-8859-1><title>\x93a\x94</title>", "title", "\u201ca\u201d"),
        (b"<meta charset=hex><title>\xe9</title>", "title", None),
        (b"<meta charset=none><title>\xe9</title>", "title", None),
        (b"<meta charset=unicode_escape><title>\xe9\\ud800</title>", "title", None),
        (b"<title>\xe9</title>", "title", None),
        (b"<title> &#32; </title>", "title", None),
        (b"<titles>a</titles>", "title", None),
        (b"<html><body>", "language", None),
        (b"<title>a</title>", "date", None),
        (b" " * 70_000 + b"<title>a</title>", "title", None),
        (b"", "title", None),
    ],
)
def test_a_field_is_found_and_decoded_or_null(page: bytes, name: str, value: str | None) -> None:
    assert head_field(page, name) == value
    assert head_field(bytearray(page), name) == value


@given(page=st.binary(max_size=300), name=st.sampled_from(["title", "language"]))
def test_any_bytes_have_a_field_or_none(page: bytes, name: str) -> None:
    value = head_field(b"<html lang=" + page + b"><title>" + page + b"</title>", name)

    assert value is None or value.strip() == value != ""


@pytest.mark.parametrize(
    "part", [b"<title", b"<title>", b"<html lang", b"<meta charset", b"<html ", b"<title>\xff</title"]
)
def test_no_page_takes_long(part: bytes) -> None:
    page = part * (200_000 // len(part))
    started = time.process_time()
    for name in ("title", "language"):
        head_field(page, name)

    assert time.process_time() - started < 2
