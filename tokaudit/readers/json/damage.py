"""Where the next record of damaged JSON begins: what is sure, and what can't be known."""

import re
from typing import Final

import orjson

from tokaudit.readers.json.numbers import without_odd_numbers

_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_WORDS: Final = rb"-?(?:NaN|Infinity|\d[\d.eE+-]*+)|true|false|null|None|True|False|undefined"
_TOKENS: Final = re.compile(rb'(?:[\s,:{}\[\]]|""|(?<!\w)(?:' + _WORDS + rb")(?!\w))*+")
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_MOST_BRACKETS: Final = 1 << 20
_PAIRS: Final = {ord("}"): ord("{"), ord("]"): ord("[")}
_INDENT: Final = re.compile(rb"\n([ \t]*)\Z")
_CUT: Final = "unexpected end of data"


def has_sure_end(record: bytes) -> bool:
    """Whether a record that does not parse surely ends where its brackets close.

    It is not sure if a quote or bracket may be missing or too many: then a part of a text stands outside of the
    strings, or the brackets don't match.
    """
    outside = _STRING.sub(b'""', record)
    if not _TOKENS.fullmatch(outside):
        return False
    brackets = outside.translate(None, _NO_BRACKETS)
    if len(brackets) > _MOST_BRACKETS:
        return False
    opened: list[int] = []
    for each in brackets:
        if each not in _PAIRS:
            opened.append(each)
        elif not opened or opened.pop() != _PAIRS[each]:
            return False
    return not opened


def is_cut(record: bytes) -> bool:
    """Whether bytes are the beginning of a record with no other fault than that."""
    try:
        orjson.loads(without_odd_numbers(record).decode(errors="ignore"))
    except orjson.JSONDecodeError as error:
        return error.msg == _CUT
    return False


def line_of_records(before: bytes, record: bytes) -> re.Pattern[bytes] | None:
    """What comes before each record if each begins a line with the same indentation; None if this one does not.

    A line never begins inside a valid string, so such a line is the next record even if quotes are missing.

    Args:
        before: what stands between this record and the one before.
        record: the record, at least its first line and a byte of the second.
    """
    found = _INDENT.search(before)
    if found is None:
        return None
    indent = re.escape(found[1])
    # If the lines inside a record have the same indentation, an object inside it would look like a record.
    inner = rb"\{(?!\r?\n" + indent + rb"[^ \t])"
    return re.compile(rb"\n" + indent + rb"(?=" + inner + rb")") if re.match(inner, record) else None
