"""Texts in old encodings are decoded if it is sure which one it is, and never as something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.encodings.old_text import decode_old

FRENCH = (
    "Longtemps, je me suis couch\u00e9 de bonne heure. Parfois, \u00e0 peine ma bougie \u00e9teinte, mes yeux se "
    "fermaient si vite que je n'avais pas le temps de me dire : \u00abJe m'endors."
    "\u00bb Et, une demi-heure apr\u00e8s, "
    "la pens\u00e9e qu'il \u00e9tait temps de chercher le sommeil m'\u00e9veillait ; je voulais poser le volume que je "
    "croyais avoir encore dans les mains et souffler ma lumi\u00e8re.\n"
) * 20
GERMAN = (
    "Als Gregor Samsa eines Morgens aus unruhigen Tr\u00e4umen erwachte, fand er sich in seinem Bett zu einem "
    "ungeheueren Ungeziefer verwandelt. Er lag auf seinem panzerartig harten R\u00fccken und sah, wenn er den Kopf ein "
    "wenig hob, seinen gew\u00f6lbten, braunen, von bogenf\u00f6rmigen Versteifungen geteilten Bauch, auf dessen "
    "H\u00f6he sich die Bettdecke, zum g\u00e4nzlichen Niedergleiten bereit, kaum noch erhalten konnte.\n"
) * 20
ENGLISH = "It is a truth universally acknowledged, that a single man must be in want of a wife.\n" * 30
RUSSIAN = (
    "\u0412\u0441\u0435 \u0441\u0447\u0430\u0441\u0442\u043b\u0438\u0432\u044b\u0435 \u0441\u0435\u043c\u044c\u0438 "
    "\u043f\u043e\u0445\u043e\u0436\u0438 \u0434\u0440\u0443\u0433 \u043d\u0430 \u0434\u0440\u0443\u0433\u0430, "
    "\u043a\u0430\u0436\u0434\u0430\u044f \u043d\u0435\u0441\u0447\u0430\u0441\u0442\u043b\u0438\u0432\u0430\u044f "
    "\u0441\u0435\u043c\u044c\u044f \u043d\u0435\u0441\u0447\u0430\u0441\u0442\u043b\u0438\u0432\u0430 "
    "\u043f\u043e-\u0441\u0432\u043e\u0435\u043c\u0443.\n"
) * 30
JAPANESE = (
    "\u543e\u8f29\u306f\u732b\u3067\u3042\u308b\u3002\u540d\u524d\u306f\u307e\u3060\u7121\u3044\u3002\u3069\u3053\u3067"
    "\u751f\u308c\u305f\u304b\u3068\u3093\u3068\u898b\u5f53\u304c\u3064\u304b\u306c\u3002\n"
) * 30
CHINESE = (
    "\u6eff\u7d19\u8352\u5510\u8a00\uff0c\u4e00\u628a\u8f9b\u9178\u6dda\u3002\u90fd\u4e91\u4f5c\u8005\u75f4\uff0c"
    "\u8ab0\u89e3\u5176\u4e2d\u5473\u3002\u4eba\u751f\u4e0d\u76f8\u898b\uff0c\u52d5\u5982\u53c3\u8207\u5546\u3002\n"
).replace("\u4e91", "\u96f2") * 30
KOREAN = (
    "\ub098\ub77c\uc758 \ub9d0\uc774 \uc911\uad6d\uacfc \ub2ec\ub77c \ubb38\uc790\uc640 \uc11c\ub85c "
    "\ud1b5\ud558\uc9c0 \uc544\ub2c8\ud558\ubbc0\ub85c \uc5b4\ub9ac\uc11d\uc740 \ubc31\uc131"
    "\uc774 \ub9d0\ud558\uace0\uc790 "
    "\ud558\ub294 \ubc14\uac00 \uc788\uc5b4\ub3c4.\n"
) * 30

CASES = [
    *((text, codec) for text in (FRENCH, GERMAN) for codec in ("cp1252", "mac_roman", "cp850", "cp437")),
    *((RUSSIAN, codec) for codec in ("koi8_r", "cp1251", "cp866")),
    *((JAPANESE, codec) for codec in ("shift_jis", "euc_jp")),
    (CHINESE, "big5"),
    (CHINESE, "gb18030"),
    (KOREAN, "euc_kr"),
    *(
        (text, codec)
        for text in (FRENCH, RUSSIAN, JAPANESE)
        for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
    ),
]


@pytest.mark.parametrize(("text", "codec"), CASES)
def test_a_text_in_an_old_encoding_is_decoded(text: str, codec: str) -> None:
    assert decode_old(text.encode(codec)) == text


@pytest.mark.parametrize("said", ["ISO-8859-1", "ISO Latin-1", "Windows-1252", "ISO 8859-1 (Latin-1)", "CP-1252"])
def test_what_a_header_says_decides_where_few_letters_do(said: str) -> None:
    text = f"Title: X\r\n\r\nCharacter set encoding: {said}\r\n\r\n*** START\r\n{ENGLISH}A caf\u00e9.\r\n"

    assert decode_old(text.encode("cp1252")) == text


@pytest.mark.parametrize("said", ["ISO-8859-1", "UTF-8", "ASCII", "Unicode", "x" * 50])
def test_a_header_that_is_wrong_does_not_decide(said: str) -> None:
    text = f"Character set encoding: {said}\n\n{FRENCH}"

    assert decode_old(text.encode("mac_roman")) in {text, None}
    assert decode_old(text.encode("cp1252")) == text


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x80]) + data[place + 1 :]


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, JAPANESE, KOREAN, CHINESE])
@pytest.mark.parametrize("place", [0, 100, 501, 1000])
def test_utf8_with_a_damaged_byte_is_not_sure(text: str, place: int) -> None:
    data = flipped(text.encode(), place)

    with pytest.raises(UnicodeDecodeError):
        data.decode()
    assert decode_old(data) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FRENCH.encode(), FRENCH.encode("cp1252")),
        (FRENCH.encode("cp1252"), FRENCH.encode()[:400]),
        (FRENCH.encode("mac_roman"), FRENCH.encode("cp1252")),
        (FRENCH.encode("cp1252"), FRENCH.encode("cp850")[:800]),
        (RUSSIAN.encode("cp1251"), RUSSIAN.encode("koi8_r")),
        (RUSSIAN.encode("cp1251"), RUSSIAN.encode()),
        (RUSSIAN.encode("koi8_r"), RUSSIAN.encode()[:600]),
        (JAPANESE.encode("shift_jis"), JAPANESE.encode("euc_jp")),
        (JAPANESE.encode("shift_jis"), JAPANESE.encode()),
        (FRENCH.encode("cp1252"), RUSSIAN.encode("cp1251")),
        (FRENCH.encode("utf-16"), FRENCH.encode("cp1252")),
    ],
)
def test_a_text_in_two_encodings_is_not_sure(first: bytes, second: bytes) -> None:
    assert decode_old(first + second) is None
    assert decode_old(second + first) is None


@given(st.binary(max_size=300).filter(lambda data: len(data.decode("ascii", errors="ignore")) < len(data)))
def test_any_bytes_give_a_text_or_none(data: bytes) -> None:
    text = decode_old(data)

    assert text is None or "\ufffd" not in text


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, b"\xff\xfe\0", b"a\0"]
)
def test_bytes_that_are_not_text_are_not_sure(data: bytes) -> None:
    assert decode_old(data) is None
