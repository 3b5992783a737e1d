"""Single values of rows in memory, as JSON lines have them."""

import math
from typing import Any, Final

from tokaudit.readers.fields.record_paths import NOT_A_LIST, as_label

_NOTHING: Final = frozenset({"NAType", "NaTType"})
"""The types of values that stand for missing ones in pandas, which need not be loaded."""


def plain(value: Any) -> Any:
    """The value as Python has it: arrays become lists, numbers of numpy become ``int`` and so on, however deep.

    NaN and what pandas has for a missing value become None.
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if type(value).__name__ in _NOTHING:
        return None
    return plain(value.tolist()) if hasattr(value, "tolist") else value


def written_text(value: Any) -> Any:
    """What is written for a text: itself, null if it is missing, or else an empty value of the kind that it is.

    The reader refuses the record for its kind, so the value itself is not needed.
    """
    if isinstance(value, str):
        return value
    value = plain(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return 0
    return [] if isinstance(value, list) or value is NOT_A_LIST else {}


def written_label(value: Any) -> str | None:
    """The text of a label, as of a record in a file; None if the value is missing or can't be written."""
    if value is None or type(value) is str:
        return value
    try:
        return as_label(plain(value))
    except (ValueError, OverflowError, TypeError):
        return None
