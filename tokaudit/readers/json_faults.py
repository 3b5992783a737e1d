"""Reasons why a line of JSON is not a document, in words for the user."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from tokaudit.core.bad_codes import BadCode
from tokaudit.readers.fields import MISSING, NOT_A_LIST, missing_field

_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def unparsed(line: bytes, error: json.JSONDecodeError) -> tuple[BadCode, str]:
    """The code and reason for a line that does not parse."""
    try:
        line.decode()
    except UnicodeDecodeError as fault:
        return "encoding", f"byte {fault.start + 1} of the line is not valid UTF-8"
    if _SURROGATE.search(line):
        try:
            json.dumps(json.loads(line), ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return "encoding", "contains half a surrogate pair, which is not a character"
        except (ValueError, RecursionError):
            pass  # malformed for another reason, which orjson gives
    return "malformed", f"is not valid JSON: {error.msg} at column {error.colno}"


def no_object(record: Any) -> tuple[BadCode, str]:
    """The code and reason for a line that is not an object."""
    name = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}.get(type(record), "a number")
    return "malformed", f"is {name}, not an object"


def no_text(record: dict[str, Any], field: str, value: Any) -> tuple[BadCode, str]:
    """The code and reason for an object without text in the field."""
    if value is MISSING:
        return "no_text", missing_field("field", [field], record)
    if value is NOT_A_LIST:
        return "text_type", f"the field {field!r} does not lead to a list of texts"
    if value is None:
        return "null_text", f"the field {field!r} is null"
    kind = {dict: "an object", list: "an array", bool: "true or false"}.get(type(value), "a number")
    return "text_type", f"the field {field!r} is {kind}, not text"


def no_field(record: dict[str, Any], fields: Sequence[str], file: str) -> tuple[BadCode, str]:
    """The code and reason for an object with none of the fields, in the file with this path below the folder."""
    texts = {name: len(value) for name, value in record.items() if isinstance(value, str)}
    return "no_text", missing_field("field", fields, record, file, max(texts, key=texts.__getitem__, default=None))
