"""How sources are counted and what tokenizers are called: both catalogs must agree, as one catalog has one of each."""

from collections.abc import Mapping
from shlex import quote
from typing import Any, Final

import duckdb

from tokaudit.catalog.merging.given import Given
from tokaudit.catalog.sources import label_list, register_tokenizer
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.readers.fields.text_fields import AUTO, TextFields
from tokaudit.readers.options import TEXT_FIELDS

_OPTIONS: Final[Mapping[str, str]] = {
    "domain": "--domain",
    "reader": "--reader",
    "clean": "--clean",
    "steps": "the cleaning steps",
    "repeat_length": "--repeat-length",
}
"""Columns of a source that must be the same, and the options that decide them."""

_SOURCES: Final = """
select source, domain, reader, text_field, text_rules, clean, steps, labels, repeat_length,
       exists (from store.whole f where f.source = s.source and f.documents > 0) as counted
from store.sources s order by source"""
_INSERT: Final = """
insert into store.sources (source, domain, reader, text_field, text_rules, clean, steps, labels, repeat_length)
values ($source, $domain, $reader, $text_field, $text_rules, $clean, $steps, $labels, $repeat_length)"""
_FIELDS: Final = """
select below, text_field from store.whole where source = ? and text_field is not null and documents > 0"""
_TOKENIZERS: Final = """
select tokenizer, name, vocabulary_sha256, counter, tokenizer in (select tokenizer from store.counted_with) as used
from store.tokenizers order by tokenizer"""


def merge_sources(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Add the sources of a given catalog, or check that those of both are counted in one way.

    A source of which nothing was counted may be counted in any way, as in an ingest.

    Raises:
        UsageError: a source was counted in two ways.
    """
    held = {row["source"]: row for row in fetch_rows(connection, _SOURCES)}
    for row in fetch_rows(given.connection, _SOURCES):
        known = held.get(row["source"])
        if known is None or (row["counted"] and not known["counted"]):
            merged = row
        elif row["counted"]:
            merged = _together(connection, given, known, row)
        else:
            continue
        if merged != known:
            connection.execute("delete from store.sources where source = ?", [row["source"]])
            connection.execute(_INSERT, {name: value for name, value in merged.items() if name != "counted"})


def _together(connection: duckdb.DuckDBPyConnection, given: Given, known: Row, row: Row) -> Row:
    """The source of both catalogs.

    Raises:
        UsageError: they count it in two ways.
    """
    for column, option in _OPTIONS.items():
        was, now = known[column], row[column]
        if was is not None and now is not None and was != now:  # older catalogs don't know all options
            raise _counted_otherwise(given, row["source"], option, was, now)
    labels = dict(item.split("=", 1) for item in known["labels"])
    for item in row["labels"]:
        name, field = item.split("=", 1)
        if labels.setdefault(name, field) != field:
            raise _counted_otherwise(given, row["source"], f"--label {name}", labels[name], field)
    fields = _fields_together(connection, given, known, row)
    return known | {
        "labels": label_list(labels),
        "text_field": fields.general,
        "text_rules": fields.stored_rules(),
        "repeat_length": known["repeat_length"] or row["repeat_length"],
    }


def _fields_together(connection: duckdb.DuckDBPyConnection, given: Given, known: Row, row: Row) -> TextFields:
    """Where the text of a source is: the rules of both, if each file keeps its field.

    Raises:
        UsageError: a file would have its text in another field.
    """
    was, now = (TextFields.stored(each["text_field"], each["text_rules"] or []) for each in (known, row))
    # Older catalogs have the first usual field where none was named.
    if was.names != now.names and {was.general, now.general} != {AUTO, TEXT_FIELDS[0]}:
        raise _counted_otherwise(given, row["source"], "--text-field", was.general, now.general)
    together = now.after(was)
    for asked, own in ((connection, was), (given.connection, now)):
        for below, field in asked.execute(_FIELDS, [row["source"]]).fetchall():
            if together.of(below) != own.of(below) and together.of(below)[0] != field:
                shown = [",".join(each.of(below)) for each in (was, now)]
                raise _counted_otherwise(given, row["source"], f"--text-field of {below}", *shown)
    return together


def _counted_otherwise(given: Given, source: str, option: str, was: Any, now: Any) -> UsageError:
    ways = [", ".join(each) or "none" if isinstance(each, (list, tuple)) else str(each) for each in (was, now)]
    return UsageError(
        f"source {source!r}: was counted with {option} {ways[0]} in {given.into}, and {ways[1]} in {given.path}; run"
        f" {given.command(f'forget {quote(source)}')}, and count it there as in {given.into} or under another --source"
    )


def merge_tokenizers(connection: duckdb.DuckDBPyConnection, given: Given) -> dict[int, int]:
    """Add the tokenizers of a given catalog, known by their vocabularies; returns given number -> number.

    A tokenizer that counted nothing is left out where its name stands for another vocabulary.

    Raises:
        UsageError: a name stands for a vocabulary in each, and they differ.
    """
    numbers: dict[int, int] = {}
    for row in fetch_rows(given.connection, _TOKENIZERS):
        held = {each["name"]: each for each in fetch_rows(connection, _TOKENIZERS)}
        name, sha256 = row["name"], row["vocabulary_sha256"]
        if name in held and held[name]["vocabulary_sha256"] != sha256 and not _is_known(held, sha256):
            if not row["used"]:
                continue
            if held[name]["used"]:
                raise _other_vocabulary(given, name, held[name]["vocabulary_sha256"], sha256)
        numbers[row["tokenizer"]] = register_tokenizer(connection, name, sha256, row["counter"])[1]
    return numbers


def _is_known(held: Mapping[str, Row], sha256: str) -> bool:
    return any(each["vocabulary_sha256"] == sha256 for each in held.values())


def _other_vocabulary(given: Given, name: str, was: str, now: str) -> UsageError:
    return UsageError(
        f"tokenizer {name!r}: is another vocabulary in {given.path} than in {given.into} ({now[:12]}, not {was[:12]});"
        " count the text of one of them into a new catalog, with a tokenizer file of another name"
    )
