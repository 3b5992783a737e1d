"""Pages in files of their own."""

from collections.abc import Callable
from typing import Any

import pytest

from tokaudit.core.extraction import Extraction
from tokaudit.readers.detect import detect
from tokaudit.readers.files import InputFile

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]
PAGE = b"<!doctype html><html lang=de-AT><title>A &amp; B</title><body><p>One <b>two</b>.</p><script>no()</script>"
VISIBLE = Extraction(main_content=False)


def test_a_page_is_one_document_of_its_visible_text(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.html", PAGE), "html", extraction=VISIBLE)

    assert found.texts == ["One two."]


def test_a_page_without_text_is_left_out(stored: Stored, seen: Seen) -> None:
    page = b"<html><script>no()</script>"
    found = seen(stored("a.html", page), "html", extraction=VISIBLE)

    (omitted,) = found.omitted
    assert (omitted.rule, omitted.number, omitted.bytes) == ("no_text", 1, len(page))
    assert found.texts == []


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml", "noname"])
def test_pages_are_known_by_their_name_or_first_bytes(stored: Stored, name: str) -> None:
    assert detect(stored(name, PAGE)) == "html"
