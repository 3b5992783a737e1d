"""What a catalog contains of one source, for a comparison with published numbers."""

import os
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.catalog.completeness import choose_tokenizer
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.known_files import extractors_of
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.reference.corpora import Counted
from tokaudit.catalog.statements import fetch_one, fetch_rows
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row


@dataclass(frozen=True, slots=True)
class Amount:
    """The size of some text: documents, UTF-8 bytes and tokens."""

    documents: int
    bytes: int
    tokens: int


@dataclass(frozen=True, slots=True)
class CountedText:
    """A source's text in one tokenizer's tokens: all, without exact duplicates, and without near-duplicates too."""

    seen: Amount
    exact: Amount
    unique: Amount

    def counted_as(self, counted: Counted) -> Amount:
        """The amount that leaves out the same duplicates as a published number of that kind."""
        return {"exact": self.exact, "near": self.unique}.get(counted, self.seen)


@dataclass(frozen=True, slots=True)
class LeftOutFiles:
    """Files that a rule left out.

    Attributes:
        rule: the rule.
        paths: number of paths, and of parts of counted files, such as members of archives.
        bytes: stored bytes of those whose size is known; None if none is.
    """

    rule: str
    paths: int
    bytes: int | None


@dataclass(frozen=True, slots=True)
class MeasuredSource:
    """What the catalog contains of a source.

    Attributes:
        source, domain: its names.
        tokenizer: the tokenizer asked for.
        texts: tokenizer -> its text; for that tokenizer and every other that has counted all of the text.
        text_field: fields that the texts are from, with commas; those that are tried if no format has fields; empty if
            all texts are from pages.
        extractors: how its pages and books became text, as the catalog records it; empty without pages.
        steps: cleaning steps applied, in order.
        bad_records: records that could not be counted.
        bad_files: files that could not be read to their end.
        bad_files_bytes: stored bytes of these files.
        left_out: files left out, by rule.
        warnings: why the numbers are not final.
    """

    source: str
    domain: str
    tokenizer: str
    texts: Mapping[str, CountedText]
    text_field: str = "text"
    extractors: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    bad_records: int = 0
    bad_files: int = 0
    bad_files_bytes: int = 0
    left_out: tuple[LeftOutFiles, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> CountedText:
        """The text in tokens of the tokenizer asked for."""
        return self.texts[self.tokenizer]


def measured_source(catalog: Path, source: str, tokenizer: str | None) -> MeasuredSource:
    """One source of the catalog, deduplicated inside itself.

    Args:
        catalog: the catalog.
        source: its name.
        tokenizer: the tokenizer to count with; None for the catalog's first.

    Raises:
        UsageError: no such source (the message lists the known ones), or not all is counted with this tokenizer.
    """
    with open_readonly(catalog) as connection:
        known = {row["source"]: row for row in fetch_rows(connection, "select * from sources order by source")}
        if source not in known:
            raise UsageError(f"unknown source {source!r} (the catalog has: {', '.join(known) or 'none'})")
        name = choose_tokenizer(connection, tokenizer)
        parameters = {"source": source}
        counted = {
            row["tokenizer"]: row
            for row in fetch_rows(connection, shipped_query("source_text").sql, {"source": source})
        }
        bad_records, bad_files, bad_bytes = fetch_one(connection, _BAD, parameters)
        left_out = connection.execute(_LEFT_OUT, parameters).fetchall()
        (fields,) = connection.execute(_FIELDS, parameters).fetchone() or (None,)
        extractors = tuple(sorted(extractors_of(connection, source)))
        warnings = [work.words() for work in unfinished(connection)]
    registered = known[source]
    texts = {other: _text(row) for other, row in counted.items()} or {name: CountedText(_NONE, _NONE, _NONE)}
    whole = texts[name].seen.documents
    by_rule: dict[str, list[tuple[int, int | None]]] = {}
    for rule, path, size, number in left_out:
        by_rule.setdefault(rule, []).append((number, _stored(path) if size is None else size))
    return MeasuredSource(
        source=source,
        domain=registered["domain"],
        tokenizer=name,
        # A tokenizer that has counted only part of the text is left out.
        texts={other: text for other, text in texts.items() if text.seen.documents == whole},
        text_field=fields or ("" if extractors else registered["text_field"]),
        extractors=extractors,
        steps=tuple(registered["steps"]),
        bad_records=bad_records,
        bad_files=bad_files,
        bad_files_bytes=bad_bytes,
        left_out=tuple(_left_out(rule, found) for rule, found in by_rule.items()),
        warnings=tuple(warnings),
    )


_NONE: Final = Amount(0, 0, 0)

_LEFT_OUT: Final = "select rule, path, bytes, number from left_out where source = $source order by all"
_FIELDS: Final = "select string_agg(distinct text_field, ',' order by text_field) from files where source = $source"
_BAD: Final = """
select (select count(*) from bad_records where source = $source and ordinal is not null)::bigint,
       count(*)::bigint, coalesce(sum(size)::bigint, 0)
from files
where source = $source and path in (select path from bad_records where source = $source and ordinal is null)
"""
"""Bad records of a source; its files that were not read to their end, and their stored bytes."""


def _text(row: Row) -> CountedText:
    return CountedText(
        *(
            Amount(row[f"documents_{kind}"], row[f"bytes_{kind}"], row[f"tokens_{kind}"])
            for kind in ("seen", "unique_exact", "unique")
        )
    )


def _left_out(rule: str, found: Sequence[tuple[int, int | None]]) -> LeftOutFiles:
    """What a rule left out, from the number and size of each."""
    sizes = [size for _, size in found if size is not None]
    return LeftOutFiles(rule, sum(number for number, _ in found), sum(sizes) if sizes else None)


def _stored(path: str) -> int | None:
    """Bytes of the path if it is a file on this machine, for what was left out before sizes were noted."""
    with suppress(OSError, ValueError):  # gone, not accessible, or a name that this system does not allow
        status = os.lstat(path)
        return status.st_size if stat.S_ISREG(status.st_mode) else None
    return None
