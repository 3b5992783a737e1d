"""One document of the catalog, as it was counted."""

import os
import re
from pathlib import Path
from typing import Any, Final

import duckdb

from tokaudit.audit.counted_texts import Place, changed, read_counted, read_decoded
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile, files_at
from tokaudit.catalog.statements import fetch_one, fetch_rows
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.progress import ignore
from tokaudit.core.rows import Row
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.core.units import format_number_of
from tokaudit.pipeline.find_tokenizer import store_vocabulary

_MOST_NAMED: Final = 10
"""Most candidates in a message."""
_SIMILAR: Final = 0.85
"""Least similarity (Jaro-Winkler) of a name that may be meant."""

_DOCUMENT: Final = """
select document, "offset", key_hi, key_lo, bytes, words from store.documents where file = ? and ordinal = ?
"""
_GROUP: Final = """
select m.kind, m.similarity, f.source as kept_source, f.path as kept_path, k.ordinal as kept_ordinal
from store.members m
join store.documents k on k.document = m.kept
join store.whole f using (file)
where m.document = $document
"""


def show(catalog: Path, path: str, ordinal: int) -> Row:
    """A document with its text after cleaning, read from its file.

    Args:
        catalog: the DuckDB file.
        path: the path of its file, or a unique end of it.
        ordinal: place of the record in the file, from 0.

    Returns:
        ``path``, ``ordinal``, ``source``, ``domain``, ``offset``, ``bytes``, ``words``, ``tokens`` by tokenizer,
        ``labels`` by name, ``counts`` (whether it counts in the whole catalog), ``group`` (None if it has no
        duplicates), ``decoded_with`` (the tokenizer whose ids the text is decoded from; None if the file contains
        text), ``complete`` (whether ``counts`` and ``group`` are final), ``warnings`` (why not), and ``text``.

    Raises:
        UsageError: there is no such file, there are several, the file has no such record, or the tokenizer of its
            token ids can't be found again.
        InputError: the record could not be counted, the file is gone, or the record has changed since it was counted.
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) as connection:
        (file,) = files_at(connection, [_find_file(connection, path)])
        found = connection.execute(_DOCUMENT, [file.number, ordinal]).fetchall()
        if not found:
            raise _no_document(connection, file, ordinal)
        ((document, offset, hi, lo, size, words),) = found
        known = _known(connection, document)
        work = [each.words() for each in unfinished(connection)]
        vocabulary = store_vocabulary(connection, file, ignore) if file.reader in STORE_READERS else None
    place = Place(offset, (hi, lo))
    if vocabulary is None:
        text = read_counted(file, {ordinal: place}).get(ordinal)
    else:
        text = read_decoded(file, ordinal, place, vocabulary)
    if text is None:
        raise changed(file, ordinal)
    return {
        "path": file.path,
        "ordinal": ordinal,
        "source": file.source,
        "domain": file.domain,
        "offset": offset,
        "bytes": size,
        "words": words,
        **known,
        "decoded_with": None if vocabulary is None else vocabulary.name,
        "complete": not work,
        "warnings": work,
        "text": text,
    }


def _find_file(connection: duckdb.DuckDBPyConnection, path: str) -> int:
    """The number of the file at a path, or at the only path that ends so."""
    whole = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
    end = re.sub(r"^(\.{0,2}/)+", "", os.path.normpath(path))
    sql = "select path, file from store.whole where path in ($path, $whole) order by path = $path desc"
    found = connection.execute(sql, {"path": path, "whole": whole}).fetchall()[:1]
    if not found and end:
        sql = "select path, file from store.whole where ends_with(path, '/' || $end) order by path limit $most"
        found = connection.execute(sql, {"end": end, "most": _MOST_NAMED + 1}).fetchall()
    if not found:
        raise UsageError(f"{path}: no such file in the catalog{_meant(connection, path)}")
    if len(found) > 1:
        more = " …" if len(found) > _MOST_NAMED else ""
        names = ", ".join(name for name, _ in found[:_MOST_NAMED])
        raise UsageError(f"{path}: several files of the catalog have this name; give more of the path: {names}{more}")
    return int(found[0][1])


def _meant(connection: duckdb.DuckDBPyConnection, path: str) -> str:
    similar = connection.execute(
        "select path from store.whole where jaro_winkler_similarity(parse_filename(path), $name) >= $least"
        " order by jaro_winkler_similarity(parse_filename(path), $name) desc, path limit 3",
        {"name": path.rpartition("/")[2], "least": _SIMILAR},
    ).fetchall()
    return f"; did you mean {' or '.join(name for (name,) in similar)}?" if similar else ""


def _no_document(connection: duckdb.DuckDBPyConnection, file: CountedFile, ordinal: int) -> InputError | UsageError:
    """Why a file has no document at a place."""
    count, last = fetch_one(
        connection, "select count(*), coalesce(max(ordinal), -1) from store.documents where file = ?", [file.number]
    )
    bad = connection.execute(
        "select code, why from store.bad_records where file = $file"
        " and (ordinal = $ordinal or (ordinal is null and $ordinal > $last)) order by ordinal nulls last",
        {"file": file.number, "ordinal": ordinal, "last": last},
    ).fetchall()
    if bad:
        code, why = bad[0]
        return InputError(
            f"{file.path}: record {ordinal:,} could not be counted: {why} (see `tokaudit explain {code}`)"
        )
    if not count:
        sql = "select string_agg(distinct rule, ', ' order by rule) from store.omitted where file = ?"
        (rules,) = fetch_one(connection, sql, [file.number])
        return UsageError(f"{file.path}: has no documents" + (f"; left out by rule: {rules}" if rules else ""))
    has = f"it has {format_number_of(count, 'document')}, the last is {last:,}"
    if ordinal < last:  # a blank line, or a record that a rule left out
        return UsageError(f"{file.path}: record {ordinal:,} is not a document; {has}")
    return UsageError(f"{file.path}: has no record {ordinal:,}; {has}")


def _known(connection: duckdb.DuckDBPyConnection, document: int) -> dict[str, Any]:
    """Tokens, labels and group of a document."""
    wanted = {"document": document}
    tokens = "select t.name, c.tokens from store.token_counts c join store.tokenizers t using (tokenizer)"
    tokens += " where document = $document order by c.tokenizer"
    labels = "select name, value from store.labels where document = $document order by name"
    group = next(iter(fetch_rows(connection, _GROUP, wanted)), None)
    return {
        "tokens": dict(connection.execute(tokens, wanted).fetchall()),
        "labels": dict(connection.execute(labels, wanted).fetchall()),
        "counts": group is None or group["kind"] == "kept",
        "group": group,
    }
