"""Reading the published facts that ship with tokaudit, from ``catalog/reference``."""

import csv
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from tokaudit.core.resources import shipped

T = TypeVar("T")

Status = Literal["read", "second-hand", "recalled"]
"""How a number is known: from its source, from a text that cites it, or from memory, unchecked."""


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of ``catalog/reference/NAME``, as text."""
    with (shipped("catalog") / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rows(kind: type[T], name: str, chosen: Callable[[dict[str, str]], bool] | None = None) -> list[T]:
    """The rows of a file as dataclasses, in the file's order. Each field is the column of its name.

    Args:
        kind: the dataclass. Its fields are texts, numbers, ``yes`` or ``no``, or words of a ``Literal``. An empty cell
            is None if the field may be None.
        name: name of the file.
        chosen: selects rows; None: all rows.

    Raises:
        ValueError: a cell contains something else; the file must be fixed.
    """
    hints = get_type_hints(kind)
    rows = [row for row in read_table(name) if chosen is None or chosen(row)]
    return [kind(**{field: _cell(row[field], hint) for field, hint in hints.items()}) for row in rows]


def _cell(text: str, hint: Any) -> Any:
    of, *others = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if not text and NoneType in others:
        return None
    words = ("yes", "no") if of is bool else get_args(of)
    if words and text not in words:
        raise ValueError(f"{text!r} is not one of {', '.join(words)}")
    return text == "yes" if of is bool else text if words else of(text)
