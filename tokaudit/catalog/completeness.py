"""Checks whether a catalog's numbers are of the tokenizer asked for, final, and of all the input."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Final

import duckdb

from tokaudit.catalog.statements import fetch_one, fetch_rows_with_incoming
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.errors import UsageError
from tokaudit.core.left_out_rules import RULES
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.core.units import format_bytes, format_number_of
from tokaudit.measure.tokenizers.resolve import resolve

if TYPE_CHECKING:
    from tokaudit.core.types import Int64

_WHY: Final = {"unclaimed": "no reader takes them", "unreadable": "they can't be read"}
_WHY_ONE: Final = {"unclaimed": "no reader takes it", "unreadable": "it can't be read"}
_UNCHECKED: Final = "select path from files where not checked"


def vocabularies(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Name -> hash of the vocabulary of each tokenizer in a catalog. The first is the default.

    A tokenizer whose files were all forgotten or refused is the default only if there is no other.
    """
    return dict(
        connection.execute(
            "select name, vocabulary_sha256 from store.tokenizers"
            " order by tokenizer not in (select tokenizer from store.counted_with), tokenizer"
        ).fetchall()
    )


def choose_tokenizer(connection: duckdb.DuckDBPyConnection, wanted: str | None) -> str:
    """The name of a tokenizer in this catalog: the one asked for, or else the first that files are counted with.

    Raises:
        UsageError: the catalog has no such counts; the message lists those it has, or the ingest that adds them.
    """
    known = vocabularies(connection)
    if not known:
        raise UsageError("the catalog contains no counts yet; run `tokaudit ingest PATH --domain NAME`")
    name = wanted or next(iter(known))
    if name not in known:
        sha256 = resolve(name).sha256
        name = next((n for n, known_sha in known.items() if known_sha == sha256), name)
    lacking = _lacking(connection, name)
    if lacking:
        which = _sources_are([source for source, _ in lacking])
        source, domain, added = map(quote, (*lacking[0], wanted or name))
        raise UsageError(
            f"{which} not fully counted with tokenizer {name!r} (the catalog has: {', '.join(known)});"
            f" run `tokaudit ingest PATH --domain {domain} --source {source} --tokenizer {added}`"
        )
    if name not in known:
        raise UsageError(f"the catalog contains no counts with tokenizer {name!r} or any other; run `tokaudit ingest`")
    return name


def without_tokens(connection: duckdb.DuckDBPyConnection, tokenizer: str | None) -> list[str]:
    """A sentence if files are not counted with a tokenizer, so that a query leaves their tokens out; else empty.

    Args:
        connection: the catalog.
        tokenizer: its name in the catalog; None: the catalog's first.
    """
    default = (
        "select tokenizer from tokenizers where tokenizer = coalesce(?, tokenizer) and (? is not null or is_default)"
    )
    found = connection.execute(default, [tokenizer, tokenizer]).fetchall()
    lacking = [source for (name,) in found for source, _ in _lacking(connection, name)]
    if not lacking:
        return []
    ((name,),) = found
    return [f"{_sources_are(lacking)} not fully counted with tokenizer {name!r}, so the answer lacks tokens of it"]


def _lacking(connection: duckdb.DuckDBPyConnection, tokenizer: str) -> list[tuple[str, str]]:
    """Source and domain of each source with files that are not counted with the tokenizer, in order."""
    return connection.execute(
        "select distinct source, domain from store.whole f join store.sources using (source) where not exists"
        " (from store.counted_with w join store.tokenizers t using (tokenizer)"
        " where w.file = f.file and t.name = ?) order by source",
        [tokenizer],
    ).fetchall()


def _sources_are(sources: Sequence[str]) -> str:
    """``source 'web' is`` or ``sources 'books', 'web' are``."""
    named = ", ".join(map(repr, sources))
    return f"source {named} is" if len(sources) == 1 else f"sources {named} are"


def completeness(
    connection: duckdb.DuckDBPyConnection, documents: "Int64 | None" = None
) -> tuple[bool, tuple[str, ...]]:
    """Whether the numbers are final and of all the input, and notes: a sentence for each reason why not.

    Args:
        connection: the catalog.
        documents: those that are added up; None: all.
    """
    notes = []
    bad, files = fetch_one(
        connection,
        "select coalesce(sum(bad_records)::bigint, 0), count(*) filter (bad_records > 0) from store.whole",
    )
    if bad:
        records = f"{format_number_of(bad, 'bad record')} in {format_number_of(files, 'file')}"
        notes.append(f"the numbers leave out {records} (see `tokaudit errors`)")
    notes += left_out(connection)
    notes += [work.words() for work in unfinished(connection)]
    if documents is None:
        return not notes, (*notes, *origins(connection), *only_ids(connection))
    return not notes, (*notes, *_about_some(connection, documents))


def _about_some(connection: duckdb.DuckDBPyConnection, documents: "Int64") -> Iterator[str]:
    """What `origins` and `only_ids` say, of these documents alone."""
    some = {"document": documents}
    found = fetch_rows_with_incoming(connection, _ORIGINS_OF_SOME, some)
    kinds = {row["value"]: row["number"] for row in found if row["value"]}
    yield from _mixed(list(kinds.items()), len(documents) - sum(kinds.values()))
    (ids,) = fetch_rows_with_incoming(connection, _IDS_OF_SOME, some, {"readers": sorted(STORE_READERS)})
    yield from _not_compared(ids["number"])


_ORIGINS_OF_SOME: Final = (
    "select value, count(*) as number from incoming join store.labels using (document) where name = 'origin'"
    " group by value order by value"
)
_IDS_OF_SOME: Final = (
    "select count(*) as number from incoming join store.documents using (document) join store.whole using (file)"
    " where reader in (select unnest($readers))"
)


def left_out(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """A sentence for each rule that left out text which may be missing; empty if there is none."""
    rules = [name for name, rule in RULES.items() if rule.incomplete]
    found = connection.execute(
        "select rule, sum(number)::bigint, sum(bytes)::bigint from left_out"
        " where rule in (select unnest($rules)) group by rule order by rule",
        {"rules": rules},
    ).fetchall()
    notes = []
    for rule, number, size in found:
        stored = "" if size is None else f" ({format_bytes(size)})"
        were, why = ("was", _WHY_ONE[rule]) if number == 1 else ("were", _WHY[rule])
        files = format_number_of(number, "file")
        notes.append(f"{files}{stored} {were} left out because {why} (`tokaudit query left_out`)")
    return notes


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """How many files of a catalog check sums cover.

    Attributes:
        files: number of all files.
        unchecked: number of those that no check sums cover.
        unknown: number of those of which it is not known, because an older version counted them.
    """

    files: int
    unchecked: int
    unknown: int

    def remarks(self) -> Iterator[str]:
        """A sentence if changed bytes may go unnoticed in some files."""
        of = f"of {format_number_of(self.files, 'file')}"
        were = "was" if self.unknown == 1 else "were"
        older = f"{self.unknown:,} {of} {were} counted by an older tokaudit, which did not look for check sums"
        if self.unchecked:
            also = f"; {older}" if self.unknown else ""
            which = f'`tokaudit query "{_UNCHECKED}"` lists them'
            carry, them = ("carries", "it") if self.unchecked == 1 else ("carry", "them")
            unnoticed = f"{carry} no check sums, so changed bytes in {them} can't be noticed"
            yield f"{self.unchecked:,} {of} {unnoticed} ({which}){also}"
        elif self.unknown:
            yield older


def checked_files(connection: duckdb.DuckDBPyConnection) -> CheckedFiles:
    """How many files of the catalog check sums cover."""
    return CheckedFiles(
        *fetch_one(
            connection,
            "select count(*), count(*) filter (not checked), count(*) filter (checked is null) from store.whole",
        )
    )


def origins(connection: duckdb.DuckDBPyConnection, source: str | None = None) -> list[str]:
    """A sentence if tokens of different origin are added up, else empty. Unlabelled text may be of any origin.

    Args:
        connection: the catalog.
        source: the source whose documents count; None: all documents.
    """
    # Most catalogs have no such label, and then nothing needs to be joined.
    if not connection.execute("select 1 from store.labels where name = 'origin' limit 1").fetchall():
        return []
    found = connection.execute(
        "select value, count(*) from labels where name = 'origin' and source = coalesce(?, source)"
        " group by value order by value",
        [source],
    ).fetchall()
    (documents,) = fetch_one(
        connection, "select coalesce(sum(documents)::bigint, 0) from files where source = coalesce(?, source)", [source]
    )
    return _mixed(found, documents - sum(count for _, count in found))


def _mixed(found: Sequence[tuple[str, int]], unlabelled: int) -> list[str]:
    kinds = [*found, ("unlabelled", unlabelled)] if unlabelled else found
    if not found or len(kinds) == 1:
        return []
    parts = ", ".join(f"{count:,} {kind}" for kind, count in kinds)
    return [f"text of different origin is added up: {parts} documents (`tokaudit supply --by origin` separates them)"]


def only_ids(connection: duckdb.DuckDBPyConnection, source: str | None = None) -> list[str]:
    """A sentence if documents are known by their token ids alone, else empty: they have no near-duplicates.

    Args:
        connection: the catalog.
        source: the source whose documents count; None: all documents.
    """
    (documents,) = fetch_one(
        connection,
        "select coalesce(sum(documents)::bigint, 0) from store.whole"
        " where reader in (select unnest($readers)) and source = coalesce($source, source)",
        {"readers": sorted(STORE_READERS), "source": source},
    )
    return _not_compared(documents)


def _not_compared(documents: int) -> list[str]:
    if not documents:
        return []
    which = f"{format_number_of(documents, 'document')} of token ids"
    return [f"near-duplicates were not looked for in {which}, only exact duplicates: the text is not there"]
