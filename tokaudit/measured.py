"""What a catalog holds: the supply for a plan, and a source for a comparison."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from tokaudit.catalog import one, reading, rows, shipped_query
from tokaudit.comparing.sources import Amount, CountedText, LeftOutFiles, MeasuredSource
from tokaudit.completeness import choose_tokenizer, completeness, unfinished
from tokaudit.errors import UsageError
from tokaudit.records import DomainSupply, Row, Supply


def measured_supply(catalog: Path, tokenizer: str | None) -> Supply:
    """Unique tokens of each domain in the catalog, with the bytes they stand for and other tokenizers' counts of them.

    ``tokens_unique`` is the domain's own row; ``tokens_unique_low`` leaves out what another domain holds too.
    Without domains if nothing is counted yet.

    Args:
        catalog: the catalog.
        tokenizer: whose tokens; None: the catalog's first.

    Raises:
        UsageError: nothing, or not every source, is counted with it.
    """
    with reading(catalog) as connection:
        if one(connection, "select count(*) from store.tokenizers") == (0,):
            return Supply((), f"measured in {catalog}")
        name = choose_tokenizer(connection, tokenizer)
        _, notes = completeness(connection)
        found = rows(connection, shipped_query("supply"), {"by": "domain", "tokenizer": name})
        total = rows(connection, shipped_query("supply"), {"by": "catalog", "tokenizer": name})
        shared = {
            row["domain"]: row["tokens_elsewhere"]
            for row in rows(connection, shipped_query("shared_supply"), {"tokenizer": name})
        }
        counts: dict[str, dict[str, tuple[int, int]]] = {}
        for row in rows(connection, shipped_query("unique_text"), {}):
            counts.setdefault(row["domain"], {})[row["tokenizer"]] = row["bytes_unique"], row["tokens_unique"]
    domains = []
    for row in found:
        domain, unique = row["domain"], row["tokens_unique"]
        elsewhere = shared.get(domain)
        by_tokenizer = counts.get(domain, {})
        size = by_tokenizer[name][0] if name in by_tokenizer else 0
        # A tokenizer that has not counted all of this text says nothing of it.
        whole = {other: tokens for other, (bytes_, tokens) in by_tokenizer.items() if bytes_ == size}
        domains.append(DomainSupply(domain, unique, unique - elsewhere if elsewhere else None, None, size, whole))
    twice = sum(row["tokens_unique"] for row in found) - (total[0]["tokens_unique"] if total else 0)
    warnings = list(notes)
    if twice > 0:
        warnings.append(f"domains overlap: {twice:,} tokens are counted in more than one of them")
    return Supply(tuple(domains), f"measured in {catalog}", name, tuple(warnings))


def measured_source(catalog: Path, source: str, tokenizer: str | None) -> MeasuredSource:
    """One source of the catalog, deduplicated inside itself.

    Args:
        catalog: the catalog.
        source: its name.
        tokenizer: whose tokens; None: the catalog's first.

    Raises:
        UsageError: no such source (the message lists those there are), or not everything is counted with the tokenizer.
    """
    with reading(catalog) as connection:
        known = {row["source"]: row for row in rows(connection, "select * from sources order by source")}
        if source not in known:
            raise UsageError(f"unknown source {source!r} (the catalog has: {', '.join(known) or 'none'})")
        name = choose_tokenizer(connection, tokenizer)
        parameters = {"source": source}
        counted = {row["tokenizer"]: row for row in rows(connection, shipped_query("source_text"), {"source": source})}
        bad_records, bad_files, bad_bytes = one(connection, _BAD, parameters)
        left_out = connection.execute(
            "select rule, path from left_out where source = $source order by all", parameters
        ).fetchall()
        warnings = unfinished(connection)
    about = known[source]
    texts = {other: _text(row) for other, row in counted.items()} or {name: CountedText(_NONE, _NONE, _NONE)}
    whole = texts[name].seen.documents
    by_rule: dict[str, list[str]] = {}
    for rule, path in left_out:
        by_rule.setdefault(rule, []).append(path)
    return MeasuredSource(
        source=source,
        domain=about["domain"],
        tokenizer=name,
        # A tokenizer that has not counted all of this text says nothing of it.
        texts={other: text for other, text in texts.items() if text.seen.documents == whole},
        text_field=about["text_field"],
        steps=tuple(about["steps"]),
        bad_records=bad_records,
        bad_files=bad_files,
        bad_files_bytes=bad_bytes,
        left_out=tuple(LeftOutFiles(rule, len(paths), _stored(paths)) for rule, paths in by_rule.items()),
        warnings=tuple(warnings),
    )


_NONE: Final = Amount(0, 0, 0)

_BAD: Final = """
select (select count(*) from bad_records where source = $source and ordinal is not null)::bigint,
       count(*)::bigint, coalesce(sum(size)::bigint, 0)
from files
where source = $source and path in (select path from bad_records where source = $source and ordinal is null)
"""
"""Bad records of a source; its files with a fault after which nothing was read, and their size."""


def _text(row: Row) -> CountedText:
    return CountedText(
        *(
            Amount(row[f"documents_{kind}"], row[f"bytes_{kind}"], row[f"tokens_{kind}"])
            for kind in ("seen", "unique_exact", "unique")
        )
    )


def _stored(paths: Iterable[str]) -> int | None:
    """Bytes of those that are files here; None if none is."""
    found = []
    for path in paths:
        with suppress(OSError, ValueError):  # gone, out of reach, or a name that the system can't have
            about = os.lstat(path)
            found += [about.st_size] if stat.S_ISREG(about.st_mode) else []
    return sum(found) if found else None
