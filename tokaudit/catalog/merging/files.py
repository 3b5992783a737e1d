"""Ingests and files of a given catalog: those that both have are known again, and the others get new numbers."""

from dataclasses import dataclass
from shlex import quote
from typing import Final

import duckdb

from tokaudit.catalog.delete import delete_files
from tokaudit.catalog.known_files import place_below
from tokaudit.catalog.merging.given import Given, command_for
from tokaudit.catalog.statements import fetch_one, with_answer_of
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a given catalog, once they are matched with those of the other.

    Attributes:
        added: number of files that are new.
        known: number of files that both catalogs have.
        documents: number of documents in the new files.
        offset: what is added to the number of a new file.
    """

    added: int
    known: int
    documents: int
    offset: int


def merge_ingests(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    """Add the ingests of a given catalog, and note their numbers in the temporary table ``given_ingests``.

    An ingest that both catalogs have, because one was made from a copy of the other, is there once.

    Raises:
        UsageError: both have ingests of a source of their own, and one of them is not finished.
    """
    with_answer_of(given.connection, "from store.ingests", connection, _GIVEN_INGESTS, {})
    connection.execute(_NUMBER_INGESTS)
    open_here, open_there = (
        {work.source for work in unfinished(each) if work.work == "ingest"} for each in (connection, given.connection)
    )
    for (source,) in connection.execute(_APART).fetchall():
        if source in open_here | open_there:
            where = given.path if source in open_there else given.into
            raise UsageError(
                f"source {source!r}: its last ingest is not finished in {where}, and the other catalog has ingests of"
                f" the source, too; run {command_for(where, 'resume')}, then merge again"
            )
    connection.execute(_INSERT_INGESTS)
    connection.execute(_FINISH_INGESTS)


def merge_files(connection: duckdb.DuckDBPyConnection, given: Given) -> Files:
    """Add the files of a given catalog. Those that both have are noted in the temporary table ``skipped``.

    A file of which nothing was counted gives way to one at the same path of which something was.

    Raises:
        UsageError: a file was counted in both with different content, or in different sources.
    """
    with_answer_of(given.connection, "from store.whole", connection, _GIVEN_FILES, {})
    _check_same(connection, given)
    delete_files(connection, [file for (file,) in connection.execute(_GIVE_WAY).fetchall()])
    connection.execute(_SKIP)
    place_below(connection, dict(connection.execute(_NEARER).fetchall()))
    (offset,) = fetch_one(connection, _OFFSET)
    connection.execute(_INSERT_FILES, {"offset": offset})
    added, known, documents = fetch_one(connection, _NUMBERS)
    return Files(added, known, documents, offset)


def _check_same(connection: duckdb.DuckDBPyConnection, given: Given) -> None:
    found = connection.execute(_DIFFERENT).fetchall()
    if not found:
        return
    path, held, source, content_differs = found[0]
    more = f" ({len(found):,} such files)" if len(found) > 1 else ""
    if held != source:
        raise UsageError(
            f"{path}: belongs to source {held!r} in {given.into} and to {source!r} in {given.path}, and a file belongs"
            f" to one source{more}; run {given.command(f'forget {quote(source)}')}, and count it there as {held!r}"
        )
    what = "other content" if content_differs else "another result"
    raise UsageError(
        f"{path}: was counted with {what} in {given.path} than in {given.into}{more}; ingest it again where it is out"
        f" of date, or run {given.command(f'forget {quote(source)}')}"
    )


_GIVEN_INGESTS: Final = """
create or replace temp table given_ingests as
select ingest, source, started, finished, version, settings, null::bigint as number, false as known from incoming"""

_NUMBER_INGESTS: Final = """
update given_ingests g set number = coalesce(held.ingest, numbered.number), known = held.ingest is not null
from (
    select ingest, (select coalesce(max(ingest), 0) from store.ingests) + row_number() over (order by ingest) as number
    from given_ingests
) numbered
left join (
    select n.ingest as given, min(i.ingest) as ingest
    from given_ingests n join store.ingests i using (source, started, version, settings) group by n.ingest
) held on held.given = numbered.ingest
where g.ingest = numbered.ingest"""

_APART: Final = """
select source from given_ingests where not known
intersect
select source from store.ingests where ingest not in (select number from given_ingests where known)
order by source"""
"""Sources of which each catalog has an ingest that the other lacks."""

_INSERT_INGESTS: Final = """
insert into store.ingests (ingest, source, started, finished, version, settings)
select number, source, started, finished, version, settings from given_ingests where not known"""

_FINISH_INGESTS: Final = """
update store.ingests set finished = g.finished from given_ingests g
where g.known and ingests.ingest = g.number and ingests.finished is null and g.finished is not null"""

_GIVEN_FILES: Final = "create or replace temp table given_files as from incoming"

_DIFFERENT: Final = """
select g.path, f.source, g.source, g.content <> f.content
from given_files g join store.whole f using (path)
where if(g.source <> f.source, g.documents > 0 and f.documents > 0,
         (g.content, g.reader, g.state, g.documents, g.bytes, g.bad_records)
         is distinct from (f.content, f.reader, f.state, f.documents, f.bytes, f.bad_records))
order by path"""

_GIVE_WAY: Final = """
select f.file from given_files g join store.whole f using (path)
where g.source <> f.source and f.documents = 0 and (g.documents > 0 or g.source < f.source)"""
"""Files whose place a given one takes. Of two without documents, that of the lesser source stays."""

_SKIP: Final = """
create or replace temp table skipped as
select g.file, f.file as held, g.source = f.source as same, g.below < f.below as nearer, g.below
from given_files g join store.whole f using (path)"""

_NEARER: Final = "select held, below from skipped where same and nearer"

_OFFSET: Final = """
select (select coalesce(max(file) + 1, 0) from store.files) - (select coalesce(min(file), 0) from given_files)"""

_INSERT_FILES: Final = """
insert into store.files by name
select g.file + $offset as file, g.source, path, below, size, modified, content, reader, state, documents, bytes,
       bad_records, i.number as ingest, text_field, checked, extractor
from given_files g left join given_ingests i using (ingest) anti join skipped using (file)"""

_NUMBERS: Final = """
select count(*) filter (s.file is null), count(s.file), coalesce(sum(documents) filter (s.file is null), 0)::bigint
from given_files g left join skipped s using (file)"""
