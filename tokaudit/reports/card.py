"""A catalog as the card of a data set: Markdown with YAML at its head, as the Hugging Face Hub shows it.

People publish cards. So sources have their names there, and no path of the machine that counted them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from tokaudit import __version__
from tokaudit.audit.how_counted import PATH, CountedSource
from tokaudit.audit.overview import Overview
from tokaudit.audit.reasons import reasons
from tokaudit.catalog.completeness import CheckedFiles
from tokaudit.core.printable import printable
from tokaudit.core.rows import Row
from tokaudit.core.units import format_bytes, format_count, format_number_of, percent
from tokaudit.reports.card_front_matter import front_matter, languages, licences
from tokaudit.reports.markdown_text import plain, table_lines
from tokaudit.reports.overview_words import (
    groups_sentence,
    overlap_sentence,
    reason_name,
    reasons_sentence,
    share_shared,
    share_unique,
    supply_sentence,
    tokens_seen,
)
from tokaudit.reports.protocol import ForPeople, Table

_MOST: Final = 50
"""Rows of a table, and commands, at most; a sentence says how many more there are."""
_NAMED: Final = 5
"""Sources that a sentence names at most."""
_COUNTS: Final = dict.fromkeys(
    ("tokens seen", "without exact duplicates", "unique tokens", "shared tokens"), format_count
)
_WORDS: Final = {**_COUNTS, "text": format_bytes, "size": format_bytes, "share": percent}

_EXACT: Final = "**Exact duplicates** are documents with the same text, byte for byte in UTF-8, after cleaning."
_NEAR: Final = (
    "**Near-duplicates** are documents whose sets of 5-word shingles have a Jaccard similarity of 0.8 or more. MinHash"
    " proposes pairs. Pairs near the threshold are compared exactly where the file can be read again."
)
_GROUP: Final = (
    "A **group** is what such pairs connect. One document of each group counts as unique: the first by source, path and"
    " place in its file."
)
_ROW: Final = "A row finds duplicates only inside itself, so rows may sum to more than the whole."
_LIMITS: Final = (
    "Documents are compared as wholes. Paragraphs or lines that different documents share are not found.",
    "MinHash misses 5 % of the pairs whose similarity is exactly 0.8, and 1 % at 0.85.",
    "Token counts hold for one tokenizer. Special tokens are not counted.",
    "Tokens say how much text there is, and nothing about its quality.",
)


def card(overview: Overview) -> str:
    """The card, which ends with a line break."""
    (only, *others) = [each.source for each in overview.counted] or [""]
    title = f"Dataset card for {plain(only)}" if only and not others else "Dataset card"
    sections = {
        "What it is": _what(overview),
        "Deduplication": _deduplication(overview),
        "Overlap": _overlap(overview),
        "What was left out": _left_out(overview),
        "How it was counted": _how(overview),
        "Limits": _limits(overview),
    }
    lines = [front_matter(overview), "", f"# {title}"]
    for heading, content in sections.items():
        lines += ["", f"## {heading}", "", *content]
    return "\n".join([*lines, ""])


def _what(overview: Overview) -> Iterator[str]:
    total = overview.total
    parts = (len(overview.domains.rows), "domain"), (len(overview.sources.rows), "source")
    documents = format_number_of(total["documents_seen"], "document")
    places = " and ".join(format_number_of(number, noun) for number, noun in parts)
    size = f"{format_bytes(total['bytes_seen'])} of text, {format_count(total['tokens_seen'])} tokens"
    yield f"{documents} in {places}: {size} ({plain(overview.tokenizer)})."
    rows = [
        {
            "domain": row["domain"],
            "source": row["source"],
            "documents": row["documents_seen"],
            "text": row["bytes_seen"],
            "tokens seen": row["tokens_seen"],
            "unique tokens": row["tokens_unique"],
        }
        for row in overview.sources.rows
    ]
    yield from _table(rows, "source")
    yield from _labels(overview, "Languages", languages(overview.labels))
    found: dict[str, int] = {}
    for row in sorted(licences(overview.labels), key=lambda row: -row["documents"]):
        found[row["value"]] = found.get(row["value"], 0) + row["documents"]
    yield from _labels(overview, "Licences", found)


def _labels(overview: Overview, what: str, found: dict[str, int]) -> Iterator[str]:
    """A line with the documents by value of a label, which must not be taken for all documents."""
    if found:
        seen = overview.total["documents_seen"]
        values = ", ".join(f"{plain(value)} {percent(number / seen)}" for value, number in list(found.items())[:_MOST])
        labelled = percent(sum(found.values()) / seen)
        yield from ("", f"{what}, as labelled: {values} of all documents ({labelled} of them have such a label).")


def _deduplication(overview: Overview) -> Iterator[str]:
    yield f"{plain(supply_sentence(overview))} {plain(groups_sentence(overview.group_sizes.rows))}"
    whole = [{"domain": "whole data set", **overview.total}] if len(overview.domains.rows) > 1 else []
    rows = [
        {
            "domain": row["domain"],
            "tokens seen": row["tokens_seen"],
            "without exact duplicates": row["tokens_unique_exact"],
            "unique tokens": row["tokens_unique"],
            "share": share_unique(row),
        }
        for row in [*whole, *overview.domains.rows]
    ]
    yield from _table(rows, "domain")
    yield from ("", *_items([_EXACT, _NEAR, _GROUP, _ROW]))


def _overlap(overview: Overview) -> Iterator[str]:
    yield plain(overlap_sentence(overview))
    seen = tokens_seen(overview)
    shared = [row for row in overview.overlap.rows if row["documents_shared"]]
    by = overview.overlap_by
    rows = [
        {
            by: row["a"],
            "also in": row["b"],
            "documents": row["documents_shared"],
            "shared tokens": row["tokens_shared"],
            "share": share_shared(row, seen),
        }
        for row in sorted(shared, key=lambda row: -row["tokens_shared"])
    ]
    yield from _table(rows, "pair")


def _left_out(overview: Overview) -> Iterator[str]:
    found = reasons(overview)
    yield plain(reasons_sentence(found))
    rows = [
        {
            "reason": reason_name(each),
            "text may be missing": "yes" if each.text_missing else "no",
            "files": each.files,
            "records": each.records,
            "size": each.bytes,
        }
        for each in found
    ]
    yield from _table(rows, "reason")


def _how(overview: Overview) -> Iterator[str]:
    yield from _items([*_counters(overview), *_cleaning(overview.counted), *_extraction(overview.counted)])
    commands = [each.command for each in overview.counted]
    if not commands:
        return
    yield from ("", f"To count it again, with {PATH} for the files of each source:", "")
    yield from _code([*commands[:_MOST], overview.domains.command, overview.overlap.command])
    if len(commands) > _MOST:
        yield from ("", f"{len(commands) - _MOST:,} more sources were counted likewise.")


def _counters(overview: Overview) -> Iterator[str]:
    """What counted, and in which tokens."""
    versions = sorted({version for each in overview.counted for version in each.versions})
    yield f"Counted by tokaudit {plain(', '.join(versions or [__version__]))}."
    vocabulary = f"SHA-256 of its vocabulary {overview.vocabulary_sha256}"
    yield f"Tokenizer: {plain(overview.tokenizer)} ({plain(overview.counter)}), {vocabulary}."


def _cleaning(counted: Sequence[CountedSource]) -> Iterator[str]:
    for steps, of in _alike(counted, _steps):
        yield f"Cleaning: {plain(steps)}{of}."


def _steps(counted: CountedSource) -> str:
    if counted.clean == "none":
        return "none, so text is counted as it stands in the file"
    return ", ".join(counted.steps) or "the default, which removes nothing here"


def _extraction(counted: Sequence[CountedSource]) -> Iterator[str]:
    for extractor, of in _alike(counted, lambda each: "; ".join(each.extractors)):
        if extractor:
            yield f"Text of pages and books: {plain(extractor)}{of}."


def _alike(counted: Sequence[CountedSource], key: Callable[[CountedSource], str]) -> Iterator[tuple[str, str]]:
    """What the sources have in common, and in words which of them; nothing if that are all."""
    found: dict[str, list[str]] = {}
    for each in counted:
        found.setdefault(key(each), []).append(each.source)
    for value, sources in found.items():
        more = f" and {len(sources) - _NAMED:,} more" if len(sources) > _NAMED else ""
        yield value, "" if len(found) == 1 else f" ({plain(', '.join(sources[:_NAMED]))}{more})"


def _limits(overview: Overview) -> Iterator[str]:
    of = "final and of all the input" if overview.complete else "not final, or not of all the input"
    notes = [f"{_sentence(plain(note))}." for note in overview.notes]
    yield from _items([f"The numbers are {of}.", *notes, *_unchecked(overview.checked), *_LIMITS])


def _unchecked(checked: CheckedFiles) -> Iterator[str]:
    if unsure := checked.unchecked + checked.unknown:
        of = f"{unsure:,} of {format_number_of(checked.files, 'file')}"
        yield f"Check sums do not cover {of}, so changed bytes in them can't be noticed."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _table(rows: Sequence[Row], noun: str) -> Iterator[str]:
    """A table below an empty line; nothing without rows."""
    if rows:
        yield from ("", *table_lines(Table(tuple(rows[0]), rows[:_MOST], people=ForPeople(words=_WORDS))))
    if len(rows) > _MOST:
        yield from ("", f"{format_number_of(len(rows) - _MOST, f'more {noun}')}.")


def _items(lines: Iterable[str]) -> Iterator[str]:
    yield from (f"- {line}" for line in lines)


def _code(lines: Sequence[str]) -> Iterator[str]:
    """Lines to be copied, in a fence that none of them can close."""
    text = "\n".join(map(printable, lines))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}sh", text, fence)
