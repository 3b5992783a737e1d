"""Texts of errors."""

import pytest

from tokaudit.core.errors import InputError, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\x1b[31m\x85", r"a\x0ab\x1b[31m\x85"),
        ("a\u2028b\u2029", r"a\u2028b\u2029"),
        ("invoice\u202egnp.exe", r"invoice\u202egnp.exe"),
        ("\u2066a\u2069", r"\u2066a\u2069"),
        ("שלום 中文 🙂 é\xa0x", "שלום 中文 🙂 é\xa0x"),
    ],
)
def test_control_characters_are_escaped_and_letters_are_not(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert str(InputError(text)) == shown
