"""How the sources of a catalog were counted, so that they can be counted again in the same way."""

from dataclasses import dataclass

import duckdb
import orjson

from tokaudit.catalog.sources import SourceSettings
from tokaudit.readers.text_fields import TextFields


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
    ((domain, reader, general, rules, clean, steps, labels),) = connection.execute(
        "select domain, reader, text_field, text_rules, clean, steps, labels from store.sources where source = ?",
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
    )


def tokenizers_of(connection: duckdb.DuckDBPyConnection, source: str) -> list[CountedWith]:
    """The tokenizers that files of a source were counted with, in the order of the catalog."""
    used = connection.execute(
        "select name, vocabulary_sha256 from store.tokenizers t where exists (from store.counted_with"
        " join store.whole f using (file) where tokenizer = t.tokenizer and f.source = ?) order by t.tokenizer",
        [source],
    ).fetchall()
    asked: dict[str, dict[str, None]] = {sha256: {} for _, sha256 in used}
    for (settings,) in connection.execute("select settings from store.ingests order by ingest desc").fetchall():
        recorded = orjson.loads(settings)
        found = [each["sha256"] for each in recorded.get("tokenizers", [])]
        for sha256, name in zip(found, recorded.get("tokenizers_asked", []), strict=False):
            asked.get(sha256, {})[name] = None
    return [CountedWith(name, sha256, (*asked[sha256], name.partition("@")[0])) for name, sha256 in used]
