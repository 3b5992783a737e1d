"""Whether a catalog's numbers can be given: counted with the tokenizer asked for, final, and of all the input."""

from shlex import quote

import duckdb

from tokaudit.catalog.statements import fetch_one
from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.resolve import resolve


def choose_tokenizer(connection: duckdb.DuckDBPyConnection, wanted: str | None) -> str:
    """The name in this catalog of the tokenizer asked for; without one, of the first that files are counted with.

    Raises:
        UsageError: the catalog has no such counts; the message lists what it has, or the ingest that adds it.
    """
    # One whose files were all forgotten or refused is the default only where there is no other.
    known = dict(
        connection.execute(
            "select name, vocabulary_sha256 from store.tokenizers"
            " order by tokenizer not in (select tokenizer from store.counted_with), tokenizer"
        ).fetchall()
    )
    if not known:
        raise UsageError("the catalog holds no counts yet; `tokaudit ingest PATH --domain NAME` adds some")
    name = wanted or next(iter(known))
    if name not in known:
        sha256 = resolve(name).sha256
        name = next((n for n, known_sha in known.items() if known_sha == sha256), name)
    lacking = connection.execute(
        "select distinct source, domain from store.whole f join store.sources using (source) where not exists"
        " (from store.counted_with w join store.tokenizers t using (tokenizer)"
        " where w.file = f.file and t.name = ?) order by source",
        [name],
    ).fetchall()
    if lacking:
        sources = ", ".join(repr(source) for source, _ in lacking)
        which = f"source {sources} is" if len(lacking) == 1 else f"sources {sources} are"
        source, domain, added = map(quote, (*lacking[0], wanted or name))
        raise UsageError(
            f"{which} not wholly counted with tokenizer {name!r} (the catalog has: {', '.join(known)}):"
            f" `tokaudit ingest PATH --domain {domain} --source {source} --tokenizer {added}` adds it"
        )
    if name not in known:
        raise UsageError(f"the catalog counts nothing, with tokenizer {name!r} or any other")
    return name


def completeness(connection: duckdb.DuckDBPyConnection) -> tuple[bool, tuple[str, ...]]:
    """Whether the numbers are final and of all the input; and a line for each reason why not."""
    notes = []
    bad, files = fetch_one(
        connection,
        "select coalesce(sum(bad_records)::bigint, 0), count(*) filter (bad_records > 0) from store.whole",
    )
    if bad:
        notes.append(f"{bad:,} bad records in {files:,} files are not counted (`tokaudit errors` lists them)")
    notes += unfinished(connection)
    return not notes, (*notes, *origins(connection))


def unfinished(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A line for each reason why the numbers are not final."""
    notes = []
    if fetch_one(connection, "select fresh from store.derived") != (True,):
        notes.append(
            "an ingest is running or was cut off: duplicates of the newest documents are not yet found"
            " (any `tokaudit ingest` finishes it)"
        )
    lacking = connection.execute(
        "select i.source from store.ingests i semi join store.sources using (source)"
        " group by i.source having arg_max(i.finished is null, i.ingest) order by i.source"
    ).fetchall()
    if lacking:
        sources = ", ".join(repr(source) for (source,) in lacking)
        notes.append(f"not all of source {sources} is in: its last ingest is running, was refused or was cut off")
    return notes


def origins(connection: duckdb.DuckDBPyConnection, source: str | None = None) -> list[str]:
    """A line where tokens of different origin are added; text that does not say its origin may be of any.

    Args:
        connection: the catalog.
        source: of which documents; None: of all.
    """
    found = connection.execute(
        "select value, count(*) from labels where name = 'origin' and source = coalesce(?, source)"
        " group by value order by value",
        [source],
    ).fetchall()
    (documents,) = fetch_one(
        connection, "select coalesce(sum(documents)::bigint, 0) from files where source = coalesce(?, source)", [source]
    )
    unlabelled = documents - sum(count for _, count in found)
    kinds = [*found, ("unlabelled", unlabelled)] if unlabelled else found
    if not found or len(kinds) == 1:
        return []
    parts = ", ".join(f"{count:,} {kind}" for kind, count in kinds)
    return [f"text of different origin is added: {parts} documents (supply --by origin keeps it apart)"]
