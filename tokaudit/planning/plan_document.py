"""A plan as a JSON document, and the plan that such a document describes."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import orjson

from tokaudit.planning.plan import Plan

_OPTIONS: Final = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def plan_document(plan: Plan) -> str:
    """The plan's fields as one line of JSON, with the same values as ``tokaudit plan --json``."""
    return orjson.dumps(plan, option=_OPTIONS).decode()


def plan_of_document(document: str) -> Plan:
    """The plan with these fields. A field that the document lacks gets its default, or is None or empty.

    Raises:
        ValueError: the document is not the JSON of a plan.
    """
    made: Plan = _made(Plan, orjson.loads(document))
    return made


def _made(kind: Any, value: Any) -> Any:
    """A value of this type from its JSON form."""
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_of(kind, value)
    origin, given = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (kind,) = (each for each in given if each is not type(None))
        return None if value is None else _made(kind, value)
    if origin is tuple:
        return tuple(_made(given[0], each) for each in _checked(list, value))
    if origin is Mapping:
        return {key: _made(given[1], each) for key, each in _checked(dict, value).items()}
    if value is None:
        raise ValueError(f"null is not a {kind}")
    return value


def _dataclass_of(kind: type, value: Any) -> Any:
    given, types = _checked(dict, value), get_type_hints(kind)
    made = {}
    for field in fields(kind):
        if field.name in given:
            made[field.name] = _made(types[field.name], given[field.name])
        elif field.default is MISSING:
            made[field.name] = _empty(types[field.name], field.name)
    return kind(**made)


def _empty(kind: Any, name: str) -> Any:
    """The value of a field that the document lacks, as plans of an older version do."""
    if type(None) in get_args(kind):
        return None
    if get_origin(kind) is tuple:
        return ()
    raise ValueError(f"field {name} is missing")


def _checked(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is not a {kind.__name__}")  # noqa: TRY004 - a fault of the document
    return value
