"""What a catalog says, in sentences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tokaudit.audit.overview import Found, Overview
from tokaudit.audit.reasons import Reason
from tokaudit.core.printable import printable
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_number_of, percent
from tokaudit.reports.left_out_words import BAD_RECORDS, LEFT_OUT
from tokaudit.reports.wrap import beginning

NOTHING_LEFT_OUT: Final = "Nothing was left out: every file and record below the ingested paths was counted."
NO_GROUPS: Final = "No document has a duplicate, so there are no groups."
_LONGEST: Final = 60
"""Characters of a name in a sentence."""
_FEW_COPIES: Final = 0.001
"""Share of copies below which no domain is named for them."""


def share_unique(row: Row) -> float | None:
    """Share of the tokens seen that are unique; None if there are none."""
    return row["tokens_unique"] / row["tokens_seen"] if row["tokens_seen"] else None


def compared(overview: Overview) -> tuple[str, Found]:
    """What is compared with each other, and its supply: domains, or sources if there are fewer than two domains."""
    return overview.overlap_by, overview.domains if overview.overlap_by == "domain" else overview.sources


def supply_sentence(overview: Overview) -> str:
    """How much of the text is unique, what the rest is, and what repeats the most of its text."""
    total = overview.total
    if not total["tokens_seen"]:
        return "Nothing is counted."
    seen, unique = format_count(total["tokens_seen"]), format_count(total["tokens_unique"])
    first = f"Of {seen} tokens seen, {unique} ({percent(share_unique(total))}) are unique"
    copies = " and ".join(_copies(total))
    return f"{first}; {copies}.{_most_repeated(overview)}" if copies else f"{first}: there are no duplicates."


def _copies(row: Row) -> Iterator[str]:
    """What is not unique, and its share of the tokens seen."""
    seen, exact, unique = (row[column] for column in ("tokens_seen", "tokens_unique_exact", "tokens_unique"))
    for tokens, what in ((seen - exact, "exact duplicates"), (exact - unique, "near-duplicates")):
        if tokens:
            yield f"{percent(tokens / seen)} are {what}"


def _most_repeated(overview: Overview) -> str:
    """A sentence on the domain or source that repeats the most of its own text; empty if there is only one."""
    by, found = compared(overview)
    rows = [row for row in found.rows if row["tokens_seen"]]
    copies, name = max((1 - row["tokens_unique"] / row["tokens_seen"], row[by]) for row in rows)
    if len(rows) == 1 or copies < _FEW_COPIES:
        return ""
    shared = sum(row["tokens_unique"] for row in rows) > overview.total["tokens_unique"]
    more = f" Text that {by}s share counts once in the whole catalog." if shared else ""
    return f" Within its own {by}, {_short(name)} repeats the most: {percent(copies)}.{more}"


def _short(name: str) -> str:
    """A name as a sentence can contain it: on one line, and cut if it is very long."""
    return beginning(printable(name), _LONGEST)


def tokens_seen(overview: Overview) -> dict[str, int]:
    """Tokens seen of each domain or source that the overlap compares."""
    by, found = compared(overview)
    return {row[by]: row["tokens_seen"] for row in found.rows}


def share_shared(row: Row, seen: Mapping[str, int]) -> float:
    """Share of the tokens of a that are also in b, of a row of the overlap."""
    return float(row["tokens_shared"] / seen[row["a"]]) if seen.get(row["a"]) else 0.0


def overlap_sentence(overview: Overview) -> str:
    """The most tokens that one domain or source shares with another, or why there are none."""
    by, rows = overview.overlap_by, overview.overlap.rows
    if not rows:
        return "There is only one source, so no two share text."
    if not any(row["documents_shared"] for row in rows):
        return f"No two {by}s share text: neither the same text nor a near-duplicate of it."
    seen = tokens_seen(overview)
    most = max(rows, key=lambda row: (row["tokens_shared"], share_shared(row, seen)))
    share, tokens = percent(share_shared(most, seen)), format_count(most["tokens_shared"])
    return f"{share} of the tokens of {_short(most['a'])} are also in {_short(most['b'])}: {tokens} tokens."


def groups_sentence(rows: Sequence[Row]) -> str:
    """How much text the groups of duplicates repeat, and in groups of which size most of it is."""
    if not rows:
        return NO_GROUPS
    groups, documents, extra = (
        sum(row[name] for row in rows) for name in ("groups", "documents_extra", "tokens_extra")
    )
    copies = f"{format_number_of(documents, 'document')} and {format_count(extra)} tokens"
    repeat = "repeats" if groups == 1 else "repeat"
    first = f"{format_number_of(groups, 'group')} of duplicates {repeat} {copies}."
    if not extra or len(rows) == 1:
        return first
    most = max(rows, key=lambda row: row["tokens_extra"])
    return f"{first} {percent(most['tokens_extra'] / extra)} of these tokens are in groups of {group_size(most)}."


def group_size(row: Row) -> str:
    """``2 documents``, ``4-5 documents`` (with a dash) or ``over 1,000 documents``."""
    low, high = row["documents_from"], row["documents_to"]
    if high is None:
        return f"over {low - 1:,} documents"
    return f"{low:,} documents" if low == high else f"{low:,}\N{EN DASH}{high:,} documents"


def reason_name(reason: Reason) -> str:
    """What a code or rule stands for, in a few words."""
    return (LEFT_OUT if reason.is_rule else BAD_RECORDS).get(reason.code, reason.code)


def how_many(*found: Reason) -> str:
    """``3 files``, ``2 records`` or ``3 files and 2 records``."""
    numbers = {"file": sum(each.files for each in found), "record": sum(each.records for each in found)}
    return " and ".join(format_number_of(number, noun) for noun, number in numbers.items() if number)


def reasons_sentence(found: Sequence[Reason]) -> str:
    """How much could not be read, and how much was left out by rules."""
    if not found:
        return NOTHING_LEFT_OUT
    missing = [each for each in found if each.text_missing]
    ruled = [each for each in found if not each.text_missing]
    first = f"Text may be missing: {how_many(*missing)} could not be read." if missing else "No text is missing."
    if not ruled:
        return first
    were = "was" if sum(each.number for each in ruled) == 1 else "were"
    mostly = f", most of them {reason_name(ruled[0])}" if len(ruled) > 1 else f" ({reason_name(ruled[0])})"
    return f"{first} {how_many(*ruled)} {were} left out by rules{mostly}."
