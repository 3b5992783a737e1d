"""Arguments of Python as the options that the command line has."""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import whole_number
from tokaudit.core.option_bounds import LONGEST_REPEAT_LENGTH, MOST_ROWS, MOST_WORKERS
from tokaudit.core.units import parse_size

if TYPE_CHECKING:
    from tokaudit.pipeline.options import IngestOptions

OneOrMore = str | Iterable[str]
"""One text, or several."""


class ArrowStream(Protocol):
    """A table that can be read as a stream of Arrow record batches, such as one of Polars, Arrow or DuckDB."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The stream."""


class ExchangedFrame(Protocol):
    """A table that follows the interchange protocol of data frames."""

    def __dataframe__(self, nan_as_null: bool = False, allow_copy: bool = True) -> Any:
        """The table for another library."""


Data = str | os.PathLike[str] | Iterable[Any] | ArrowStream | ExchangedFrame
"""Paths, rows or texts, as `Catalog.ingest` explains them."""


def ingest_options(paths: tuple[str, ...], given: Mapping[str, Any]) -> "IngestOptions":
    """The options of an ingest.

    Args:
        paths: the paths; empty for data in memory.
        given: the arguments of `Catalog.ingest`, by name.

    Raises:
        UsageError: a value is of another kind than the option takes.
    """
    from tokaudit.pipeline.limit_options import limit_texts
    from tokaudit.pipeline.options import IngestOptions

    limit, memory = given["limit"], given["memory"]
    return IngestOptions(
        paths=paths,
        domain=text(given["domain"], "domain"),
        source=None if given["source"] is None else text(given["source"], "source"),
        reader=text(given["reader"], "reader"),
        text_fields=texts(given["text_field"], "text_field"),
        tokenizers=texts(given["tokenizer"], "tokenizer"),
        clean=one_of(given["clean"], "clean", ("default", "none")),
        include=texts(given["include"], "include"),
        exclude=texts(given["exclude"], "exclude"),
        labels=_labels(given["label"]),
        language=flag(given["language"], "language"),
        skip_bad=one_of(given["on_bad_record"], "on_bad_record", ("stop", "skip")) == "skip",
        workers=None if given["workers"] is None else whole_number(given["workers"], "workers", 1, MOST_WORKERS),
        memory=size(memory, "memory"),
        limits=tuple(limit_texts(limit)) if isinstance(limit, Mapping) else texts(limit, "limit"),
        repeat_length=whole_number(given["repeat_length"], "repeat_length", 1, LONGEST_REPEAT_LENGTH),
        rows_in_catalog=whole_number(given["rows_in_catalog"], "rows_in_catalog", 0, MOST_ROWS),
    )


def _labels(given: Any) -> dict[str, str]:
    """Labels, name -> field; their names are stored as ``NAME=FIELD``."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise UsageError(f"label: {given!r} is not a mapping; write {{'NAME': 'FIELD'}}")
    labels = {text(name, "label").strip(): text(field, "label").strip() for name, field in given.items()}
    wrong = next((name for name, field in labels.items() if not name or "=" in name or not field), None)
    if wrong is not None:
        raise UsageError(f"label: {wrong!r} is not the name of a label with a field; write {{'NAME': 'FIELD'}}")
    return labels


def text(value: Any, name: str) -> str:
    """The value of an argument that is a text, or the path of something.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(value, str | os.PathLike):
        return os.fsdecode(value)
    raise UsageError(f"{name}: {value!r} is not a text")


def check_texts(**given: object) -> None:
    """Check arguments that are text or None, by name.

    Raises:
        UsageError: one is something else.
    """
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise UsageError(f"{name}: {value!r} is not a text")


def texts(value: Any, name: str) -> tuple[str, ...]:
    """The values of an argument that takes one text or several; none for None.

    Raises:
        UsageError: it is neither.
    """
    if value is None:
        return ()
    if isinstance(value, str | os.PathLike):
        return (text(value, name),)
    if not isinstance(value, Iterable) or isinstance(value, Mapping | bytes):
        raise UsageError(f"{name}: {value!r} is neither a text nor a list of texts")
    return tuple(text(each, name) for each in value)


def size(value: Any, name: str) -> int:
    """The bytes of an argument that is a text such as ``1GiB`` or a number of bytes.

    Raises:
        UsageError: it is neither.
    """
    return parse_size(value, name) if isinstance(value, str) else whole_number(value, name, 1)


def one_of(value: Any, name: str, known: tuple[str, ...]) -> str:
    """The value of an argument that has few.

    Raises:
        UsageError: it is another one.
    """
    if value in known:
        return str(value)
    raise UsageError(f"{name}: unknown value {value!r} (known: {', '.join(known)})")


def flag(value: Any, name: str) -> bool:
    """The value of an argument that is true or false; a text such as ``"no"`` is neither.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(value, bool) or type(value).__name__ in {"bool", "bool_"}:  # the second of NumPy
        return bool(value)
    raise UsageError(f"{name}: {value!r} is neither True nor False")


def parameter(value: Any) -> Any:
    """The value of a parameter of SQL; a number of numpy becomes one of Python."""
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
