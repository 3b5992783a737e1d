"""What a report says about published text: where it is from, what it may share, and how its size is known."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from tokaudit.catalog.reference.corpora import Counted, PublishedCorpus
from tokaudit.core.units import format_count, format_power
from tokaudit.supply.published.cross_domain import CrossDomainOverlap
from tokaudit.supply.published.disjoint import DomainUnion
from tokaudit.supply.published.sizes import Size
from tokaudit.supply.types import Factor

LEFT_OUT: Final[dict[Counted, str]] = {
    "near": "near-duplicates removed",
    "exact": "exact duplicates removed",
    "nominal": "nominal",
    "repeated": "repeats counted",
}
"""The words for what a count leaves out."""


def corpora_in_short(rows: Sequence[PublishedCorpus]) -> Iterator[str]:
    """Rows by corpus: ``The Pile/Books3``, ``The Pile (3 parts)``."""
    by_corpus: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_corpus[row.corpus].append(row.name)
    for corpus, names in by_corpus.items():
        yield names[0] if len(names) == 1 else f"{corpus} ({len(names)} parts)"


def by_holder(inside: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """What contains other texts, with the names of these."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, holder in sorted(inside.items()):
        found[holder].append(name)
    yield from sorted(found.items())


def with_bytes(names: Collection[str], rows: Sequence[PublishedCorpus]) -> str:
    """The names, and why their known bytes are not a size of text."""
    why = {
        row.name: f" ({format_power(row.bytes or 0)} bytes are published, but {row.not_of_text})"
        for row in rows
        if row.not_of_text
    }
    return ", ".join(name + why.get(name, "") for name in names)


def bytes_notes(domains: Mapping[str, DomainUnion], sizes: Mapping[str, Size]) -> Iterator[str]:
    """Notes on rows whose tokens are computed from bytes."""
    for part in domains.values():
        for row in part.rows:
            size = sizes[row.name]
            if size.of.tokens is None:
                yield (
                    f"{row.name}: no tokens are published, so its {format_power(size.of.bytes or 0)} bytes of text are"
                    f" counted at {1 / size.factor.value:.3g} bytes per token"
                )


def overlap_notes(domains: Mapping[str, DomainUnion]) -> Iterator[str]:
    """Notes on corpora whose overlap is not known, and on those that were made without another."""
    for domain, part in domains.items():
        for own, other in part.apart:
            yield (
                f"{domain}: {own} was made without {other}, so both are counted; other files may still contain the "
                "same text, so the low bound counts the larger alone"
            )
        if part.may_overlap:
            yield (
                f"{domain}: it is not known whether {', '.join(part.may_overlap)} contain the same text: "
                "the least they can be together is counted, and their sum is the high bound"
            )


def described(domain: str, part: DomainUnion, sizes: Mapping[str, Size]) -> str:
    """The rows of a domain, and how their sizes are known."""
    return f"{domain}: {'; '.join(_row_note(row, sizes[row.name]) for row in part.rows)}"


def _row_note(row: PublishedCorpus, size: Size) -> str:
    tokens, of = format_count(size.amount.middle), size.of
    known = [LEFT_OUT[of.counted], str(of.year), of.availability, *([] if of.kind == "read" else [of.kind])]
    recount = "" if of == row else f"as {of.component}, "
    return f"{row.name} {tokens} ({recount}{', '.join(known)}; {_converted(of, size.factor)})"


def _converted(row: PublishedCorpus, factor: Factor) -> str:
    if row.tokens is None:
        own = f"{format_power(row.bytes or 0)} bytes"
    else:
        own = f"tokens of {row.tokenizer}" if row.tokenizer else "tokens of an unnamed tokenizer"
    if factor.low == factor.high == 1:
        return own
    return f"{own} {factor.explained()}"


def cross_domain_notes(shared: Sequence[CrossDomainOverlap]) -> Iterator[str]:
    """Notes on text that is counted in two domains, by pairs of corpora."""
    by_corpora: dict[tuple[str, str], list[CrossDomainOverlap]] = defaultdict(list)
    for each in shared:
        by_corpora[each.holder.corpus, each.other.corpus].append(each)
    for same in by_corpora.values():
        holders = ", ".join(corpora_in_short(list(dict.fromkeys(each.holder for each in same))))
        others = ", ".join(corpora_in_short(list(dict.fromkeys(each.other for each in same))))
        tokens = format_count(sum(each.tokens for each in same))
        domains = ", ".join(sorted({each.domain for each in same}))
        yield (
            f"{holders} contains text of {others}: up to {tokens} tokens are counted in two domains; "
            f"the low bound of {domains} leaves them out"
        )


def mixed_text_notes(domains: Mapping[str, DomainUnion], shared: Sequence[CrossDomainOverlap]) -> Iterator[str]:
    """Notes on mixed text, which may contain that of any domain."""
    known = {frozenset((each.holder, each.other)) for each in shared}
    rows = [row for part in domains.values() for row in part.rows]
    for row in rows:
        others = [each for each in rows if each.domain != row.domain and each.corpus != row.corpus]
        others = [each for each in others if frozenset((row, each)) not in known]
        if row.domain == "other" and row.extent != "part" and others:
            yield (
                f"{row.name} is text of several domains: it is not known whether it contains "
                f"{', '.join(corpora_in_short(others))}"
            )
