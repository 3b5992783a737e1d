"""How each source of a catalog was counted, and the command that counts it again in the same way."""

import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import orjson

from tokaudit.catalog.statements import fetch_rows, statement
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.core.rows import Row
from tokaudit.measure.language_label import LANGUAGE, is_detected
from tokaudit.pipeline.limit_options import limit_texts
from tokaudit.readers.unpack.limits import DEFAULTS

PATH: Final = "PATH"
"""Stands for the files of a source in its command: paths of the machine that counted mean nothing elsewhere."""
GLOB: Final = "GLOB"
"""Stands for a glob of absolute paths, likewise."""
_AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class CountedSource:
    """How a source was counted.

    Attributes:
        source: its name.
        domain: its domain.
        versions: versions of tokaudit that counted its files.
        clean: ``default`` or ``none``.
        steps: cleaning steps applied to every text, in order.
        extractors: how the text of its pages and books was extracted; empty if it has none.
        tokenizers: tokenizers that it was counted with, by their names in the catalog; the default first.
        command: the call of ``tokaudit ingest`` that counts it again, quoted for a shell, with `PATH` for its files
            and `GLOB` for globs of absolute paths.
    """

    source: str
    domain: str
    versions: tuple[str, ...]
    clean: str
    steps: tuple[str, ...]
    extractors: tuple[str, ...]
    tokenizers: tuple[str, ...]
    command: str


def counted_sources(connection: duckdb.DuckDBPyConnection) -> list[CountedSource]:
    """How each source was counted, in order of name."""
    return [
        CountedSource(
            source=row["source"],
            domain=row["domain"],
            versions=tuple(row["versions"] or ()),
            clean=row["clean"],
            steps=tuple(row["steps"]),
            extractors=tuple(row["extractors"] or ()),
            tokenizers=tuple(row["tokenizers"] or ()),
            command=shlex.join(_command(row, orjson.loads(row["settings"] or "{}"))),
        )
        for row in fetch_rows(connection, statement("how_counted"))
    ]


def _command(row: Row, settings: Mapping[str, Any]) -> Iterator[str]:
    yield from ("tokaudit", "ingest", PATH, "--domain", row["domain"], "--source", row["source"])
    for tokenizer in row["tokenizers"] or ():
        yield from ("--tokenizer", tokenizer)
    if row["reader"] != _AUTO:
        yield from ("--reader", row["reader"])
    for field in ([] if row["text_field"] == _AUTO else [row["text_field"]]) + row["text_rules"]:
        yield from ("--text-field", field)
    if row["clean"] != "default":
        yield from ("--clean", row["clean"])
    for label in row["labels"]:
        yield from _label(label)
    yield from _recorded(settings)
    if row["repeat_length"] not in {None, REPEAT_LENGTH}:
        yield from ("--repeat-length", str(row["repeat_length"]))


def _recorded(settings: Mapping[str, Any]) -> Iterator[str]:
    """The options that only the settings of an ingest have: which files it takes, and its limits."""
    for option in ("include", "exclude"):
        for pattern in settings.get(option, ()):
            yield from (f"--{option}", GLOB if os.path.isabs(pattern) else pattern)  # noqa: PTH117 - a glob is no path
    limits = settings.get("limits", {})
    for limit in limit_texts({name: limits[name] for name in limits if limits[name] != DEFAULTS.given().get(name)}):
        yield from ("--limit", limit)


def _label(label: str) -> tuple[str, ...]:
    """The option that keeps a label, given as ``NAME=FIELD``."""
    name, _, field = label.partition("=")
    return ("--language",) if name == LANGUAGE and is_detected(field) else ("--label", label)
