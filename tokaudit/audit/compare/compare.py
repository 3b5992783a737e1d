"""A measured source beside the published rows it should be: the difference in tokens, taken apart into causes.

The way from the published tokens to the measured unique ones is walked one step a cause, and a cause has the tokens
that its step adds: into the measured tokenizer, to the measured documents, to the measured bytes of these, to the
measured tokens of those, and to what is left of them without near-duplicates. So the causes sum to the difference, to
the token. Where a published number is missing its step falls into the next, which names all causes that it may be.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

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
from tokaudit.catalog.reference.token_rates import TokenRates, token_rates
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.supply.published.find import find_named


@dataclass(frozen=True, slots=True)
class Cause:
    """Part of the difference.

    Attributes:
        cause: its name, or the names of those that it may be.
        tokens: what it adds to the published tokens; negative: takes from them.
        low, high: bounds by the spread of the tokenizer's conversion; None where none is known.
        how: what it is computed from, in words.
    """

    cause: str
    tokens: int
    low: int | None
    high: int | None
    how: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A source beside published rows.

    Attributes:
        source: the source's name.
        tokenizer: whose tokens the source is counted in.
        measured, published: their numbers, by name.
        difference: measured unique tokens - published tokens, each in its own tokenizer's; the causes sum to it.
        causes: in the order of the steps.
        warnings: what the reader must know.
    """

    source: str
    tokenizer: str
    measured: Row
    published: Row
    difference: int
    causes: tuple[Cause, ...]
    warnings: tuple[str, ...]


def compare_source(catalog: Path, source: str, corpus: str, tokenizer: str | None) -> Comparison:
    """A source of the catalog beside the published corpus of that name; see `compare`.

    Raises:
        UsageError: no such source or corpus, no published rows to compare with, or the source is not counted with the
            tokenizer.
        CatalogError: the catalog can't be read.
    """
    named, _ = find_named(corpus, published_corpora(), lineage=[])
    measured = measured_source(catalog, source, tokenizer)
    rows, notes = choose_rows(corpus, named, measured.domain)
    found = compare(measured, rows, token_rates())
    return replace(found, warnings=(*notes, *found.warnings))


def choose_rows(name: str, rows: Sequence[PublishedCorpus], domain: str) -> tuple[Sequence[PublishedCorpus], list[str]]:
    """Of the rows that a name means, those that a source of one domain should be; and a note where some are not.

    A corpus alone means its rows of the domain, or all if it has none of it. Components are taken as they are named.

    Args:
        name: ``CORPUS``, or components of one.
        rows: what it means.
        domain: of the source.

    Raises:
        UsageError: the rows are not disjoint parts of one corpus, so that they have no sum.
    """
    if len(rows) > 1 and not (len({row.corpus for row in rows}) == 1 and all(row.standard for row in rows)):
        raise UsageError(
            f"{name!r}: only disjoint parts of one corpus have a sum to compare with (named: {names_of(rows)})"
        )
    same = [row for row in rows if row.domain == domain]
    if "/" in name or len(rows) == 1 or len(same) == len(rows):
        return rows, []
    corpus = rows[0].corpus
    if not same:
        return rows, [f"{corpus} has no row of the source's domain, {domain}: compared with all its {len(rows)}"]
    components = ", ".join(row.component for row in same)
    note = f"compared with what {corpus} has of the source's domain, {domain}: {components}"
    return same, [f"{note}; it has {len(rows) - len(same)} rows of other domains ({corpus}/COMPONENT names one)"]


def compare(measured: MeasuredSource, rows: Sequence[PublishedCorpus], rates: TokenRates) -> Comparison:
    """The difference between a source and disjoint published rows, summed, and its causes.

    Args:
        measured: the source.
        rows: at least one.
        rates: published counts of tokenizers on one text.

    Raises:
        UsageError: neither tokens nor bytes of text are published of any row.
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
            "kind": ", ".join(dict.fromkeys(row.kind for row in published.rows)),
            "sources": list(dict.fromkeys(row.source for row in published.rows)),
            "notes": [f"{row.name}: {row.note}" for row in published.rows if row.note],
        },
        difference=unique - published.tokens,
        causes=tuple(_causes(measured, published, texts[measured.tokenizer])),
        warnings=(
            *measured.warnings,
            *published.warnings,
            *doubts(published),
            *partial(published, texts[measured.tokenizer]),
            *missing(measured),
        ),
    )


_Level = tuple[float, float, float]
"""Tokens with the least, the best and the highest factor of the tokenizer's conversion."""


@dataclass(slots=True)
class _Walk:
    """From level to level; each is rounded to a token, so that the steps sum to the way."""

    at: _Level
    bounded: bool
    causes: list[Cause] = field(default_factory=list)

    def step(self, cause: str, to: _Level, how: str) -> None:
        """Go on to a level; what the step adds is the cause's."""
        low, tokens, high = (round(end) - round(begin) for begin, end in zip(self.at, to, strict=True))
        bounds = [low, tokens, high] if self.bounded else []
        self.causes.append(Cause(cause, tokens, min(bounds, default=None), max(bounds, default=None), how))
        self.at = to


def _causes(measured: MeasuredSource, published: Restated, ours: Amount) -> list[Cause]:
    converted, documents, size = published.converted, published.documents, published.bytes
    begin = float(published.tokens)
    walk = _Walk((begin, begin, begin), converted is not None and converted.bounded)
    # Causes whose own step can't be taken go into a later one.
    tokenizer, volume, unlike = ["tokenizer"], _volume(published, ours), list[str]()
    if converted:
        cause = "tokenizer or other text" if converted.by_bytes else "tokenizer"
        walk.step(cause, (converted.low, converted.value, converted.high), converted.how)
        tokenizer = []
    base = walk.at
    if documents:
        # Of documents that are missing, bad records are known to be; of none missing, the publishers count none either.
        bad = min(measured.bad_records, max(documents - ours.documents, 0))
        walk.step(
            _any_of(volume),
            _times(base, (ours.documents + bad) / documents),
            how_documents(ours, published),
        )
        if bad:
            how = f"{bad:,} records that could not be counted, at the published tokens a document"
            walk.step("bad records", _times(base, ours.documents / documents), how)
        volume = []
        unlike = ["unlike documents"] if ours.documents != documents else []
    end = (float(ours.tokens),) * 3
    text = [*volume, "fields", "cleaning", *unlike]
    if size:
        walk.step(_any_of(text), _times(base, ours.bytes / size), how_bytes(measured, ours, published))
        walk.step(_any_of([*tokenizer, "unexplained"]), end, how_density(ours, published, base[1] / size))
    else:
        walk.step(_any_of([*tokenizer, *text]), end, how_tokens(measured, ours, published, base[1]))
    unique = measured.text.unique.tokens
    walk.step("dedup scope", (float(unique),) * 3, how_dedup(measured, published))
    return walk.causes


def _times(level: _Level, factor: float) -> _Level:
    return level[0] * factor, level[1] * factor, level[2] * factor


def _any_of(names: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _volume(published: Restated, ours: Amount) -> list[str]:
    """What may change how much text there is."""
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
        "steps": list(measured.steps),
        "bad_records": measured.bad_records,
        "bad_files": measured.bad_files,
        "bad_files_bytes": measured.bad_files_bytes,
        "left_out": [asdict(left) for left in measured.left_out],
    }
