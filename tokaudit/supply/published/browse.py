"""Published corpora to browse: filtered by domain, licence, language and so on, or one in detail."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from tokaudit.catalog.reference.corpora import (
    LEAST_DEDUPLICATED_FIRST,
    REGISTRY_AS_OF,
    Counted,
    Lineage,
    PublishedCorpus,
    PublishedDedup,
    published_corpora,
    published_dedup,
    published_lineage,
)
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import find_everyday, fold_name
from tokaudit.core.units import format_count
from tokaudit.supply.published.find import said_names, unknown_corpus

_Values = Callable[[PublishedCorpus], list[str]]
_Fits = Callable[[str, str], bool]

_NO_LANGUAGES: Final = frozenset({"by", "cc", "eu", "hf", "in"})  # two-letter words that are not codes
_ALIKE: Final = 0.01  # counts that differ by less are the same


@dataclass(frozen=True, slots=True)
class CorpusDetails:
    """Everything published about one corpus.

    Attributes:
        corpus: its name.
        rows: its counts, from those with repeats to those without near-duplicates, largest first.
        dedup: what deduplication removed.
        relatives: relations of its text to other corpora, and between its components.
        disputes: sentences on counts that differ; the first lists them side by side. The rows' notes say why.
        registry_as_of: the month that the registry is of.
    """

    corpus: str
    rows: list[PublishedCorpus]
    dedup: list[PublishedDedup]
    relatives: list[Lineage]
    disputes: list[str]
    registry_as_of: str = REGISTRY_AS_OF


def choose(
    domain: str | None = None,
    availability: str | None = None,
    language: str | None = None,
    licence: str | None = None,
    year: str | None = None,
) -> list[PublishedCorpus]:
    """The rows of the registry that meet all criteria, in its order.

    Args:
        domain: one of the registry's.
        availability: one of ``Availability``.
        language: a code such as ``en``, ``multi``, or a programming language.
        licence: part of its name, ignoring letter case; ``unknown`` for rows without one.
        year: of the count, ``2024`` or ``2023-2025``.

    Raises:
        UsageError: no row has such a value; the message lists the known ones.
    """
    criteria: list[tuple[str, str | None, _Values, _Fits]] = [
        ("domain", domain, lambda row: [row.domain], operator.eq),
        ("availability", availability, lambda row: [row.availability], operator.eq),
        ("language", language, _languages, lambda known, wanted: known == wanted.casefold()),
        ("licence", licence, lambda row: [row.licence or "unknown"], _within),
        ("year", year, lambda row: [str(row.year)], _in_years),
    ]
    rows = chosen = published_corpora()
    for option, wanted, values, fits in criteria:
        if wanted is None:
            continue
        known = sorted({value for row in rows for value in values(row)})
        fitting = {value for value in known if fits(value, wanted)}
        if not fitting:
            raise UsageError(f"--{option}: no published corpus has {wanted!r} (known: {'; '.join(known)})")
        chosen = [row for row in chosen if fitting.intersection(values(row))]
    return chosen


def _languages(row: PublishedCorpus) -> list[str]:
    """Codes of a row's languages, ``multi`` if it counts them; names of programming languages."""
    text = row.languages.casefold()
    found = set(re.findall(r"\b[a-z]{2}\b", text)) - _NO_LANGUAGES
    if "multi" in text or "languages" in text:
        found.add("multi")
    return sorted(found or {text} - {""})


def _within(known: str, wanted: str) -> bool:
    return bool(fold_name(wanted)) and fold_name(wanted) in fold_name(known)


def _in_years(known: str, wanted: str) -> bool:
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", wanted.strip())
    if not match:
        raise UsageError(f"--year: {wanted!r} is not a year (write 2024 or 2023-2025)")
    return match[1] <= known <= (match[2] or match[1])


def corpus_details(name: str) -> CorpusDetails:
    """Everything published about a corpus or ``CORPUS/COMPONENT``; ignores letter case, blanks and hyphens.

    Raises:
        UsageError: there is none of that name; the message has similar ones.
    """
    own, whole = _own_rows(name)
    corpus, relatives = own[0].corpus, _relatives(own[0], whole=whole)
    own.sort(key=lambda row: (LEAST_DEDUPLICATED_FIRST.index(row.counted), -(row.tokens or 0)))
    return CorpusDetails(
        corpus=corpus,
        rows=own,
        dedup=[rate for rate in published_dedup() if rate.corpus == corpus],
        relatives=relatives,
        disputes=_disputes(corpus, own, _deduplicated(corpus, published_corpora(), relatives)),
    )


def _own_rows(name: str) -> tuple[list[PublishedCorpus], bool]:
    """The rows of that name, and whether it names a whole corpus."""
    rows, wanted = published_corpora(), fold_name(name)
    spelled = {fold_name(each): each for row in rows for each in (row.corpus, row.name)}
    if wanted not in spelled:
        wanted = fold_name(find_everyday(name, said_names(spelled.values())) or name)
    corpora = [row for row in rows if fold_name(row.corpus) == wanted]
    if corpora:
        return [row for row in corpora if row.corpus == corpora[0].corpus], True
    components = [row for row in rows if fold_name(row.name) == wanted]
    if not components:
        raise unknown_corpus(name, dict.fromkeys(map(attrgetter("corpus"), rows)))
    return components, False


def _relatives(of: PublishedCorpus, *, whole: bool) -> list[Lineage]:
    """Relations of a row's whole corpus, or of the row alone."""
    edges = published_lineage()
    if whole:
        return [edge for edge in edges if of.corpus in (edge.child, edge.parent)]
    return [edge for edge in edges if of.node in (edge.below, edge.above)]


def _deduplicated(corpus: str, rows: Sequence[PublishedCorpus], relatives: Sequence[Lineage]) -> list[PublishedCorpus]:
    """Rows of other corpora that are this whole corpus without its duplicates."""
    named = {row.node: row for row in rows}
    return [
        named[edge.below]
        for edge in relatives
        if edge.relation == "dedup_of"
        and not edge.unlisted
        and edge.child != corpus == edge.parent
        and named[edge.above].extent == "whole"
    ]


def _stands_for_all(row: PublishedCorpus) -> bool:
    return row.extent == "whole" or (row.standard and row.extent == "subset")


def _disputes(corpus: str, rows: Sequence[PublishedCorpus], others: Sequence[PublishedCorpus]) -> list[str]:
    """The counts of the whole corpus side by side, then counts of one kind that differ, then ranges of rows."""
    side_by_side = [words for counted in LEAST_DEDUPLICATED_FIRST if (words := _whole_count(rows, counted))]
    side_by_side += [f"{size(row)} {row.counted} as {row.corpus}" for row in others if row.tokens]
    first = [f"{corpus}: {', '.join(side_by_side)}"] if side_by_side else []
    apart = [words for counted in LEAST_DEDUPLICATED_FIRST if (words := _apart(rows, counted))]
    ranges = [
        f"{row.component}: from {short(row.tokens_low)} to {short(row.tokens_high)}"
        for row in rows
        if row.tokens_low != row.tokens_high
    ]
    return [*first, *apart, *ranges]


def _wholes(rows: Sequence[PublishedCorpus], counted: Counted) -> list[PublishedCorpus]:
    """Counts of the whole corpus with the same duplicates removed, in tokens if there are any."""
    whole = [row for row in rows if row.counted == counted and row.tokens and _stands_for_all(row)]
    return [row for row in whole if "word" not in row.tokenizer] or whole


def _whole_count(rows: Sequence[PublishedCorpus], counted: Counted) -> str:
    """The size of a corpus by such a count, or by those of its parts; empty if unknown."""
    if whole := _wholes(rows, counted):
        head = next((row for row in whole if row.standard), None) or min(whole, key=lambda row: row.year)
        about = "" if head.tokens_low == head.tokens_high else "about "
        return f"{about}{size(head)} {counted}"
    parts = [row for row in rows if row.standard and row.extent == "part"]
    if parts and all(row.counted == counted and row.tokens for row in parts):
        return f"{short(sum(row.tokens or 0 for row in parts))} {counted} (sum of its parts)"
    return ""


def _apart(rows: Sequence[PublishedCorpus], counted: Counted) -> str:
    """A sentence that counts of one kind differ; empty if they don't."""
    whole = _wholes(rows, counted)
    if not whole:
        return ""
    low, high = (pick(whole, key=lambda row: row.tokens or 0) for pick in (min, max))
    if (high.tokens or 0) <= (low.tokens or 0) * (1 + _ALIKE):
        return ""
    return f"{counted}: from {_with_tokenizer(low)} to {_with_tokenizer(high)}"


def _with_tokenizer(row: PublishedCorpus) -> str:
    return f"{size(row)} ({row.component}{', ' if row.tokenizer else ''}{row.tokenizer})"


def size(row: PublishedCorpus) -> str:
    """``1.3T``, ``286B words``; ``-`` if nothing is counted."""
    return f"{short(row.tokens)}{' words' if row.tokens and 'word' in row.tokenizer else ''}"


def short(tokens: int | None) -> str:
    """``1.3T``: three digits at most."""
    written = format_count(tokens)
    return re.sub(r"\.?0+(?=[A-Z]$)", "", written) if "." in written else written
