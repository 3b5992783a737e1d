"""Texts in which nothing is hidden."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.printable import has_control, printable

VISIBLE_FORMAT = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
"""Signs that Unicode counts as format characters and that have a picture, such as the Arabic sign of numbers."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\x1b[31m\x85", r"a\x0ab\x1b[31m\x85"),
        ("a\u2028b\u2029", r"a\u2028b\u2029"),
        ("invoice\u202egnp.exe", r"invoice\u202egnp.exe"),
        ("\u2066a\u2069", r"\u2066a\u2069"),
        ("pay\u200bpal \ufeffx \xad", r"pay\u200bpal \ufeffx \xad"),
        ("a\U000e0041\ufff9b", r"a\U000e0041\ufff9b"),
        ("שלום 中文 🙂 é\xa0x", "שלום 中文 🙂 é\xa0x"),
    ],
)
def test_what_misleads_is_escaped_and_letters_are_not(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("text", ["\u06cc\u200c\u062e", "ශ්\u200dර", "👩\u200d💻", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3"])
def test_joiners_stay_where_letters_or_emoji_need_them(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", ["p\u200day", "\u0430\u200d\u0431", "a\ufe0fb", "\u200d", "🙂\u200dx", "م\u200c"])
def test_joiners_elsewhere_are_escaped(text: str) -> None:
    assert all(ascii(each)[1:-1] in printable(text) for each in text if each in "\u200c\u200d\ufe0f")


def test_all_control_and_format_characters_are_escaped() -> None:
    kinds = {"Cc", "Cf", "Zl", "Zp"}
    codes = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) in kinds]
    shown = {each for each in codes if printable(f"a{each}b") == f"a{each}b"}

    assert shown - {chr(code) for code in range(0x13430, 0x13440)} == set(VISIBLE_FORMAT)


def test_a_name_with_a_joiner_or_an_accent_has_no_control() -> None:
    assert [each for each in ("a\u200db", "é", "a\nb", "a\u202eb", "\x9b") if has_control(each)] == [
        "a\nb",
        "a\u202eb",
        "\x9b",
    ]


@given(st.text())
def test_a_printable_text_stays_as_it_is(text: str) -> None:
    assert printable(printable(text)) == printable(text)
