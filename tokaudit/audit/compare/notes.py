"""What a comparison says beside its numbers: what each cause is computed from, and what its reader must know."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tokaudit.audit.compare.measured_source import Amount, MeasuredSource
from tokaudit.audit.compare.published_count import Restated
from tokaudit.catalog.reference.corpora import Counted, PublishedCorpus, Scope
from tokaudit.core.units import format_count

_WHOLE: Final = 0.9  # measured documents (or bytes, or tokens) over published ones, below which a source is a part
_ALIKE: Final = 0.05  # how far measured bytes a document may be from the published ones, and be the same
_COUNTS: Final[Mapping[Counted, str]] = {
    "repeated": "counts repeats",
    "nominal": "counts the copies in it",
    "exact": "leaves out exact copies only",
    "near": "leaves out near-duplicates, as the measured one does",
}
_LIKE: Final[Mapping[Counted, str]] = {
    "exact": " without exact copies",
    "near": " without near-duplicates",
}
_LOOKED: Final[Mapping[Scope, str]] = {
    "global": "in all of it",
    "sources": "between its sources only",
    "shard": "inside each shard",
    "dump": "inside each crawl",
    "upstream": "in what it is made from",
    "none": "nowhere",
    "unknown": "it is not known where",
}


def how_documents(ours: Amount, published: Restated) -> str:
    """Measured documents beside the published ones."""
    documents = published.documents or 1
    kind = _LIKE.get(published.counted, "")
    if ours.documents == documents:
        return f"{documents:,} documents{kind}, as many as published"
    sentence = f"{ours.documents:,} documents{kind}, {ours.documents / documents:.3g} of the {documents:,} published"
    if ours.documents > documents:
        return sentence
    size = published.bytes
    if size and ours.documents and abs(ours.bytes / size / (ours.documents / documents) - 1) <= _ALIKE:
        return f"{sentence}, with as many bytes each: whole shards, or a filter that is blind to length"
    return f"{sentence}; a count can't tell which of the two"


def how_bytes(measured: MeasuredSource, ours: Amount, published: Restated) -> str:
    """Measured bytes of text beside the published ones, and how the text was taken from the records."""
    size, how = published.bytes or 1, _how_counted(measured)
    if published.documents and ours.documents:
        here, there = ours.bytes / ours.documents, size / published.documents
        return f"{here:,.0f} bytes of text a document, {here / there:.3g} of the published {there:,.0f}; {how}"
    return f"{ours.bytes:,} bytes of text, {ours.bytes / size:.3g} of the {size:,} published; {how}"


def how_density(ours: Amount, published: Restated, density: float) -> str:
    """Bytes a token, measured and published; ``density`` is the published tokens a byte, converted."""
    if published.converted and published.converted.by_bytes:
        return "the published tokens were converted by the measured bytes a token, so nothing is left to compare"
    if not ours.bytes or not density:
        return "no text is measured"
    return (
        f"{ours.bytes / ours.tokens if ours.tokens else 0:.3g} bytes a token measured, {1 / density:.3g} published:"
        " an inexact conversion, other text, or a published estimate"
    )


def how_tokens(measured: MeasuredSource, ours: Amount, published: Restated, base: float) -> str:
    """Tokens for want of published bytes; ``base`` is the published tokens, converted."""
    how = f"an inexact conversion and other text are in it, too; {_how_counted(measured)}"
    if not published.documents:
        return f"neither documents nor bytes of text are published, so that these can't be told apart; {how}"
    how = f"no bytes of text are published, so that these can't be told apart; {how}"
    if not ours.documents:
        return how
    here, there = ours.tokens / ours.documents, base / published.documents
    return f"{here:,.0f} tokens a document, {there:,.0f} published; {how}"


def _how_counted(measured: MeasuredSource) -> str:
    steps = ", ".join(measured.steps) or "none"
    return f"text field {measured.text_field!r}, cleaning steps: {steps}"


def how_dedup(measured: MeasuredSource, published: Restated) -> str:
    """Which copies the published number leaves out, and how many the measured text has."""
    text = measured.text
    exact, near = text.seen.tokens - text.exact.tokens, text.exact.tokens - text.unique.tokens
    scopes = ", ".join(dict.fromkeys(_LOOKED[row.dedup_scope] for row in published.rows))
    return (
        f"the published number {_COUNTS[published.counted]} (its own search for copies: {scopes}); of what"
        f" is measured {exact:,} tokens are exact copies, {near:,} near ones"
    )


def doubts(published: Restated) -> list[str]:
    """What is doubtful in the published numbers."""
    return [*_doubts_of_counts(published), *_doubts_of_rows(published.rows)]


def _doubts_of_counts(published: Restated) -> Iterator[str]:
    if len({row.counted for row in published.rows}) > 1:
        yield f"the published rows leave out different copies: taken as if each {_COUNTS[published.counted]}"
    if published.converted is None:
        yield f"no conversion is known from {published.tokenizer}: the tokenizer's part is in another cause"
    elif not published.converted.bounded:
        yield "nothing tells how exact the conversion of the tokenizer is: no cause has bounds"


def _doubts_of_rows(rows: Sequence[PublishedCorpus]) -> Iterator[str]:
    for kind in ("second-hand", "computed", "recalled"):
        if unsure := [row.name for row in rows if row.kind == kind]:
            yield f"{kind}, not read in its source: {', '.join(unsure)}"
    for row in rows:
        if row.tokens_low is not None or row.tokens_high is not None:
            low, high = (row.tokens if end is None else end for end in (row.tokens_low, row.tokens_high))
            yield f"{row.name}: its tokens are in dispute, {low or 0:,} to {high or 0:,}"


def partial(published: Restated, ours: Amount) -> list[str]:
    """That a source is a part of what is published, and what the whole would be if it is like the part."""
    converted = published.converted
    tokens = converted.value if converted else published.tokens
    ways = (("documents", ours.documents, published.documents), ("bytes", ours.bytes, published.bytes))
    what, here, there = next((way for way in ways if way[2]), ("tokens", ours.tokens, tokens))
    if not there or here >= _WHOLE * there:
        return []
    sentence = f"{here / there:.3g} of the published {what} are measured: copies of what the rest holds are not found"
    if what == "tokens" or not here:
        return [sentence]
    sentence += f"; if the rest is like it, the whole has {format_count(ours.tokens * there / here)} tokens"
    # Published tokens that are known by the measured bytes a token would only be this number again.
    known = converted is not None and not (converted.by_bytes and what == "bytes")
    return [f"{sentence}, published are {format_count(tokens)}" if known else sentence]


def missing(measured: MeasuredSource) -> list[str]:
    """What of the source is known not to be counted."""
    found = []
    seen = measured.text.seen
    if measured.bad_records:
        each = f", some {seen.tokens / seen.documents:,.0f} tokens each at its mean" if seen.documents else ""
        found.append(f"{measured.bad_records:,} bad records of the source are not counted{each} (`tokaudit errors`)")
    if measured.bad_files:
        found.append(
            f"{measured.bad_files:,} files of the source ({measured.bad_files_bytes:,} bytes as stored) could not be"
            " read to their end: how much is missing is unknown"
        )
    for left in measured.left_out:
        size = "of unknown size: they are no files here"
        if left.bytes is not None:
            tokens = f", {left.bytes * seen.tokens / seen.bytes:,.0f} tokens if plain text" if seen.bytes else ""
            size = f"{left.bytes:,} bytes as stored{tokens}"
        found.append(f"paths of the source that are left out as {left.rule}: {left.paths:,}, {size}")
    return found
