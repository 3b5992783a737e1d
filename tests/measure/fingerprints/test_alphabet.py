"""The table of word characters is Unicode 14.0 on every version of Python."""

import sys
import unicodedata
from collections.abc import Callable

import pytest

from tokaudit.measure.fingerprints.alphabet import CODES, TABLE, alphabet

UNICODE_14 = unicodedata.unidata_version == "14.0.0"


def entry(code: int) -> int:
    """The table's entry of a code point."""
    table = alphabet()
    return int(table.entries[int(table.page[code >> 8]) << 8 | code & 0xFF])


def expected(code: int, kind_of: Callable[[str], str]) -> int:
    """The entry of a code point by this Python's Unicode."""
    kind, lower = kind_of(chr(code)), chr(code).lower()
    if kind != "w":
        return 2 if kind else 0
    return 4 * (ord(lower) - code if len(lower) == 1 else 0) + 1


@pytest.mark.slow
@pytest.mark.skipif(not UNICODE_14, reason="needs Python with Unicode 14.0")
def test_the_file_can_be_rebuilt_from_unicodedata(
    kind_of: Callable[[str], str],
) -> None:
    runs: list[tuple[int, int, int]] = []
    for code in range(sys.maxunicode + 1):
        value = expected(code, kind_of)
        if value and runs and runs[-1][1:] == (code - 1, value):
            runs[-1] = (runs[-1][0], code, value)
        elif value:
            runs.append((code, code, value))
    lines = [f"{a:X},{b:X},{'o' if value & 2 else 'w'},{value >> 2}\n" for a, b, value in runs]
    assert TABLE.read_text("ascii") == "".join(["first,last,kind,lower\n", *lines])


@pytest.mark.slow
def test_this_python_agrees_on_every_word_character(kind_of: Callable[[str], str]) -> None:
    strange = [code for code in range(sys.maxunicode + 1) if entry(code) and entry(code) != expected(code, kind_of)]
    assert strange == []


def test_ascii_letters_digits_and_underscore_are_word_characters() -> None:
    """The word kernel handles ASCII without the table."""
    assert [code + (entry(code) >> 2) if entry(code) else 0 for code in range(128)] == [
        ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "_" else 0 for code in range(128)
    ]


def test_the_table_covers_all_that_four_bytes_can_encode() -> None:
    assert alphabet().page.size * 256 == CODES
    assert entry(CODES - 1) == 0
