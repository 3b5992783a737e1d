"""Pages in old character sets: named rightly, wrongly, in the wrong place, or not at all."""

# ruff: noqa: RUF001 - letters of many scripts

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages.charsets import codec_of, decoded
from tokaudit.readers.pages.page_text import page_text

RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю. Быстрая бурая лиса прыгает."
JAPANESE = "これは日本語の文章です。吾輩は猫である。名前はまだ無い。どこで生れたか頓と見当がつかぬ。"
CHINESE = "这是一个中文句子。我们在这里测试字符编码的检测功能，看看结果如何。"
TRADITIONAL = (
    "中文維基百科是維基百科協作計劃的中文版本，自二零零二年十月成立。正式成立以來，中文維基百科目前已擁有許多條目。"
)
KOREAN = "이것은 한국어 문장입니다. 우리는 여기서 문자 인코딩 감지를 시험합니다."
FRENCH = "Dès Noël, où un zéphyr haï me vêt de glaçons würmiens, je dîne à l’aÿ d’âge mûr."
LATIN = "Le pingouin était très fâché, et la forêt de l'évêque brûlait à côté."
GERMAN = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich; schöne Grüße."

# The name on the web, Python's codec, a text.
SETS = [
    ("utf-8", "utf-8", RUSSIAN),
    ("utf-8", "utf-8", JAPANESE),
    ("iso-8859-1", "latin-1", LATIN),
    ("windows-1252", "cp1252", FRENCH),
    ("shift_jis", "cp932", JAPANESE),
    ("euc-jp", "euc_jp", JAPANESE),
    ("iso-2022-jp", "iso2022_jp", JAPANESE),
    ("gb18030", "gb18030", CHINESE),
    ("gb2312", "gb18030", CHINESE),
    ("big5", "big5", TRADITIONAL),
    ("euc-kr", "cp949", KOREAN),
    ("koi8-r", "koi8-r", RUSSIAN),
    ("windows-1251", "cp1251", RUSSIAN),
]
each_set = pytest.mark.parametrize(("web", "codec", "text"), SETS)


def page(text: str, head: str = "", tail: str = "") -> str:
    return f"<!doctype html><html><head>{head}<title>t</title></head><body><p>{text}</p></body></html>{tail}"


def text_of(data: bytes, charset: str | None = None) -> str:
    return page_text(PageKind.HTML, data, charset, Extraction())


@each_set
def test_a_set_that_nobody_names_is_known_by_its_content(web: str, codec: str, text: str) -> None:
    assert web
    assert text_of(page(text).encode(codec)) == text


@each_set
def test_a_set_that_the_server_names_is_used(web: str, codec: str, text: str) -> None:
    for name in (web, web.upper(), f' "{web}" '):
        assert text_of(page(text).encode(codec), name) == text


@each_set
def test_a_set_that_the_page_names_is_used(web: str, codec: str, text: str) -> None:
    for head in (f"<meta charset={web}>", f'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={web}">'):
        assert text_of(page(text, head).encode(codec)) == text


@each_set
@pytest.mark.parametrize("server", ["utf-8", "us-ascii", "iso-8859-1", "utf-16", "no-such-set", ""])
def test_a_server_that_names_a_default_does_not_win_over_the_page(web: str, codec: str, text: str, server: str) -> None:
    assert text_of(page(text, f"<meta charset={web}>").encode(codec), server) == text


@each_set
@pytest.mark.parametrize("named", ["utf-8", "us-ascii", "windows-1252"])
def test_wrong_server_and_page_do_not_win_over_the_content(web: str, codec: str, text: str, named: str) -> None:
    assert web
    assert text_of(page(text, f"<meta charset={named}>").encode(codec), named) == text


@pytest.mark.parametrize("text", [RUSSIAN, JAPANESE, KOREAN, LATIN, "© 2024"])
@pytest.mark.parametrize("named", ["iso-8859-1", "us-ascii", "shift_jis", "gb2312", "euc-kr", "koi8-r", "utf-16"])
def test_valid_utf8_is_utf8_whatever_it_says(text: str, named: str) -> None:
    assert text_of(page(text, f"<meta charset={named}>").encode(), named) == text


def test_a_set_named_in_the_last_line_is_used() -> None:
    # The content alone looks like other Latin letters.
    text = "Zażółć gęślą jaźń"
    data = page(text, "<!--" + "x" * 2000 + "-->", '\n<meta charset="windows-1250">').encode("cp1250")
    assert text_of(data, "windows-1250") == text
    assert text_of(data) == text
    greek = "ΰ ’Αλφα"
    assert text_of(page(greek + "x " * 900, tail='\n<meta charset="windows-1253">').encode("cp1253"))[:7] == greek


def test_a_set_named_in_a_comment_is_not_used() -> None:
    data = page(GERMAN, '<!-- <meta charset="koi8-r"> --><meta charset="windows-1252">').encode("cp1252")
    assert text_of(data) == GERMAN


def test_a_set_named_in_the_prolog_is_used() -> None:
    data = f'<?xml version="1.0" encoding="koi8-r"?>{page(RUSSIAN)}'.encode("koi8-r")
    assert page_text(PageKind.XHTML, data, "windows-1252", Extraction()) == RUSSIAN


def test_the_page_wins_over_a_wrong_server_if_the_content_agrees_with_it() -> None:
    data = page(RUSSIAN, '<meta charset="windows-1251">').encode("cp1251")
    assert text_of(data, "koi8-r") == RUSSIAN


@pytest.mark.parametrize("text", ["ÅÄÖ", "À É È Ù", "© É", "“É” “À”"])
def test_few_capitals_with_accents_are_not_taken_for_another_script(text: str) -> None:
    assert text_of(f"<p>{text}".encode("cp1252"), "windows-1252") == text


def test_characters_that_vendors_added_are_known_by_content() -> None:
    text = f"{JAPANESE}①②㈱"
    assert text_of(page(text).encode("cp932")) == text
    assert text_of(page(text).encode("cp932"), "shift_jis") == text


def test_ukrainian_in_windows_1251_is_known_by_content() -> None:
    text = "Жебракують філософи при ґанку церкви" * 4
    assert text_of(page(text).encode("cp1251")) == text


def test_the_server_wins_over_the_page_if_the_content_cannot_tell() -> None:
    data = page("caf\xe9 \xa4", '<meta charset="iso-8859-15">').encode("latin-1")
    assert text_of(data, "windows-1252") == "caf\xe9 \xa4"
    assert text_of(data) == "caf\xe9 \u20ac"


@pytest.mark.parametrize("named", [None, "utf-8", "iso-8859-1"])
def test_utf8_with_a_bad_byte_stays_utf8(named: str | None) -> None:
    data = page(RUSSIAN).encode().replace("булок".encode(), "бу".encode() + b"\xff" + "ок".encode())
    assert text_of(data, named) == RUSSIAN.replace("булок", "бу\ufffdок")


@pytest.mark.parametrize("text", ["café und Größe", "\ufffd" * 30])
def test_utf8_of_few_accents_with_a_bad_byte_stays_utf8(text: str) -> None:
    assert text_of(f"<p>{text}".encode() + b"\xff", "windows-1252") == f"{text}\ufffd"


def test_utf8_cut_within_a_character_stays_utf8() -> None:
    assert text_of(f"<p>{RUSSIAN}я".encode()[:-1], "utf-8") == f"{RUSSIAN}\ufffd"


def test_a_lone_byte_of_windows_1252_is_read_though_utf8_is_named() -> None:
    assert text_of(page("one café of many").encode("cp1252"), "utf-8") == "one café of many"


def test_a_bad_byte_in_an_old_set_costs_one_character() -> None:
    data = page(JAPANESE * 3).encode("cp932").replace("猫".encode("cp932"), b"\x82\x20", 1)
    assert text_of(data, "shift_jis").count("\ufffd") == 1


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("named", [None, "utf-8", "utf-16", "iso-8859-1"])
def test_utf16_is_known_by_its_mark_or_by_its_zero_bytes(codec: str, named: str | None) -> None:
    for mark in ("", "\ufeff"):
        for text in (JAPANESE, JAPANESE * 8):
            assert text_of((mark + page(text)).encode(codec), named) == text


def test_ascii_bytes_are_not_utf16_though_server_or_page_say_so() -> None:
    for text in (GERMAN, f"{GERMAN}!", "für fünf Mütter", "für fünf Mütter!"):
        assert text_of(page(text).encode("cp1252"), "utf-16le") == text
        assert text_of(page(text, "<meta charset=utf-16>").encode("cp1252")) == text


def test_zero_bytes_at_any_place_are_not_utf16() -> None:
    for data in (b"a\0\0b" * 20, b"\0abc" * 2 + b"text" * 10, (b"\0" + b"t" * 201) * 20):
        assert decoded(data, None, is_markup=False) == data.decode()


def test_plain_text_in_utf16_without_ascii_needs_the_server() -> None:
    data = JAPANESE.encode("utf-16-le")
    assert page_text(PageKind.PLAIN, data, "utf-16le", Extraction()) == JAPANESE


def test_utf16_of_an_odd_number_of_bytes_ends_in_a_replacement() -> None:
    assert decoded(b"\xff\xfea\0b\0c", None) == "ab\ufffd"


def test_the_mark_of_utf8_wins_and_is_no_text() -> None:
    data = b"\xef\xbb\xbf" + page(GERMAN).encode()
    assert text_of(data, "koi8-r") == GERMAN
    assert page_text(PageKind.PLAIN, b"\xef\xbb\xbfa", None, Extraction()) == "a"


def test_plain_text_does_not_name_its_own_set() -> None:
    data = ("<meta charset=koi8-r> " + LATIN).encode("latin-1")
    assert page_text(PageKind.PLAIN, data, None, Extraction()).endswith(LATIN)


def test_names_of_the_web_mean_the_wider_sets() -> None:
    names = {"latin1": "cp1252", "ascii": "cp1252", "sjis": "cp932", "GB2312": "gb18030", "ks_c_5601-1987": "cp949"}
    assert {name: codec_of(name) for name in names} == names
    assert [codec_of(name) for name in (None, "", "x-none", "utf-7", "hex", "unicode_escape")] == [None] * 6


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "utf-16", *(web for web, _, _ in SETS)]))
def test_any_bytes_become_valid_text(data: bytes, charset: str | None) -> None:
    for is_markup in (True, False):
        text = decoded(data, charset, is_markup=is_markup)
        assert text.encode().decode() == text


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.sampled_from([None, "koi8-r", "shift_jis", "ascii"]))
def test_utf8_without_zero_bytes_and_marks_is_kept(text: str, charset: str | None) -> None:
    text = text.replace("\0", "").replace("\x1b", "").lstrip("\ufeff")
    assert decoded(text.encode(), charset) == text
