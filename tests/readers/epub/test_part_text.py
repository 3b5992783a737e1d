"""Parts of a book become UTF-8 from the encoding that they are in, or are refused."""

import pytest

from tokaudit.readers.epub.part_text import as_utf8
from tokaudit.readers.faults import FileFault

TEXT = "<html><p>C'est l\u2019\u00e9t\u00e9 \u0161</p></html>"


@pytest.mark.parametrize(
    ("said", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"),
        ("windows-1252", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("nonsense", "utf-8"),
    ],
)
def test_a_part_is_read_in_its_encoding(said: str, codec: str) -> None:
    text = f'<?xml version="1.0" encoding="{said}"?>{TEXT}'

    assert as_utf8(text.encode(codec)).decode() == text


@pytest.mark.parametrize(
    ("data", "code", "why"),
    [
        (b'<?xml version="1.0" encoding="utf-8"?><p>\xe9t\xe9</p>', "encoding", "byte 0xe9 at offset 41"),
        (b"<p>\xe9t\xe9</p>", "encoding", "is not valid UTF-8"),
        (b'<?xml encoding="unicode_escape"?><p>\xe9\\u0041</p>', "encoding", "is not valid UTF-8"),
        (b'<?xml encoding="shift_jis"?><p>\xe9\xff</p>', "encoding", "is not valid CP932"),
        (b"\xff\xfea", "encoding", "is not valid UTF-16"),
        (b"<p>a\0b</p>", "wrong_format", "the byte at offset 4 is zero"),
    ],
)
def test_a_part_in_another_encoding_than_it_says_is_refused(data: bytes, code: str, why: str) -> None:
    with pytest.raises(FileFault, match=why) as refused:
        as_utf8(data)

    assert refused.value.code == code
