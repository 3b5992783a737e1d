"""Fields of headers, as crawlers and servers write them."""

import pytest

from tokaudit.readers.warc.headers import charset, media_type


@pytest.mark.parametrize(
    ("value", "media", "named"),
    [
        (b"text/html", "text/html", None),
        (b"Text/HTML; Charset=UTF-8", "text/html", "UTF-8"),
        (b"text/html;charset='koi8-r'", "text/html", "koi8-r"),
        (b"text/html, charset = iso-8859-1, x", "text/html", "iso-8859-1"),
        (b"html; charset=", "", None),
        (b"/; charset=\xe9", "", None),
    ],
)
def test_media_type_and_character_set_are_found(value: bytes, media: str, named: str | None) -> None:
    assert (media_type(value), charset(value)) == (media, named)


def test_a_long_content_type_takes_little_memory() -> None:
    long = b"a" * 1_000_000

    assert len(charset(b"text/html; charset=" + long) or "") == 40
    assert charset(b"text/html; " + long + b"; charset=utf-8") is None
    assert len(media_type(b"text/" + long)) < 2_000
