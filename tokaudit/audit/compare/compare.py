"""A measured source next to the published rows it should be: the difference in tokens, split into causes.

The comparison goes from the published tokens to the measured unique tokens in steps, one per cause: to the measured
tokenizer, to the measured documents, to their measured bytes, to the measured tokens of these bytes, and to what is
left without near-duplicates. A cause has the tokens that its step adds, so the causes sum to the difference exactly.
If a published number is missing, its step is part of the next one, which then names all the possible causes.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tokaudit.audit.compare.extraction import extractors_by_name
from tokaudit.audit.compare.measured_source import Amount, MeasuredSource, measured_source
from tokaudit.audit.compare.notes import (
    doubts,
    how_bytes,
    how_dedup,
    how_density,
    how_documents,
    how_tokens,
    missing,
    partial,
)
from tokaudit.audit.compare.published_count import Restated, least_deduplicated, names_of, restate
from tokaudit.catalog.reference.corpora import PublishedCorpus, published_corpora
from tokaudit.catalog.reference.extractors import NO_EXTRACTION_FACTS, ExtractionFacts, extraction_facts
from tokaudit.catalog.reference.token_rates import TokenRates, token_rates
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.core.units import format_number_of
from tokaudit.supply.published.find import find_named


@dataclass(frozen=True, slots=True)
class Cause:
    """Part of the difference.

    Attributes:
        cause: its name, or the names of the causes that it may be.
        tokens: what it adds to the published tokens; negative if it takes from them.
        low, high: bounds from the spread of the tokenizer's conversion; None if it is unknown.
        how: what it is computed from, in words.
    """

    cause: str
    tokens: int
    low: int | None
    high: int | None
    how: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A source next to published rows.

    Attributes:
        source: the source's name.
        tokenizer: the tokenizer of the measured tokens.
        measured, published: their numbers, by name.
        difference: measured unique tokens - published tokens, each in its own tokenizer; the causes sum to it.
        causes: in the order of the steps.
        warnings: one sentence each.
        complete: whether the measured numbers are final.
    """

    source: str
    tokenizer: str
    measured: Row
    published: Row
    difference: int
    causes: tuple[Cause, ...]
    warnings: tuple[str, ...]
    complete: bool


def compare_source(catalog: Path, source: str, corpus: str, tokenizer: str | None) -> Comparison:
    """The comparison of a source of the catalog with the published corpus of that name; see `compare`.

    Raises:
        UsageError: there is no such source or corpus, there are no published rows to compare with, or the source is
            not counted with the tokenizer.
        CatalogError: the catalog can't be read.
    """
    named, _ = find_named(corpus, published_corpora(), lineage=[])
    measured = measured_source(catalog, source, tokenizer)
    rows, notes = choose_rows(corpus, named, measured.domain)
    found = compare(measured, rows, token_rates(), extraction_facts())
    return replace(found, warnings=(*notes, *found.warnings))


def choose_rows(name: str, rows: Sequence[PublishedCorpus], domain: str) -> tuple[Sequence[PublishedCorpus], list[str]]:
    """The rows of a name that a source of one domain should be, and a note if others are left out.

    A corpus alone means its rows of the domain, or all its rows if it has none. Named components are all taken.

    Args:
        name: ``CORPUS``, or components of one.
        rows: the rows that the name means.
        domain: of the source.

    Raises:
        UsageError: the rows are not disjoint parts of one corpus, so they can't be added up.
    """
    if len(rows) > 1 and not (len({row.corpus for row in rows}) == 1 and all(row.standard for row in rows)):
        raise UsageError(f"{name!r}: only disjoint parts of one corpus can be added up (these are: {names_of(rows)})")
    same = [row for row in rows if row.domain == domain]
    if "/" in name or len(rows) == 1 or len(same) == len(rows):
        return rows, []
    corpus = rows[0].corpus
    if not same:
        return rows, [f"{corpus} has no row of the source's domain {domain}, so all its {len(rows)} rows are compared"]
    components = ", ".join(row.component for row in same)
    note = f"only the rows of {corpus} in the source's domain {domain} are compared: {components}"
    return same, [f"{note}; {len(rows) - len(same)} rows of other domains are left out ({corpus}/COMPONENT names one)"]


def compare(
    measured: MeasuredSource,
    rows: Sequence[PublishedCorpus],
    rates: TokenRates,
    facts: ExtractionFacts = NO_EXTRACTION_FACTS,
) -> Comparison:
    """The difference between a source and the sum of disjoint published rows, and its causes.

    Args:
        measured: the source.
        rows: at least one.
        rates: published counts of several tokenizers on one text.
        facts: published facts about extractors.

    Raises:
        UsageError: neither tokens nor bytes of text are published for any row.
    """
    counted = least_deduplicated(rows)
    texts = {name: text.counted_as(counted) for name, text in measured.texts.items()}
    published = restate(rows, measured.tokenizer, texts, rates)
    converted = published.converted
    unique = measured.text.unique.tokens
    return Comparison(
        source=measured.source,
        tokenizer=measured.tokenizer,
        measured=_numbers(measured),
        published={
            "components": [row.name for row in published.rows],
            "tokens": published.tokens,
            "tokenizer": published.tokenizer,
            "tokens_converted": round(converted.value) if converted else None,
            "tokens_converted_low": round(converted.low) if converted and converted.bounded else None,
            "tokens_converted_high": round(converted.high) if converted and converted.bounded else None,
            "difference_converted": unique - round(converted.value) if converted else None,
            "documents": published.documents,
            "bytes": published.bytes,
            "counted": counted,
            "dedup_scope": ", ".join(dict.fromkeys(row.dedup_scope for row in published.rows)),
            "extractors": extractors_by_name(published.rows, facts),
            "kind": ", ".join(dict.fromkeys(row.kind for row in published.rows)),
            "sources": list(dict.fromkeys(row.source for row in published.rows)),
            "notes": [f"{row.name}: {row.note}" for row in published.rows if row.note],
        },
        difference=unique - published.tokens,
        causes=tuple(_causes(measured, published, texts[measured.tokenizer], facts)),
        warnings=(
            *measured.warnings,
            *published.warnings,
            *doubts(published),
            *partial(published, texts[measured.tokenizer]),
            *missing(measured),
        ),
        complete=not measured.warnings,
    )


_Level = tuple[float, float, float]
"""Tokens with the lowest, the best and the highest factor of the tokenizer's conversion."""


@dataclass(slots=True)
class _Walk:
    """Steps from level to level. Each level is rounded to a token, so the steps sum to the difference."""

    at: _Level
    bounded: bool
    causes: list[Cause] = field(default_factory=list)

    def step(self, cause: str, to: _Level, how: str) -> None:
        """Go to a level; the cause gets the tokens that the step adds."""
        low, tokens, high = (round(end) - round(begin) for begin, end in zip(self.at, to, strict=True))
        bounds = [low, tokens, high] if self.bounded else []
        self.causes.append(Cause(cause, tokens, min(bounds, default=None), max(bounds, default=None), how))
        self.at = to


def _causes(measured: MeasuredSource, published: Restated, ours: Amount, facts: ExtractionFacts) -> list[Cause]:
    converted, documents, size = published.converted, published.documents, published.bytes
    begin = float(published.tokens)
    walk = _Walk((begin, begin, begin), converted is not None and converted.bounded)
    # Causes without a step of their own become part of a later step.
    tokenizer, volume, unlike = ["tokenizer"], _volume(published, ours), list[str]()
    if converted:
        cause = "tokenizer or other text" if converted.by_bytes else "tokenizer"
        walk.step(cause, (converted.low, converted.value, converted.high), converted.how)
        tokenizer = []
    base = walk.at
    if documents:
        # If documents are missing, some are the bad records. If none is, the publisher did not count them either.
        bad = min(measured.bad_records, max(documents - ours.documents, 0))
        walk.step(
            _any_of(volume),
            _times(base, (ours.documents + bad) / documents),
            how_documents(ours, published),
        )
        if bad:
            how = f"{format_number_of(bad, 'record')} that could not be counted, at the published tokens per document"
            walk.step("bad records", _times(base, ours.documents / documents), how)
        volume = []
        unlike = ["unlike documents"] if ours.documents != documents else []
    end = (float(ours.tokens),) * 3
    text = [*volume, "fields", "cleaning", *unlike]
    if size:
        walk.step(_any_of(text), _times(base, ours.bytes / size), how_bytes(measured, ours, published, facts))
        walk.step(_any_of([*tokenizer, "unexplained"]), end, how_density(ours, published, base[1] / size))
    else:
        walk.step(_any_of([*tokenizer, *text]), end, how_tokens(measured, ours, published, base[1], facts))
    unique = measured.text.unique.tokens
    walk.step("dedup scope", (float(unique),) * 3, how_dedup(measured, published))
    return walk.causes


def _times(level: _Level, factor: float) -> _Level:
    return level[0] * factor, level[1] * factor, level[2] * factor


def _any_of(names: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _volume(published: Restated, ours: Amount) -> list[str]:
    """Names of the causes that may change how much text there is."""
    tokens = published.converted.value if published.converted else published.tokens
    ways = (
        (ours.documents, published.documents),
        (ours.bytes, published.bytes),
        (ours.tokens, tokens),
    )
    fewer = next((here <= there for here, there in ways if there), False)
    repeats = ["repeats"] if published.counted == "repeated" else []
    return [*repeats, *(["missing shards", "filters"] if fewer else ["other edition"])]


def _numbers(measured: MeasuredSource) -> Row:
    parts = {"seen": measured.text.seen, "unique_exact": measured.text.exact, "unique": measured.text.unique}
    return {
        "domain": measured.domain,
        **{
            f"{what}_{kind}": getattr(amount, what)
            for what in ("documents", "bytes", "tokens")
            for kind, amount in parts.items()
        },
        "text_field": measured.text_field,
        "extractors": list(measured.extractors),
        "steps": list(measured.steps),
        "bad_records": measured.bad_records,
        "bad_files": measured.bad_files,
        "bad_files_bytes": measured.bad_files_bytes,
        "left_out": [asdict(left) for left in measured.left_out],
    }
