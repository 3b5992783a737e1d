"""Overviews of catalogs that were never counted, so that figures and cards can be tried on any numbers and names."""

from collections.abc import Mapping, Sequence

from tokaudit.audit.how_counted import CountedSource
from tokaudit.audit.overview import Found, Overview
from tokaudit.catalog.completeness import CheckedFiles
from tokaudit.core.rows import Row

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "a|b\\|c `d` ```",
    "no\n# heading\n---",
    "\u202eright to left \x1b[31m",
    "{{7*7}} ${1} $x$ ![i](x) [l](y)",
    "x" * 2000,
    "\U0001f600 é",
    "__proto__",
    "- *a*: 'b' # c",
)
"""Names that would do harm where they were not taken as text."""


def supply_row(name: str, seen: int, exact: int, unique: int) -> Row:
    """A row of the supply in which each token is a document of four bytes."""
    return {
        "domain": name,
        "source": name,
        "documents_seen": seen,
        "documents_unique_exact": exact,
        "documents_unique": unique,
        "bytes_seen": 4 * seen,
        "tokens_seen": seen,
        "tokens_unique_exact": exact,
        "tokens_unique": unique,
        "tokens_repeated_inside": 0,
        "bad_records": 0,
    }


def overlap_row(a: str, b: str, shared: int) -> Row:
    """A row of the overlap in which each token is a document."""
    columns = ("documents_shared_exact", "documents_shared", "tokens_shared_exact", "tokens_shared")
    return {"a": a, "b": b, **dict.fromkeys(columns, shared)}


def group_row(low: int, high: int | None, groups: int, tokens: int) -> Row:
    """A row of the sizes of groups: of so many groups, whose copies have so many tokens."""
    extra = groups * (low - 1)
    return {
        "documents_from": low,
        "documents_to": high,
        "groups": groups,
        "documents": groups + extra,
        "documents_extra": extra,
        "tokens_extra": tokens,
    }


def bad_row(source: str, code: str, records: int, ordinal: int | None = 3) -> Row:
    """A row of bad records by code."""
    example = {"example_path": f"/home/me/{source}.jsonl", "example_ordinal": ordinal, "example_why": "why"}
    return {"source": source, "code": code, "records": records, "files": 1, "share": 0.1, **example}


def left_out_row(source: str, rule: str, files: int, parts: int = 0, size: int | None = 1000) -> Row:
    """A row of what was left out."""
    example = f"/home/me/{source}/{rule}"
    return {"source": source, "rule": rule, "files": files, "parts": parts, "bytes": size, "example": example}


def an_overview(
    supply: Mapping[str, tuple[int, int, int]],
    *,
    total: tuple[int, int, int] | None = None,
    shared: Sequence[Row] = (),
    groups: Sequence[Row] = (),
    bad: Sequence[Row] = (),
    left: Sequence[Row] = (),
    labels: Sequence[Row] = (),
) -> Overview:
    """An overview of domains, each with one source of its name.

    Args:
        supply: domain -> tokens seen, without exact duplicates, and unique.
        total: the same of the whole catalog; None: the sums.
        shared: rows of the overlap.
        groups: rows of the sizes of groups.
        bad: rows of bad records.
        left: rows of what was left out.
        labels: rows of labelled documents.
    """
    rows = [supply_row(name, *numbers) for name, numbers in supply.items()]
    sums = total or tuple(map(sum, zip(*supply.values(), strict=True))) or (0, 0, 0)
    return Overview(
        tokenizer="words",
        vocabulary_sha256="0" * 64,
        counter="the tests",
        other_tokenizers=(),
        total={name: value for name, value in supply_row("", *sums).items() if name not in {"domain", "source"}},
        domains=_found(rows, "supply --by domain"),
        sources=_found(rows, "supply --by source"),
        overlap_by="domain" if len(rows) > 1 else "source",
        overlap=_found(shared, "overlap"),
        group_sizes=_found(groups, "query group_sizes"),
        bad_records=_found(bad, "query bad_records_by_code"),
        left_out=_found(left, "query left_out"),
        labels=labels,
        checked=CheckedFiles(len(rows), 0, 0),
        counted=[_counted(name) for name in supply],
        complete=not bad,
        notes=(),
    )


def _found(rows: Sequence[Row], words: str) -> Found:
    return Found(rows, f"tokaudit {words}", f"select '{words}'")


def _counted(name: str) -> CountedSource:
    command = f"tokaudit ingest PATH --domain {name!r}"
    return CountedSource(name, name, ("1.0",), "default", (), (), ("words",), command)
