"""The sentences of a comparison: what each cause is computed from, and the warnings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tokaudit.audit.compare.extraction import how_extracted
from tokaudit.audit.compare.measured_source import Amount, MeasuredSource
from tokaudit.audit.compare.published_count import Restated
from tokaudit.catalog.reference.corpora import Counted, PublishedCorpus, Scope
from tokaudit.catalog.reference.extractors import ExtractionFacts
from tokaudit.core.units import format_count, format_number_of

_WHOLE: Final = (
    0.9  # below this ratio of measured to published documents (or bytes, or tokens), a source is a part of the corpus
)
_ALIKE: Final = 0.05  # relative difference up to which measured and published bytes per document are the same
_COUNTS: Final[Mapping[Counted, str]] = {
    "repeated": "includes repeats",
    "nominal": "includes duplicates",
    "exact": "leaves out exact duplicates only",
    "near": "leaves out near-duplicates, like the measured one",
}
_LIKE: Final[Mapping[Counted, str]] = {
    "exact": " without exact duplicates",
    "near": " without near-duplicates",
}
_LOOKED: Final[Mapping[Scope, str]] = {
    "global": "across the whole corpus",
    "sources": "only between its sources",
    "shard": "within each shard",
    "dump": "within each crawl",
    "upstream": "in the corpus it was made from",
    "none": "nowhere",
    "unknown": "in an unknown scope",
}


def how_documents(ours: Amount, published: Restated) -> str:
    """Measured documents next to the published ones."""
    documents = published.documents or 1
    kind = _LIKE.get(published.counted, "")
    if ours.documents == documents:
        return f"{format_number_of(documents, 'document')}{kind}, as many as published"
    times = f"{ours.documents / documents:.3g} times the {documents:,} published"
    sentence = f"{format_number_of(ours.documents, 'document')}{kind}, {times}"
    if ours.documents > documents:
        return sentence
    size = published.bytes
    if size and ours.documents and abs(ours.bytes / size / (ours.documents / documents) - 1) <= _ALIKE:
        return f"{sentence}, with as many bytes each: whole shards are missing, or a filter ignored length"
    return f"{sentence}; the numbers do not show which of the two it is"


def how_bytes(measured: MeasuredSource, ours: Amount, published: Restated, facts: ExtractionFacts) -> str:
    """Measured bytes of text next to the published ones, and how the text was taken from the records."""
    size, how = published.bytes or 1, _how_counted(measured, published, facts)
    if published.documents and ours.documents:
        here, there = ours.bytes / ours.documents, size / published.documents
        return f"{here:,.0f} bytes of text per document, {here / there:.3g} times the published {there:,.0f}; {how}"
    return f"{ours.bytes:,} bytes of text, {ours.bytes / size:.3g} times the {size:,} published; {how}"


def how_density(ours: Amount, published: Restated, density: float) -> str:
    """Bytes per token, measured and published; ``density`` is the converted published tokens per byte."""
    if published.converted and published.converted.by_bytes:
        return "the published tokens were converted at the measured bytes per token, so nothing is left to compare"
    if not ours.bytes or not density:
        return "no text is measured"
    return (
        f"{ours.bytes / ours.tokens if ours.tokens else 0:.3g} bytes per token measured, {1 / density:.3g} published:"
        " the conversion is inexact, the text differs, or the published number is an estimate"
    )


def how_tokens(measured: MeasuredSource, ours: Amount, published: Restated, base: float, facts: ExtractionFacts) -> str:
    """Tokens, if no bytes are published; ``base`` is the converted published tokens."""
    how = f"this also includes an inexact conversion and other text; {_how_counted(measured, published, facts)}"
    if not published.documents:
        return f"neither documents nor bytes of text are published, so these causes can't be separated; {how}"
    how = f"no bytes of text are published, so these causes can't be separated; {how}"
    if not ours.documents:
        return how
    here, there = ours.tokens / ours.documents, base / published.documents
    return f"{here:,.0f} tokens per document, {there:,.0f} published; {how}"


def _how_counted(measured: MeasuredSource, published: Restated, facts: ExtractionFacts) -> str:
    field = f"text field {measured.text_field!r}, " if measured.text_field else ""
    steps = ", ".join(measured.steps) or "none"
    return "; ".join([f"{field}cleaning steps: {steps}", *how_extracted(measured.extractors, published.rows, facts)])


def how_dedup(measured: MeasuredSource, published: Restated) -> str:
    """Which duplicates the published number leaves out, and how many the measured text has."""
    text = measured.text
    exact, near = text.seen.tokens - text.exact.tokens, text.exact.tokens - text.unique.tokens
    scopes = ", ".join(dict.fromkeys(_LOOKED[row.dedup_scope] for row in published.rows))
    return (
        f"the published number {_COUNTS[published.counted]} (it searched for duplicates {scopes}); the measured text"
        f" has {exact:,} tokens in exact duplicates and {near:,} in near-duplicates"
    )


def doubts(published: Restated) -> list[str]:
    """What is doubtful about the published numbers, one sentence each."""
    return [*_doubts_of_counts(published), *_doubts_of_rows(published.rows)]


def _doubts_of_counts(published: Restated) -> Iterator[str]:
    if len({row.counted for row in published.rows}) > 1:
        kind = _COUNTS[published.counted]
        yield f"the published rows leave out different duplicates; each is treated as if it {kind}"
    if published.converted is None:
        yield f"no conversion from {published.tokenizer} is known, so the tokenizer's effect is part of another cause"
    elif not published.converted.bounded:
        yield "the error of the tokenizer's conversion is unknown, so no cause has bounds"


def _doubts_of_rows(rows: Sequence[PublishedCorpus]) -> Iterator[str]:
    for kind in ("second-hand", "computed", "recalled"):
        if unsure := [row.name for row in rows if row.kind == kind]:
            yield f"{', '.join(unsure)}: the numbers are {kind}, not read in the source itself"
    for row in rows:
        if row.tokens_low is not None or row.tokens_high is not None:
            low, high = (row.tokens if end is None else end for end in (row.tokens_low, row.tokens_high))
            yield f"{row.name}: its tokens are in dispute, from {low or 0:,} to {high or 0:,}"


def partial(published: Restated, ours: Amount) -> list[str]:
    """Say that a source is only a part of what is published, and what the whole would be if it is like the part."""
    converted = published.converted
    tokens = converted.value if converted else published.tokens
    ways = (("documents", ours.documents, published.documents), ("bytes", ours.bytes, published.bytes))
    what, here, there = next((way for way in ways if way[2]), ("tokens", ours.tokens, tokens))
    if not there or here >= _WHOLE * there:
        return []
    sentence = f"only {here / there:.3g} of the published {what} are measured, so duplicates of the rest are not found"
    if what == "tokens" or not here:
        return [sentence]
    sentence += f"; if the rest is like it, the whole has {format_count(ours.tokens * there / here)} tokens"
    # Published tokens that were computed from the measured bytes per token would be this same number.
    known = converted is not None and not (converted.by_bytes and what == "bytes")
    return [f"{sentence}, against {format_count(tokens)} published" if known else sentence]


def missing(measured: MeasuredSource) -> list[str]:
    """The parts of the source that are known not to be counted, one sentence each."""
    found = []
    seen = measured.text.seen
    if measured.bad_records:
        each = f", of about {seen.tokens / seen.documents:,.0f} tokens each" if seen.documents else ""
        found.append(
            f"{format_number_of(measured.bad_records, 'bad record')} of the source{each} could not be counted"
            " (see `tokaudit errors`)"
        )
    if measured.bad_files:
        found.append(
            f"{format_number_of(measured.bad_files, 'file')} of the source ({measured.bad_files_bytes:,} stored bytes)"
            " could not be read to the end, so it is unknown how much is missing"
        )
    for left in measured.left_out:
        size = "of unknown size, because they are not files on this machine"
        if left.bytes is not None:
            tokens = f", {left.bytes * seen.tokens / seen.bytes:,.0f} tokens if plain text" if seen.bytes else ""
            size = f"{left.bytes:,} stored bytes{tokens}"
        found.append(f"{format_number_of(left.paths, 'path')} of the source left out by the rule {left.rule} ({size})")
    return found
