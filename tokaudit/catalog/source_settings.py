"""How the sources of a catalog were counted, so that they can be counted again in the same way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import duckdb
import orjson

from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.unpack.limits import DEFAULT_LIMITS, EARLIER, Limits


@dataclass(frozen=True, slots=True)
class CountedWith:
    """A tokenizer that a source was counted with.

    Attributes:
        name: its name in the catalog.
        sha256: hash of its vocabulary.
        asked: names by which it may be found again, as they were given to an ingest; the best first.
    """

    name: str
    sha256: str
    asked: tuple[str, ...]


def stored_settings(connection: duckdb.DuckDBPyConnection, source: str) -> SourceSettings:
    """How a source of the catalog is counted."""
    ((domain, reader, general, rules, clean, steps, labels, length),) = connection.execute(
        "select domain, reader, text_field, text_rules, clean, steps, labels, repeat_length from store.sources"
        " where source = ?",
        [source],
    ).fetchall()
    return SourceSettings(
        source=source,
        domain=domain,
        reader=reader,
        text_fields=TextFields.stored(general, rules),
        clean=clean,
        steps=tuple(steps),
        labels=dict(label.split("=", 1) for label in labels),
        repeat_length=length or REPEAT_LENGTH,  # null: counted before repetition was measured
    )


def limits_of_ingests(connection: duckdb.DuckDBPyConnection, ingests: Iterable[int]) -> dict[int, Limits]:
    """The limits of each of these ingests: files that it counted are read again with them.

    An ingest by a version without some limit has that of then.
    """
    found = connection.execute(
        "select ingest, settings from store.ingests where ingest in (select unnest($ingests))",
        {"ingests": sorted(set(ingests))},
    ).fetchall()
    return {ingest: _limits(settings) for ingest, settings in found}


def recorded_last(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, Any]:
    """The settings that the latest ingest of a source recorded; empty if there was none."""
    found = connection.execute(
        "select settings from store.ingests where source = ? order by ingest desc limit 1", [source]
    ).fetchone()
    return {} if found is None else dict(orjson.loads(found[0]))


def limits_of_source(connection: duckdb.DuckDBPyConnection, source: str) -> Limits:
    """The limits of the latest ingest of a source, or larger ones of an earlier ingest whose files it still has."""
    found = connection.execute(
        "select settings from store.ingests where source = $source and ingest in (select max(ingest) from store.ingests"
        " where source = $source union select ingest from store.whole where source = $source)",
        {"source": source},
    ).fetchall()
    return reduce(Limits.or_larger, (_limits(settings) for (settings,) in found))


def _limits(settings: str) -> Limits:
    limits = orjson.loads(settings).get("limits", {})
    return replace(EARLIER, **{name: limits[name] for name in DEFAULT_LIMITS if name in limits})


def tokenizers_of(
    connection: duckdb.DuckDBPyConnection, source: str, files: Iterable[int] | None = None
) -> list[CountedWith]:
    """The tokenizers that files of a source were counted with, in the order of the catalog.

    Args:
        connection: the catalog.
        source: name of the source.
        files: numbers of the files; None for all.
    """
    used = connection.execute(
        "select name, vocabulary_sha256 from store.tokenizers t where exists (from store.counted_with"
        " join store.whole f using (file) where tokenizer = t.tokenizer and f.source = $source"
        " and ($files is null or list_contains($files, f.file))) order by t.tokenizer",
        {"source": source, "files": None if files is None else list(files)},
    ).fetchall()
    asked: dict[str, dict[str, None]] = {sha256: {} for _, sha256 in used}
    for (settings,) in connection.execute("select settings from store.ingests order by ingest desc").fetchall():
        recorded = orjson.loads(settings)
        found = [each["sha256"] for each in recorded.get("tokenizers", [])]
        for sha256, name in zip(found, recorded.get("tokenizers_asked", []), strict=False):
            asked.get(sha256, {})[name] = None
    return [CountedWith(name, sha256, (*asked[sha256], name.partition("@")[0])) for name, sha256 in used]
