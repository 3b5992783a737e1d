"""What the page begins with if it is of what was counted alone: how much is unique, and whether that is final."""

from collections.abc import Iterator
from typing import Final

from tokaudit.audit.overview import Overview
from tokaudit.audit.reasons import reasons
from tokaudit.core.units import format_count, format_number_of, percent
from tokaudit.reports.page.opening import KeyNumber, Opening, sentence
from tokaudit.reports.plan_domains import listed, short_name

_MOST_NAMES: Final = 4


def of_text(overview: Overview) -> Opening:
    """The beginning of a page of what was counted."""
    total = overview.total
    seen, unique = total["tokens_seen"], total["tokens_unique"]
    removed = percent(_share(seen - unique, seen))
    return Opening(
        headline=f"{format_count(unique)} unique tokens: {removed} of the tokens seen are duplicates.",
        lead=list(_lead(overview)),
        level="complete" if overview.complete else "incomplete",
        why="All input was counted." if overview.complete else " ".join(map(sentence, overview.notes)),
        to_do=list(_to_do(overview)),
        numbers=list(_numbers(overview)),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _lead(overview: Overview) -> Iterator[str]:
    domains = sorted(overview.domains.rows, key=lambda row: -row["tokens_unique"])
    shown = [f"{short_name(row['domain'])} {format_count(row['tokens_unique'])}" for row in domains[:_MOST_NAMES]]
    if shown:
        yield f"By domain: {listed(shown, len(domains[_MOST_NAMES:]))}."
    yield f"Tokens are those of {overview.tokenizer}."


def _to_do(overview: Overview) -> Iterator[str]:
    if not overview.complete:
        yield "Look at what was not counted, below, before you decide by these numbers."
    yield "Give the budget of a run, such as --flops 1e22. Then this page also says whether the text is enough for it."


def _numbers(overview: Overview) -> Iterator[KeyNumber]:
    total = overview.total
    seen, exact, unique = (total[f"tokens_{kind}"] for kind in ("seen", "unique_exact", "unique"))
    yield KeyNumber("Seen", format_count(seen), f"tokens in {format_number_of(total['documents_seen'], 'document')}")
    yield KeyNumber("Exact duplicates", percent(_share(seen - exact, seen)), f"{format_count(seen - exact)} tokens")
    yield KeyNumber("Near-duplicates", percent(_share(exact - unique, seen)), f"{format_count(exact - unique)} tokens")
    yield KeyNumber(
        "Unique", format_count(unique), f"tokens in {format_number_of(total['documents_unique'], 'document')}"
    )
    missing = sum(each.number for each in reasons(overview) if each.text_missing)
    yield KeyNumber("Not counted", f"{missing:,}", "files or records that could not be read")
