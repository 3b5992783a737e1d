"""Names of encodings."""

import pytest

from tokaudit.readers.encodings.names import meant_by


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("ISO-8859-1", b"\x93", "\u201c"),
        ("latin1", b"\x80", "\u20ac"),
        ("us-ascii", b"\x93", "\u201c"),
        ("Shift_JIS", b"\x87\x40", "\u2460"),
        ("euc-kr", b"\x81\x41", "\uac02"),
        ("gb2312", b"\x81\x40", "\u4e02"),
        ("gbk", b"\x81\x30\x81\x30", "\x80"),
        ("koi8-r", b"\xc1", "\u0430"),
    ],
)
def test_a_name_means_the_set_with_the_characters_of_vendors(name: str, data: bytes, text: str) -> None:
    assert data.decode(meant_by(name)) == text


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(LookupError):
        meant_by("none")
