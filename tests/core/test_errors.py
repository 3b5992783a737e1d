"""Texts of errors."""

from tokaudit.core.errors import InputError


def test_the_text_of_an_error_is_one_line_that_controls_nothing() -> None:
    assert str(InputError("a\nb\x1b[31m \u202e")) == r"a\x0ab\x1b[31m \u202e"
