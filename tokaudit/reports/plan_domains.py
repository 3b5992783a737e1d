"""The domains of a plan: which of them are scarce, their tables, and the rest in one line."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tokaudit.core.printable import printable
from tokaudit.core.units import format_bytes, format_count, format_number_of, mixture_share
from tokaudit.planning.plan import DomainPlan, Plan
from tokaudit.reports.protocol import ForPeople, Table
from tokaudit.reports.wrap import GLUE, beginning, glued

_COLUMNS: Final = ("domain", "share", "tokens needed", "unique tokens", "range", "bytes", "epochs", "effective tokens")
_SHORT: Final = ("domain", "share", "tokens needed", "unique tokens", "epochs")
_VERDICT: Final = "verdict"
_LOOSE: Final = "loose"
_COUNTS: Final = ("tokens needed", "unique tokens", "epochs", "effective tokens")
_IF_KNOWN: Final = frozenset({"unique tokens", "range", "bytes", "epochs", "effective tokens", _VERDICT, _LOOSE})
_LONGEST: Final = 23
_SAME: Final = 1e-5  # relative: epochs as close as this are equal, because a search finds them


def short_name(domain: str) -> str:
    """The name of a domain on one line, with its end left out if it is long."""
    return glued(beginning(printable(domain), _LONGEST))


def epochs_of(entry: DomainPlan) -> float:
    """How often the run uses a domain; if no run on the supply is known, how often the best run would."""
    if entry.epochs is not None:
        return entry.epochs
    return entry.tokens_needed / entry.tokens_unique if entry.tokens_unique else 0.0


def over_cap(entry: DomainPlan) -> bool:
    """Whether the run uses a domain more often than the user allows."""
    return entry.max_epochs is not None and epochs_of(entry) > entry.max_epochs * (1 + _SAME)


def repeated(plan: Plan) -> list[DomainPlan]:
    """The domains that the run repeats, the most repeated first."""
    found = [entry for entry in plan.domains if entry.share and epochs_of(entry) > 1 + _SAME]
    return sorted(found, key=lambda entry: -epochs_of(entry))


def used_up(plan: Plan) -> list[DomainPlan]:
    """The domains that are strained, exhausted or beyond the user's limit, the most repeated first; no loose ones."""
    found = [
        entry
        for entry in plan.domains
        if entry.share and not entry.loose and (entry.verdict in {"strained", "exhausted"} or over_cap(entry))
    ]
    return sorted(found, key=lambda entry: -epochs_of(entry))


def are_alike(plan: Plan, entries: Sequence[DomainPlan]) -> bool:
    """Whether these are all domains of the run, and several, each used equally often; they are in order of epochs."""
    if len(entries) < 2 or len(entries) != sum(entry.share > 0 for entry in plan.domains):
        return False
    return epochs_of(entries[-1]) > 0.999 * epochs_of(entries[0])


def named(entries: Sequence[DomainPlan], most: int = 2) -> str:
    """``code (7.77 epochs), books (5 epochs) and 3 more``."""
    shown = [f"{short_name(each.domain)} ({format_count(epochs_of(each))} epochs)" for each in entries[:most]]
    return listed(shown, len(entries) - len(shown))


def listed(words: Sequence[str], more: int = 0) -> str:
    """``a, b and c``, or ``a, b and 3 more``."""
    parts = [*words, f"{more:,} more"] if more else list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def short_table(plan: Plan, rows: int) -> tuple[Table, list[str]]:
    """The domains that are short of tokens, then those with large shares; and what is left out, in lines.

    Args:
        plan: the plan.
        rows: the most rows.
    """
    order = sorted(
        (entry for entry in plan.domains if entry.share), key=lambda entry: (-max(epochs_of(entry), 1.0), -entry.share)
    )
    shown = [replace(entry, domain=short_name(entry.domain).replace(GLUE, " ")) for entry in order[:rows]]
    table = _table(shown, (*_SHORT, _VERDICT))
    for row, entry in zip(table.rows, shown, strict=True):
        if entry.loose and row[_VERDICT] is not None:
            row[_VERDICT] = f"{row[_VERDICT]} (loose)"
    return table, [*_others(order[rows:]), *_unused([entry for entry in plan.domains if not entry.share])]


def _others(entries: Sequence[DomainPlan]) -> Iterator[str]:
    """Domains with a share that have no row."""
    if not entries:
        return
    count = format_number_of(len(entries), "more domain")
    names = listed([short_name(each.domain) for each in entries[:2]], len(entries[2:]))
    if all(entry.tokens_unique is None for entry in entries):
        yield f"and {count}: {names}"
        return
    most = max(map(epochs_of, entries))
    how = f"used up to {format_count(most)} times" if most > 1 + _SAME else "with enough tokens"
    yield f"and {count} {how}: {names}"


def _unused(entries: Sequence[DomainPlan]) -> Iterator[str]:
    if entries:
        yield f"not in this mixture: {listed([short_name(each.domain) for each in entries[:3]], len(entries[3:]))}"


def domain_table(plan: Plan) -> Table:
    """A row per domain with all columns; those that no domain has a value of are left out."""
    columns = [*_COLUMNS, _VERDICT]
    if any(entry.loose for entry in plan.domains):
        columns.append(_LOOSE)
    return _table(plan.domains, columns)


def _table(entries: Sequence[DomainPlan], names: Sequence[str]) -> Table:
    rows = list(map(_row, entries))
    columns = [name for name in names if name not in _IF_KNOWN or any(row[name] is not None for row in rows)]
    people = ForPeople(
        words={"share": mixture_share, "bytes": format_bytes} | dict.fromkeys(_COUNTS, format_count),
        prose=("range",),
        keep=("domain", "unique tokens", "epochs", _VERDICT),
    )
    return Table(columns, rows, people=people)


def _row(entry: DomainPlan) -> dict[str, str | float | bool | None]:
    return {
        "domain": entry.domain,
        "share": entry.share,
        "tokens needed": entry.tokens_needed,
        "unique tokens": entry.tokens_unique,
        "range": _range(entry.tokens_unique, entry.tokens_unique_low, entry.tokens_unique_high),
        "bytes": entry.bytes_unique,
        "epochs": entry.epochs,
        "effective tokens": entry.tokens_effective,
        _VERDICT: entry.verdict,
        _LOOSE: "loose" if entry.loose else None,
    }


def _range(value: float | None, low: float | None, high: float | None) -> str | None:
    """``3.00T to 5.00T``; None if no bounds are known, or both are the value."""
    if low == value == high or (low is None and high is None):
        return None
    if low is None:
        return f"at most {format_count(high)}"
    return f"at least {format_count(low)}" if high is None else f"{format_count(low)} to {format_count(high)}"
