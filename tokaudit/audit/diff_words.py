"""A comparison of two catalogs in words, and as people see its rows."""

from collections.abc import Sequence
from typing import Final

from tokaudit.audit.answer import Answer
from tokaudit.audit.diff_causes import FIELDS
from tokaudit.core.rows import Row
from tokaudit.core.units import format_number_of, percent

SHOWN: Final = ("cause", "documents_seen", "tokens_seen", "tokens_unique")
"""Columns that people see after the domain or source."""

_TENFOLD: Final = 10
"""Up to this ratio, a percentage says more than the two numbers."""


def signed(value: int) -> str:
    """``+1,234``, ``-5`` or ``0``."""
    return f"{value:+,}" if value else "0"


def changed_by(answer: Answer) -> str:
    """One sentence: the change in unique tokens of the whole catalog, and its largest cause."""
    tokens = answer.extra["total"]["tokens_unique"]
    causes = _by_cause(answer.extra["causes"])
    if not answer.rows and not causes:
        return f"A and B have the same documents: {tokens['a']:,} unique tokens."
    if not tokens["change"]:
        verdict = f"A and B have the same number of unique tokens ({tokens['a']:,})"
    else:
        share = f", {percent(abs(tokens['change']) / tokens['a'])}" if tokens["b"] <= _TENFOLD * tokens["a"] else ""
        more = "more" if tokens["change"] > 0 else "fewer"
        verdict = (
            f"B has {abs(tokens['change']):,} {more} unique tokens than A ({tokens['a']:,} to {tokens['b']:,}{share})"
        )
    largest, change = max(causes.items(), key=lambda each: abs(each[1]), default=("", 0))
    return f"{verdict}. The largest cause: {largest} ({signed(change)})." if change else f"{verdict}."


def _by_cause(rows: Sequence[Row]) -> dict[str, int]:
    """Cause -> change in unique tokens."""
    found: dict[str, int] = {}
    for row in rows:
        found[row["cause"]] = found.get(row["cause"], 0) + row["tokens_unique"]
    return found


def rows_shown(answer: Answer) -> list[Row]:
    """The rows with those of the whole catalog, and the sum of all of its causes, at the end.

    A cause says how many files it is about, or where the kept copies are: the source that makes the most tokens.
    """
    by = answer.columns[0]
    shown = _grouped(by, answer.rows)
    whole = _grouped(by, [{by: "total", **row} for row in answer.extra["causes"]])
    total = {field: answer.extra["total"][field]["change"] for field in FIELDS}
    return [*shown, *whole, {by: "total", "cause": "all", **total}] if shown or whole else []


def _grouped(by: str, rows: Sequence[Row]) -> list[Row]:
    """One row per domain or source and cause."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row[by], row["cause"]), []).append(row)
    return [
        {by: key, "cause": _with_places(cause, each), **{field: sum(row[field] for row in each) for field in FIELDS}}
        for (key, cause), each in found.items()
    ]


def _with_places(cause: str, rows: Sequence[Row]) -> str:
    """``files added (3 files)``, ``now duplicates (of web and 2 more sources)``."""
    first, *others = rows
    if first["kept_source"] is None:
        return f"{cause} ({format_number_of(first['files'], 'file')})"
    more = f" and {format_number_of(len(others), 'more source')}" if others else ""
    return f"{cause} (of {first['kept_source']}{more})"
