"""Sources, tokenizers and files as the catalog knows them before an ingest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from shlex import quote
from typing import Any

import duckdb
import orjson

from tokaudit import __version__
from tokaudit.catalog.connection import utc_now
from tokaudit.catalog.statements import fetch_one
from tokaudit.core.errors import UsageError
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.measure.language_detection import detection_field
from tokaudit.measure.language_label import LANGUAGE, detector_of, is_detected
from tokaudit.readers.fields.text_fields import AUTO, TextFields
from tokaudit.readers.options import TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How a source is counted. Counting it in another way is refused.

    Attributes:
        reader: ``auto`` or a reader's name.
        text_fields: where the text is in files with fields.
        clean: ``default`` or ``none``.
        steps: names of the cleaning steps that are applied.
        labels: label -> field that it keeps.
        repeat_length: characters of the shortest line or paragraph that counts as repeated inside a document.
    """

    source: str
    domain: str
    reader: str
    text_fields: TextFields
    clean: str
    steps: tuple[str, ...]
    labels: Mapping[str, str]
    repeat_length: int = REPEAT_LENGTH


class CountedOtherwiseError(UsageError):
    """A source is to be counted in another way than it was.

    Attributes:
        change: the source, and what differs.
    """

    def __init__(self, source: str, option: str, was: str, now: str, remedy: str = "") -> None:
        self.change = f"source {source!r}: was counted with {option} {was}, not {now}"
        super().__init__(f"{self.change}; {remedy}use another --source, or run `tokaudit forget {quote(source)}` first")


@dataclass(frozen=True, slots=True)
class Registered:
    """How a source is counted from now on.

    Attributes:
        labels: all labels that it keeps, name -> field: those asked for now, and earlier ones with other names.
        text_fields: where its text is: as asked for now, with the rules for single files from earlier.
        earlier: where its text was before.
    """

    labels: Mapping[str, str]
    text_fields: TextFields
    earlier: TextFields


def register_source(connection: duckdb.DuckDBPyConnection, wanted: SourceSettings) -> Registered:
    """Add the source, or check that it is counted as before.

    Raises:
        UsageError: the source is in another domain or was counted in another way.
    """
    # A source of which nothing was counted (its files were refused, or bad) may be counted in any way.
    connection.execute(
        "delete from store.sources where source = $source"
        " and not exists (from store.files where source = $source and documents > 0)",
        {"source": wanted.source},
    )
    found = connection.execute(
        "select domain, reader, clean, steps, repeat_length, text_field, text_rules, labels from store.sources"
        " where source = ?",
        [wanted.source],
    ).fetchall()
    if not found:
        connection.execute(
            "insert into store.sources (source, domain, reader, text_field, text_rules, clean, steps, labels,"
            " repeat_length) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [wanted.source, wanted.domain, wanted.reader, wanted.text_fields.general]
            + [wanted.text_fields.stored_rules(), wanted.clean, list(wanted.steps), label_list(wanted.labels)]
            + [wanted.repeat_length],
        )
        return Registered(dict(wanted.labels), wanted.text_fields, wanted.text_fields)
    (row,) = found
    options = ("--domain", "--reader", "--clean", "the cleaning steps", "--repeat-length")
    asked: tuple[Any, ...] = (wanted.domain, wanted.reader, wanted.clean, list(wanted.steps), wanted.repeat_length)
    for option, was, now in zip(options, row[:5], asked, strict=True):
        if was is not None and was != now:  # another version may have other steps, or none of the options
            raise CountedOtherwiseError(wanted.source, option, _shown(was), _shown(now))
    earlier = TextFields.stored(row[5], row[6])
    fields = wanted.text_fields.after(earlier)
    if fields != earlier:
        _check_text_fields(connection, wanted.source, earlier, fields)
    labels = dict(item.split("=", 1) for item in row[7])
    _check_detector(wanted, labels.get(LANGUAGE))
    labels |= wanted.labels
    connection.execute(
        "update store.sources set labels = $labels, text_field = $general, text_rules = $rules, repeat_length = $length"
        " where source = $source and (labels, text_field, text_rules, repeat_length) is distinct from"
        " ($labels, $general, $rules, $length)",
        {"labels": label_list(labels), "general": fields.general, "rules": fields.stored_rules()}
        | {"length": wanted.repeat_length, "source": wanted.source},
    )
    return Registered(labels, fields, earlier)


def _shown(value: int | Sequence[str]) -> str:
    return str(value) if isinstance(value, (int, str)) else ", ".join(value) or "none"


def _check_detector(wanted: SourceSettings, earlier: str | None) -> None:
    """Check that languages are detected as before, if they are detected.

    Raises:
        UsageError: they were detected by another version.
        MissingPackageError: the detector is not installed.
    """
    replaced = LANGUAGE in wanted.labels and not is_detected(wanted.labels[LANGUAGE])
    if earlier is None or not is_detected(earlier) or replaced:
        return
    if earlier != (now := detection_field()):
        remedy = "install that version, "
        raise CountedOtherwiseError(wanted.source, "--language by", detector_of(earlier), detector_of(now), remedy)


def _check_text_fields(
    connection: duckdb.DuckDBPyConnection, source: str, earlier: TextFields, fields: TextFields
) -> None:
    """Check that other text fields would find the same text in the files that are counted.

    Raises:
        UsageError: they would, or may, choose another field for a file.
    """
    counted = connection.execute(
        "select below, text_field from store.whole where source = ? and text_field is not null and documents > 0",
        [source],
    ).fetchall()
    # Only a rule was given, as for one file of another field: the names for the others may just be forgotten.
    whole = replace(fields, names=earlier.names)
    helps = earlier.names and not fields.names and all(whole.of(below)[0] == field for below, field in counted)
    forgotten = f"pass --text-field {quote(earlier.general)}, too, " if helps else ""
    changed = [(below, field) for below, field in counted if fields.of(below) != earlier.of(below)]
    for below, field in changed:
        if fields.of(below)[0] != field:
            raise CountedOtherwiseError(source, "--text-field", field, ",".join(fields.of(below)), forgotten)
    # Older catalogs have the first usual field where none was named, also for formats without fields.
    same = {fields.general, earlier.general} == {AUTO, TEXT_FIELDS[0]}
    if fields.general != earlier.general and not changed and not same:
        raise CountedOtherwiseError(source, "--text-field", earlier.general, fields.general, forgotten)


def label_list(labels: Mapping[str, str]) -> list[str]:
    """Labels as the catalog stores them: NAME=FIELD, in order."""
    return [f"{name}={field}" for name, field in sorted(labels.items())]


def register_tokenizer(connection: duckdb.DuckDBPyConnection, name: str, sha256: str, counter: str) -> tuple[str, int]:
    """Name and number of a vocabulary in this catalog, found by its hash; it is added if it is new.

    If the name already stands for another vocabulary, the first digits of the hash are appended.
    """
    found = connection.execute(
        "select name, tokenizer from store.tokenizers where vocabulary_sha256 = ?", [sha256]
    ).fetchall()
    if found:
        return str(found[0][0]), int(found[0][1])
    if fetch_one(connection, "select count(*) from store.tokenizers where name = ?", [name]) != (0,):
        name = f"{name}@{sha256[:8]}"
    (number,) = fetch_one(connection, "select count(*) from store.tokenizers")
    connection.execute(
        "insert into store.tokenizers (tokenizer, name, vocabulary_sha256, counter) values (?, ?, ?, ?)",
        [number, name, sha256, counter],
    )
    return name, number


def begin_ingest(connection: duckdb.DuckDBPyConnection, source: str, settings: Mapping[str, Any]) -> int:
    """Start an ingest of the source with these settings, and return its number."""
    (ingest,) = fetch_one(
        connection,
        "insert into store.ingests (ingest, source, started, version, settings)"
        " select coalesce(max(ingest) + 1, 1), ?, ?, ?, ? from store.ingests returning ingest",
        [source, utc_now(), __version__, orjson.dumps(settings).decode()],
    )
    return int(ingest)


def finish_ingest(connection: duckdb.DuckDBPyConnection, ingest: int) -> None:
    """Record that the ingest has finished."""
    connection.execute("update store.ingests set finished = ? where ingest = ?", [utc_now(), ingest])


def source_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of all sources, in order."""
    return [name for (name,) in connection.execute("select source from store.sources order by 1").fetchall()]
