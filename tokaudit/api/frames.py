"""Answers as data frames whose types lose nothing: integers stay integers, and nulls stay nulls."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

    from tokaudit.audit.answer import Answer

_INT64: Final = range(-(2**63), 2**63)
_KINDS: Final = {
    "TINYINT": "Int64",
    "SMALLINT": "Int64",
    "INTEGER": "Int64",
    "BIGINT": "Int64",
    "UTINYINT": "Int64",
    "USMALLINT": "Int64",
    "UINTEGER": "Int64",
    "UBIGINT": "UInt64",
    "FLOAT": "Float64",
    "DOUBLE": "Float64",
    "BOOLEAN": "boolean",
    "VARCHAR": "string",
    "JSON": "string",
    "UUID": "string",
    "DATE": "datetime64[s]",
    "TIMESTAMP": "datetime64[us]",
    "TIMESTAMP_S": "datetime64[us]",
    "TIMESTAMP_MS": "datetime64[us]",
    "TIMESTAMP WITH TIME ZONE": "datetime64[us, UTC]",
}
"""DuckDB's name of a type -> that of pandas. Values of other types stay what they are in Python."""
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\d+\)")
_EXACT_DIGITS: Final = 15
"""Decimal digits that every 64-bit float keeps."""


def to_frame(answer: "Answer") -> "pd.DataFrame":
    """The rows of an answer as a frame; ``attrs`` has what the JSON document has next to ``rows``."""
    import pandas as pd

    types = answer.types or ("",) * len(answer.columns)
    columns = {
        name: _column([row[name] for row in answer.rows], kind)
        for name, kind in zip(answer.columns, types, strict=True)
    }
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(answer.rows)), columns=list(answer.columns))
    # As JSON has it, so that frames can be compared, joined and stored.
    frame.attrs.update(as_json({**answer.extra, "warnings": list(answer.notes)}))
    return frame


def as_json(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document as it is when its JSON is read again."""
    import orjson

    from tokaudit.reports.json_text import to_json

    plain: dict[str, Any] = orjson.loads(to_json(document, indent=False))
    return plain


def _column(values: Sequence[Any], kind: str) -> Any:
    import pandas as pd

    if kind == "UUID":
        values = [None if value is None else str(value) for value in values]
    try:
        return pd.array(values, dtype=_dtype(values, kind))  # type: ignore[call-overload]
    except (ValueError, OverflowError):  # a date or a time that pandas can't hold
        return pd.array(values, dtype="object")


def _dtype(values: Sequence[Any], kind: str) -> str:
    """The name of the type of pandas for values of a type of DuckDB."""
    if kind in {"HUGEINT", "UHUGEINT"}:  # such as sums; they fit unless they are of hashes
        return "Int64" if all(value is None or value in _INT64 for value in values) else "object"
    decimal = _DECIMAL.fullmatch(kind)
    if decimal is not None:
        return "Float64" if int(decimal[1]) <= _EXACT_DIGITS else "object"
    return "string" if kind.startswith("ENUM") else _KINDS.get(kind, "object")
