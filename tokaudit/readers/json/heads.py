"""Telling JSON lines from arrays and other JSON by the first bytes of a file."""

import re
from typing import Final

import orjson

from tokaudit.readers.faults import FileFault
from tokaudit.readers.fields.record_paths import MISSING
from tokaudit.readers.json.numbers import parse_odd_numbers
from tokaudit.readers.unpack.magic import UTF8_BOM, binary_format, other_unicode

_HEAD: Final = 16
_BLANKS: Final = b" \t\r\n"
_OBJECT: Final = re.compile(rb'\{[ \t\r\n]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[ \t\r\n]*+:|\})', re.DOTALL)
_ARRAY: Final = re.compile(rb"\[[ \t\r\n]*+(?=\{)")
_AFTER: Final = "unexpected content after document"


def start_of_json(data: memoryview, name: str) -> int:
    """The size of the byte order mark at the start of a file, which is not part of the first record.

    Args:
        data: the first bytes.
        name: name of the format, for the reason.

    Raises:
        FileFault: these bytes can't begin a file of JSON.
    """
    head = bytes(data[:_HEAD])
    if found := binary_format(head):
        raise FileFault("wrong_format", f"is not {name}: it is {found}")
    if found := other_unicode(head):
        raise FileFault("encoding", f"looks like {found}: convert it to UTF-8")
    return len(UTF8_BOM) if head.startswith(UTF8_BOM) else 0


def begins_lines(head: bytes, *, whole: bool) -> bool:
    """Whether the first line is a JSON object, or begins like one and is longer than the head."""
    line, end, _ = _body(head).partition(b"\n")
    if end or whole:
        return _is_object(line)
    return _OBJECT.match(line) is not None and not _is_followed(line)


def begins_values(head: bytes, *, whole: bool) -> bool:
    """Whether the head begins an array of objects, or an object over several lines; false for JSON lines."""
    body = _body(head)
    array = _ARRAY.match(body)
    if array is None and not body.startswith(b"{"):
        return whole and body.startswith(b"[") and not body[1:].replace(b"]", b"", 1).strip(_BLANKS)
    return _OBJECT.match(body, array.end() if array else 0) is not None and may_begin_values(head)


def may_begin_lines(head: bytes) -> bool:
    """Whether the head looks like JSON lines of which some may be damaged."""
    return _body(head).startswith(b"{") and _has_lines(head)


def may_begin_values(head: bytes) -> bool:
    """Whether the head looks like JSON that is not JSON lines."""
    body = _body(head)
    return body.startswith(b"[") or (body.startswith(b"{") and not _has_lines(head))


def _has_lines(head: bytes) -> bool:
    """Whether a line is one whole object. In an object over several lines, those with other objects are indented."""
    return begins_lines(head, whole=False) or any(map(_is_object, _body(head).split(b"\n")[1:]))


def _body(head: bytes) -> bytes:
    return head.removeprefix(UTF8_BOM).lstrip(_BLANKS)


def _is_object(line: bytes) -> bool:
    if not line.startswith(b"{"):
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return parse_odd_numbers(line) is not MISSING
    return True


def _is_followed(line: bytes) -> bool:
    """Whether something follows the object that a line begins with; the line may be cut inside of a character."""
    try:
        orjson.loads(line.decode(errors="ignore"))
    except orjson.JSONDecodeError as error:
        return error.msg == _AFTER
    return False
