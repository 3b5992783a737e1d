"""Rows of a given catalog, once its files have numbers: documents, counts, labels, and what is known of their texts.

Rows pass in batches from one database to the other, which never see each other. Numbers of documents and files are
moved by an offset, so no table of numbers is needed, however many there are.
"""

from collections.abc import Mapping
from shlex import quote
from typing import Any, Final

import duckdb
import numpy as np

from tokaudit.catalog.merging.files import Files
from tokaudit.catalog.merging.given import Given
from tokaudit.catalog.row_files import NEXT_DOCUMENT
from tokaudit.catalog.stale_groups import mark_groups_stale
from tokaudit.catalog.statements import fetch_one, with_answer_of, with_incoming
from tokaudit.core.arrow import text_column
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.store_readers import STORE_READERS


def merge_rows(
    connection: duckdb.DuckDBPyConnection, given: Given, files: Files, tokenizers: Mapping[int, int]
) -> None:
    """Add what a given catalog has of its new files, and the tokens and labels that others lack.

    Args:
        connection: inside the transaction in which the files were added.
        given: the catalog.
        files: its files.
        tokenizers: number of each tokenizer there -> its number here.

    Raises:
        InputError: a file of both has not the same documents.
        UsageError: a store of token ids was counted with another tokenizer.
    """
    _note_numbers(connection, given, tokenizers)
    (documents,) = fetch_one(connection, NEXT_DOCUMENT)
    (first,) = fetch_one(given.connection, "select coalesce(min(document), 0) from store.documents")
    offsets = {"documents": documents - first, "files": files.offset}
    if files.added:
        for table, asked in _ROWS.items():
            given_to = {name: value for name, value in offsets.items() if f"${name}" in asked}
            insert = f"insert into store.{table} by name from incoming"
            with_answer_of(given.connection, asked, connection, insert, {}, given_to)
        connection.execute("update store.derived set fresh = false")
    with_answer_of(given.connection, _LEFT_OUT, connection, _INSERT_LEFT_OUT, {})
    connection.execute(_COUNTED_NOW)
    if files.known:
        _add_tokens(connection, given)
        _add_labels(connection, given)


def _note_numbers(connection: duckdb.DuckDBPyConnection, given: Given, tokenizers: Mapping[int, int]) -> None:
    """Make temporary tables in the given catalog: files that are ``brought``, and ``numbers`` of tokenizers."""
    _pass_on(given, "skipped", connection.execute("select file from skipped").fetchnumpy())
    columns = {"tokenizer": np.array([*tokenizers], np.int32), "number": np.array([*tokenizers.values()], np.int32)}
    _pass_on(given, "numbers", columns)
    given.connection.execute(
        "create or replace temp table brought as select file from store.whole anti join skipped using (file)"
    )


def _pass_on(given: Given, table: str, columns: Mapping[str, Any]) -> None:
    with_incoming(given.connection, f"create or replace temp table {table} as from incoming", columns)


def _add_tokens(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Add the counts of tokenizers that files of both catalogs lack here."""
    _pass_on(given, "shared", connection.execute("select file, held from skipped where same").fetchnumpy())
    with_answer_of(given.connection, _COUNTED_WITH, connection, _LACKING_TOKENIZERS, {})
    lacking = connection.execute("select held, tokenizer from lacking").fetchnumpy()
    if not len(lacking["held"]):
        return
    stores = connection.execute(_STORES, {"readers": sorted(STORE_READERS)}).fetchall()
    if stores:
        raise UsageError(
            f"{stores[0][0]}: contains token ids, which are of one tokenizer, and was counted with another in"
            f" {given.path} than in {given.into}; run {given.command(f'forget {quote(stores[0][1])}')}"
        )
    _pass_on(given, "lacking", lacking)
    before = fetch_one(connection, "select count(*) from store.token_counts")[0]
    with_answer_of(given.connection, _TOKENS_LACKING, connection, _INSERT_TOKENS, {})
    after = fetch_one(connection, "select count(*) from store.token_counts")[0]
    (wanted,) = fetch_one(connection, "select coalesce(sum(documents), 0) from lacking join store.files on file = held")
    if after - before != wanted:
        raise InputError(
            f"{given.path}: files that {given.into} has, too, do not have the same documents there; ingest them again"
            " in one of the two"
        )
    connection.execute("insert into store.counted_with by name select held as file, tokenizer from lacking")


def _add_labels(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Add the labels that files of both catalogs lack here."""
    with_answer_of(given.connection, _LABELLED_WITH, connection, _LACKING_LABELS, {})
    _pass_on(given, "unlabelled", _text_columns(connection.execute("select held, label from lacking").fetchall()))
    with_answer_of(given.connection, _LABELS_LACKING, connection, _INSERT_LABELS, {})
    connection.execute("insert into store.labelled_with by name select held as file, label from lacking")


def _text_columns(rows: list[tuple[int, str]]) -> dict[str, Any]:
    """Files and their labels as columns."""
    return {"held": np.array([held for held, _ in rows], np.int64), "label": text_column([label for _, label in rows])}


def merge_similarities(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Add the similarities that a given catalog has of its texts, so that none of them is read again.

    A similarity that was estimated because a file was gone gives way to one that was not.
    """
    before = fetch_one(connection, "select count(*) from store.similarities")[0]
    (any_gone,) = fetch_one(connection, "select count(*) > 0 from store.similarities where how = 'estimate_file_gone'")
    if any_gone:
        with_answer_of(given.connection, "from store.similarities", connection, _BETTER, {})
        connection.execute(_FORGET_ESTIMATES)
        connection.execute(_DISTURB)
        before -= fetch_one(connection, "select count(*) from better")[0]
    with_answer_of(given.connection, "from store.similarities", connection, _INSERT_SIMILARITIES, {})
    with_answer_of(given.connection, "from store.crowded", connection, _INSERT_CROWDED, {})
    if fetch_one(connection, "select count(*) from store.similarities")[0] > before:
        # Texts of new files are new. Those of files that were here before may have a link more.
        held = connection.execute("select held from skipped").fetchall()
        if held:
            mark_groups_stale(connection, [file for (file,) in held])


_ROWS: Final = {
    "documents_here": """
        select document + $documents as document, file + $files as file, ordinal, "offset", bytes, words, key_hi,
               key_lo, bytes_repeated_inside
        from store.documents semi join brought using (file)""",
    "token_counts_here": """
        select c.document + $documents as document, n.number as tokenizer, c.tokens
        from store.token_counts c join numbers n using (tokenizer)
        semi join (from store.documents semi join brought using (file)) d using (document)""",
    "labels_here": """
        select l.document + $documents as document, l.name, l.value from store.labels l
        semi join (from store.documents semi join brought using (file)) d using (document)""",
    "bad_records": """
        select file + $files as file, ordinal, "offset", code, why
        from store.bad_records semi join brought using (file)""",
    "omitted": """
        select o.file + $files as file, o.rule, o.suffix, o.number, o.bytes, o.example
        from store.omitted o semi join brought b on o.file = b.file order by o.rowid""",
    "counted_with": """
        select w.file + $files as file, n.number as tokenizer
        from store.counted_with w join numbers n using (tokenizer) semi join brought b on w.file = b.file""",
    "labelled_with": """
        select file + $files as file, label from store.labelled_with semi join brought using (file)""",
}
"""Table -> what a given catalog adds to it."""

_LEFT_OUT: Final = "select source, path, rule, bytes from store.left_out"
_INSERT_LEFT_OUT: Final = """
insert into store.left_out by name
select * from incoming anti join store.left_out using (source, path) semi join store.sources using (source)"""
_COUNTED_NOW: Final = """
delete from store.left_out where exists
(from store.whole f where f.source = left_out.source and f.path = left_out.path)"""

_COUNTED_WITH: Final = """
select s.held, n.number as tokenizer
from store.counted_with w join numbers n using (tokenizer) join shared s on s.file = w.file"""
_LACKING_TOKENIZERS: Final = """
create or replace temp table lacking as
select distinct held, tokenizer from incoming i
where not exists (from store.counted_with w where w.file = i.held and w.tokenizer = i.tokenizer)"""
_STORES: Final = """
select f.path, f.source from lacking join store.files f on f.file = held where list_contains($readers, f.reader)
order by all"""
_TOKENS_LACKING: Final = """
select l.held, d.ordinal, d.key_hi, d.key_lo, l.tokenizer, c.tokens
from lacking l join shared s using (held) join numbers n on n.number = l.tokenizer
join store.documents d on d.file = s.file
join store.token_counts c on c.document = d.document and c.tokenizer = n.tokenizer"""
_INSERT_TOKENS: Final = """
insert into store.token_counts_here by name
select d.document, i.tokenizer, i.tokens from incoming i join store.documents d
on d.file = i.held and d.ordinal = i.ordinal and d.key_hi = i.key_hi and d.key_lo = i.key_lo"""

_LABELLED_WITH: Final = "select s.held, w.label from store.labelled_with w join shared s on s.file = w.file"
_LACKING_LABELS: Final = """
create or replace temp table lacking as
select distinct held, label from incoming i
where not exists (from store.labelled_with w where w.file = i.held
                  and split_part(w.label, '=', 1) = split_part(i.label, '=', 1))"""
_LABELS_LACKING: Final = """
select u.held, d.ordinal, l.name, l.value
from unlabelled u join shared s using (held) join store.documents d on d.file = s.file
join store.labels l on l.document = d.document and l.name = split_part(u.label, '=', 1)"""
_INSERT_LABELS: Final = """
insert into store.labels_here by name
select d.document, i.name, i.value
from incoming i join store.documents d on d.file = i.held and d.ordinal = i.ordinal"""

_BETTER: Final = """
create or replace temp table better as
select s.a_hi, s.a_lo, s.b_hi, s.b_lo, s.candidate
from incoming i join store.similarities s using (a_hi, a_lo, b_hi, b_lo, candidate)
where s.how = 'estimate_file_gone' and i.how <> 'estimate_file_gone'"""
_FORGET_ESTIMATES: Final = """
delete from store.similarities s using better b where s.a_hi = b.a_hi and s.a_lo = b.a_lo and s.b_hi = b.b_hi
and s.b_lo = b.b_lo and s.candidate = b.candidate"""
_DISTURB: Final = """
insert into store.disturbed (key_hi, key_lo)
select distinct unnest([a_hi, b_hi]), unnest([a_lo, b_lo]) from better"""
_INSERT_SIMILARITIES: Final = """
insert into store.similarities by name
select i.* from incoming i anti join store.similarities s using (a_hi, a_lo, b_hi, b_lo, candidate)"""
_INSERT_CROWDED: Final = """
insert into store.crowded by name select * from incoming anti join store.crowded using (key_hi, key_lo)"""
