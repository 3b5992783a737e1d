"""What a program hands over to be counted: paths, rows or texts."""

import glob
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any, Final

from tokaudit.core.errors import UsageError
from tokaudit.readers.files import is_remote
from tokaudit.readers.formats import READERS
from tokaudit.readers.memory.rows import Rows, rows_of
from tokaudit.readers.unpack.magic import compression_suffix

_LONGEST: Final = 4096
"""Characters of the longest path that is looked up."""
_SHOWN: Final = 60
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)://\S+", re.IGNORECASE)
_TAKEN: Final = (
    "paths, a pandas.DataFrame, a datasets.Dataset, a table that has __arrow_c_stream__ (Polars, Arrow, DuckDB),"
    " or an iterable of texts"
)
_SAY_WHICH: Final = "pass [Path(p) for p in …] to count files, or iter(…) to count the strings as texts"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts, one document each; what is not a ``str`` is a bad record."""

    values: Iterable[Any]


def given(data: Any) -> tuple[str, ...] | Rows | Texts:
    """Paths as the user named them, rows, or texts.

    A ``str`` or a path object is a path, and so is each item of a list that contains a path object. The items of an
    iterator are texts, unless the first is a path object. The strings of a list or another collection are paths if
    something is at each of them, and texts if nothing is at any and none looks like a path.

    Raises:
        UsageError: the data are of another kind, have no order, or may be paths as well as texts.
    """
    if isinstance(data, str | os.PathLike):
        return (_path(data),)
    if isinstance(data, Mapping):
        raise UsageError(f"data: {_what_mapping(data)}")
    if isinstance(data, bytes | bytearray | memoryview):
        raise UsageError(f"data: is bytes; decode them, and pass {_TAKEN}")
    if isinstance(data, set | frozenset):
        raise UsageError("data: a set has no order, which decides which duplicate counts; pass sorted(…) of it")
    rows = rows_of(data)
    if rows is not None:
        return rows
    if isinstance(data, Sized):
        return _of_collection(_listed(data))
    if not hasattr(data, "__iter__"):
        raise UsageError(f"data: {type(data).__name__} can't be counted; pass {_TAKEN}")
    values = iter(data)
    first = list(next(zip(values, strict=False), ()))
    if first and isinstance(first[0], os.PathLike):
        return _paths([*first, *values])
    _refuse_records(first)
    return Texts(chain(first, values))


def _what_mapping(data: Mapping[Any, Any]) -> str:
    kind = type(data).__name__
    if "Dataset" in kind and data:
        return (
            f"is a {kind} of several splits ({', '.join(map(str, data))}); pass one of them: data[{next(iter(data))!r}]"
        )
    return f"a {kind} can't be counted; pass {_TAKEN}"


def _listed(data: Any) -> Iterable[Any]:
    """The items of a collection, which can be asked for twice."""
    if getattr(data, "ndim", 1) != 1:
        raise UsageError(f"data: is an array of {data.ndim} dimensions; pass one of texts, with one dimension")
    if isinstance(data, Sequence):
        return data
    lists = (getattr(data, name, None) for name in ("to_pylist", "tolist", "to_list"))
    to_list = next(filter(None, lists), None)
    if to_list is None and not hasattr(data, "__iter__"):
        raise UsageError(f"data: {type(data).__name__} can't be counted; pass {_TAKEN}")
    found: Iterable[Any] = data if to_list is None else to_list()
    return found


def _of_collection(items: Iterable[Any]) -> tuple[str, ...] | Texts:
    there = absent = doubtful = None
    _refuse_records(islice(items, 1))
    for item in items:
        if isinstance(item, os.PathLike):
            return _paths(items)
        if not isinstance(item, str):
            absent = absent or repr(item)[:_SHOWN]
        elif _is_there(item):
            there = there or item
        else:
            absent = absent or repr(item[:_SHOWN])
            if doubtful is None and _looks_like_a_path(item):
                doubtful = item
        if absent is not None and there is not None:
            raise UsageError(
                f"data: {there[:_SHOWN]!r} is the path of something, and {absent} is not, so it is not clear whether"
                f" they are paths or texts; {_SAY_WHICH}"
            )
    if doubtful is not None:
        raise UsageError(
            f"data: {doubtful[:_SHOWN]!r} looks like a path, but nothing is there, so it is not clear whether these are"
            f" paths or texts; {_SAY_WHICH}"
        )
    if there is not None:
        return _paths(items)
    if absent is None:
        raise UsageError(
            "data: is empty, so it is not clear whether it is a list of paths or of texts; pass iter(…) of it"
        )
    return Texts(items)


def _refuse_records(first: Iterable[Any]) -> None:
    """Raise UsageError if the first item is a record rather than a text."""
    if any(isinstance(item, Mapping) for item in first):
        raise UsageError("data: the items are records, not texts; pass a table of them, such as pandas.DataFrame(…)")


def _paths(items: Iterable[Any]) -> tuple[str, ...]:
    return tuple(_path(item) for item in items)


def _path(item: Any) -> str:
    if not isinstance(item, str | os.PathLike):
        raise UsageError(f"data: {repr(item)[:_SHOWN]} is not a path, and stands among paths; leave it out")
    return os.fsdecode(item)


def _is_there(text: str) -> bool:
    """Whether something is at a path, a glob or a URL; a URL is not looked up."""
    if not 0 < len(text) <= _LONGEST or "\0" in text:
        return False
    scheme = _SCHEME.fullmatch(text)
    if scheme is not None and is_remote(text):
        return scheme[1].lower() in _schemes()
    return os.path.exists(text) or (glob.has_magic(text) and _may_match(text) and any(_matches(text)))  # noqa: PTH110


def _schemes() -> frozenset[str]:
    from fsspec.registry import known_implementations  # noqa: PLC0415 - few lists contain URLs

    own = (READERS.get(name).scheme for name in READERS.names())
    return frozenset(known_implementations) | {scheme.partition(":")[0] for scheme in own if scheme}


def _matches(pattern: str) -> Iterator[str]:
    return glob.iglob(pattern, recursive=True)  # noqa: PTH207 - a path is treated as typed


def _may_match(text: str) -> bool:
    """Whether it is worth looking whether a text with ``*``, ``?`` or brackets is a glob: most are prose."""
    return len(text.splitlines()) == 1 and bool(os.path.basename(text)) and _has_mark(text)  # noqa: PTH119


def _looks_like_a_path(text: str) -> bool:
    """Whether it is one line without blanks, and has a separator or a suffix that a reader claims."""
    return bool(text) and len(text) <= _LONGEST and not any(map(str.isspace, text)) and _has_mark(text)


def _has_mark(text: str) -> bool:
    return "/" in text or os.sep in text or _has_suffix(text.lower())


def _has_suffix(name: str) -> bool:
    packed = compression_suffix(name)
    return bool(packed) or name.endswith(_suffixes())


@cache
def _suffixes() -> tuple[str, ...]:
    readers = [READERS.get(name) for name in READERS.names()]
    return tuple(suffix for reader in readers for suffix in (*reader.suffixes, *reader.doubtful_suffixes))
