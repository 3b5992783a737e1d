"""Reasons why a JSON record is not a document, in words for the user."""

import json
import math
import re
from collections.abc import Sequence
from typing import Any, Final

import orjson

from tokaudit.core.bad_codes import BadCode
from tokaudit.readers.fields.meant_fields import meant_field, path_of_list
from tokaudit.readers.fields.record_paths import MISSING, NOT_A_LIST, missing_field, read_advice
from tokaudit.readers.json.numbers import without_odd_numbers
from tokaudit.readers.unpack.magic import UTF8_BOM

_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_AFTER: Final = "unexpected content after document"


def unparsed(record: bytes, error: json.JSONDecodeError) -> tuple[BadCode, str]:
    """The code and reason for a record that does not parse."""
    try:
        record.decode()
    except UnicodeDecodeError as fault:
        return "encoding", f"byte {fault.start + 1} of the record is not valid UTF-8"
    if _SURROGATE.search(record):
        try:
            json.dumps(json.loads(record), ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return "encoding", "contains half a surrogate pair, which is not a character"
        except (ValueError, RecursionError):
            pass  # malformed for another reason, which orjson gives
    if record.startswith(UTF8_BOM):
        return "malformed", "begins with a byte order mark, as if two files had been joined: remove it"
    if b"\0" in record:
        return "malformed", f"contains a zero byte, which is not text, as byte {record.index(0) + 1} of the record"
    return "malformed", _malformed(record, error)


def _malformed(record: bytes, error: json.JSONDecodeError) -> str:
    try:
        orjson.loads(without_odd_numbers(record))
    except orjson.JSONDecodeError as other:
        error = other  # a number that JSON does not have is not why the record is refused
    place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno} of the record"
    if error.msg == _AFTER:
        rest = record.decode()[error.pos :].lstrip()
        return f"contains {'a second object' if rest.startswith('{') else 'text'} after the object, at {place}"
    return f"is not valid JSON: {error.msg} at {place}"


def no_object(record: Any) -> tuple[BadCode, str]:
    """The code and reason for a record that is not an object."""
    name = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}.get(type(record), "a number")
    return "malformed", f"is {name}, not an object"


def no_text(record: dict[str, Any], field: str, value: Any, file: str) -> tuple[BadCode, str]:
    """The code and reason for an object without text in the field.

    Args:
        record: the object.
        field: the field.
        value: what is in the field.
        file: path of the file below the folder that was named; empty if only one record is concerned.
    """
    if value is MISSING:
        return "no_text", missing_field("field", [field], record, file, meant_field(record) if file else None)
    if value is NOT_A_LIST:
        return "text_type", f"the field {field!r} does not lead to a list of texts"
    if value is None:
        return "null_text", f"the field {field!r} is null"
    if isinstance(value, float) and not math.isfinite(value):
        odd = "NaN" if math.isnan(value) else "Infinity or a number beyond 64-bit floats"
        return "malformed", f"contains {odd}, which is not JSON, in the field {field!r}"
    kind = {dict: "an object", list: "an array", bool: "true or false"}.get(type(value), "a number")
    advice = read_advice(file, path_of_list(field, value)) if isinstance(value, list) else ""
    return "text_type", f"the field {field!r} is {kind}, not text{advice}"


def no_field(record: dict[str, Any], fields: Sequence[str], file: str) -> tuple[BadCode, str]:
    """The code and reason for an object with none of the fields, in the file with this path below the folder."""
    return "no_text", missing_field("field", fields, record, file, meant_field(record))
