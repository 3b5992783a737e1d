"""Published corpora as a supply: the named ones, or the largest open corpus of each domain."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from tokaudit.catalog.reference.corpora import Counted, PublishedCorpus
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_count, format_power
from tokaudit.supply.published.cross_domain import CrossDomainOverlap, cross_domain_overlap, without_overlap
from tokaudit.supply.published.disjoint import DomainUnion
from tokaudit.supply.published.find import find_named
from tokaudit.supply.published.sizes import Published, Size, common_tokenizer, sizes_of
from tokaudit.supply.published.union import union
from tokaudit.supply.types import DomainSupply, Factor, Supply

_NOT_CHOSEN: Final = frozenset({"other", "synthetic"})
"""Domains without a chosen corpus: mixed text contains that of others, and synthetic text rewrites it."""
_LEFT: Final[dict[Counted, str]] = {
    "near": "near-duplicates removed",
    "exact": "exact duplicates removed",
    "nominal": "nominal",
    "repeated": "repeats counted",
}
_CHOICES: Final[tuple[Counted, ...]] = ("near", "exact", "nominal")


def named_supply(names: str, tokenizer: str, published: Published) -> Supply:
    """The text of the named corpora together, by domain, with its bounds.

    Args:
        names: ``NAME[/COMPONENT],…``.
        tokenizer: the tokenizer to count in.
        published: everything published.

    Raises:
        UsageError: a name is unknown, or the size of its text is.
    """
    tokenizer = common_tokenizer(tokenizer, published.rates)
    rows, unlisted = find_named(names, published.graph.registry, published.graph.lineage)
    sizes = sizes_of(rows, tokenizer, published)
    amounts = {name: size.amount for name, size in sizes.items()}
    found = union(rows, unlisted, amounts, published.graph)
    if not found.domains:
        raise UsageError(f"neither tokens nor bytes of text are known for {_with_bytes(found.uncounted, rows)}")
    warnings = [
        f"{', '.join(inside)}: adds nothing, because {holder} contains the same text"
        for holder, inside in _by_holder(found.inside)
    ]
    listed = {row.corpus for row in published.graph.registry}
    warnings += [
        f"{corpus} is not in the registry; only {component} is known of it"
        for corpus, component in unlisted
        if corpus not in listed
    ]
    if found.uncounted:
        warnings.append(
            f"{_with_bytes(found.uncounted, rows)}: not counted, because neither tokens nor bytes of text are known"
        )
    warnings += [
        f"{domain}: {part.at_least} has more tokens than the corpus that contains it, so its count is used"
        for domain, part in found.domains.items()
        if part.at_least
    ]
    shared = cross_domain_overlap(found.domains, amounts, published.graph)
    warnings += [*_bytes_note(found.domains, sizes), *_overlap_note(found.domains)]
    warnings += [*_cross_domain_note(shared), *_mixed_tokenizers_note(found.domains, shared)]
    details = tuple(_described(domain, part, sizes) for domain, part in found.domains.items())
    counted = without_overlap(found.domains, shared)
    domains = tuple(_entry(domain, part) for domain, part in counted.items())
    return Supply(domains, f"published corpora: {names}", tokenizer, tuple(warnings), details)


def chosen_supply(tokenizer: str, published: Published) -> Supply:
    """The largest open corpus of each domain, among those with near-duplicates removed.

    If a domain has none, among those with exact duplicates removed; otherwise among all. Recalled counts, mixed and
    synthetic text, and rows that a corpus's name alone does not mean are not used.

    Args:
        tokenizer: the tokenizer to count in.
        published: everything published.
    """
    tokenizer = common_tokenizer(tokenizer, published.rates)
    rows = [row for row in published.graph.registry if _may_be_chosen(row)]
    sizes = sizes_of(rows, tokenizer, published)
    best = _best_by_domain([row for row in rows if row.name in sizes], sizes, published)
    chosen = {domain: found[0] for domain, found in best.items()}
    shared = cross_domain_overlap(chosen, {name: size.amount for name, size in sizes.items()}, published.graph)
    domains = tuple(_entry(domain, part) for domain, part in without_overlap(chosen, shared).items())
    warnings = [
        _rule(domains),
        "it is not known whether corpora of two domains contain the same text"
        + (", except for these" if shared else ""),
        *_cross_domain_note(shared),
        *_bytes_note(chosen, sizes),
        *_overlap_note(chosen),
    ]
    details = [_described(domain, part, sizes) for domain, part in chosen.items()]
    details += [note for domain, found in best.items() for note in _larger_ones(domain, found)]
    origin = "published: the largest open corpus of each domain"
    return Supply(domains, origin, tokenizer, tuple(warnings), tuple(details))


def _rule(domains: Sequence[DomainSupply]) -> str:
    """The rule that chooses the corpus of each domain, and its choices."""
    rule = "for each domain, the largest open corpus with near-duplicates removed (near); if there is none, with exact"
    each = ", ".join(f"{entry.domain} {entry.origin} ({entry.counted})" for entry in domains)
    return f"{rule} duplicates removed (exact); otherwise the largest of any kind (nominal): {each}"


def _may_be_chosen(row: PublishedCorpus) -> bool:
    """Whether a row is standard and open, comes from a source, and has a domain to choose for."""
    return row.standard and row.availability == "open" and row.kind != "recalled" and row.domain not in _NOT_CHOSEN


def _best_by_domain(
    rows: Sequence[PublishedCorpus], sizes: Mapping[str, Size], published: Published
) -> dict[str, list[DomainUnion]]:
    """Domain -> its largest corpora, the chosen one first; without domains that have none."""
    by_domain: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for row in rows:
        by_domain[row.domain].append(row)
    best = {domain: _largest(by_domain[domain], sizes, published) for domain in sorted(by_domain)}
    return {domain: found for domain, found in best.items() if found}


def _larger_ones(domain: str, best: Sequence[DomainUnion]) -> Iterator[str]:
    """Notes on corpora that are larger than the chosen one."""
    chosen, *others = best
    for other in others:
        if other.amount.middle > chosen.amount.middle:
            yield (
                f"{domain}: {', '.join(_short(other.rows))} is larger ({format_count(other.amount.middle)}) "
                f"but contains more duplicates ({_LEFT[other.rows[0].counted]})"
            )


def measured_and_published(measured: Supply, published: Supply) -> Supply:
    """Measured and published domains together; if both have a domain, the larger counts, and their sum is the bound.

    Args:
        measured: the catalog's supply.
        published: the published supply, in the same tokenizer's tokens.
    """
    entries = {entry.domain: entry for entry in published.domains}
    warnings = [*measured.warnings, *published.warnings]
    for entry in measured.domains:
        other = entries.get(entry.domain)
        entries[entry.domain] = entry
        if other is not None:
            entries[entry.domain] = _larger(entry, other, measured.origin)
            warnings.append(
                f"{entry.domain}: it is not known whether the measured and the published text are the same: the larger "
                "one is counted, and their sum is the high bound"
            )
    domains = tuple(entries[domain] for domain in sorted(entries))
    origin = f"{measured.origin}, and {published.origin}"
    return Supply(domains, origin, published.tokenizer, tuple(warnings), (*measured.details, *published.details))


def _larger(measured: DomainSupply, published: DomainSupply, origin: str) -> DomainSupply:
    one, other = measured.bounds(), published.bounds()
    return DomainSupply(
        measured.domain,
        max(one.middle, other.middle),
        max(one.low, other.low),
        one.high + other.high,
        counted=", ".join(dict.fromkeys(filter(None, (measured.counted, published.counted)))),
        origin=f"{origin}, or {published.origin}",
    )


def _largest(rows: Sequence[PublishedCorpus], sizes: Mapping[str, Size], published: Published) -> list[DomainUnion]:
    """The largest corpus of each kind of deduplication, fewest duplicates first; all rows are of one domain."""
    amounts = {row.name: sizes[row.name].amount for row in rows}
    by_corpus: dict[tuple[Counted, str], list[PublishedCorpus]] = defaultdict(list)
    for row in rows:
        by_corpus[row.counted, row.corpus].append(row)
    found: dict[Counted, list[DomainUnion]] = defaultdict(list)
    for (counted, _), same in by_corpus.items():
        found[counted] += union(same, (), amounts, published.graph).domains.values()
    return [max(found[counted], key=lambda part: part.amount.middle) for counted in _CHOICES if found[counted]]


def _entry(domain: str, part: DomainUnion) -> DomainSupply:
    amount = part.amount
    counted = [each for each in _CHOICES if any(row.counted == each for row in part.rows)]
    return DomainSupply(
        domain,
        amount.middle,
        amount.low,
        amount.high,
        counted=", ".join(counted),
        origin=", ".join(_short(part.rows)),
    )


def _short(rows: Sequence[PublishedCorpus]) -> Iterator[str]:
    """Rows by corpus: ``The Pile/Books3``, ``The Pile (3 parts)``."""
    by_corpus: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_corpus[row.corpus].append(row.name)
    for corpus, names in by_corpus.items():
        yield names[0] if len(names) == 1 else f"{corpus} ({len(names)} parts)"


def _by_holder(inside: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    by_holder: dict[str, list[str]] = defaultdict(list)
    for name, holder in sorted(inside.items()):
        by_holder[holder].append(name)
    yield from sorted(by_holder.items())


def _with_bytes(names: Collection[str], rows: Sequence[PublishedCorpus]) -> str:
    """The names, and why their known bytes are not a size of text."""
    why = {
        row.name: f" ({format_power(row.bytes or 0)} bytes are published, but {row.not_of_text})"
        for row in rows
        if row.not_of_text
    }
    return ", ".join(name + why.get(name, "") for name in names)


def _bytes_note(domains: Mapping[str, DomainUnion], sizes: Mapping[str, Size]) -> Iterator[str]:
    """Notes on rows whose tokens are computed from bytes."""
    for part in domains.values():
        for row in part.rows:
            size = sizes[row.name]
            if size.of.tokens is None:
                yield (
                    f"{row.name}: no tokens are published, so its {format_power(size.of.bytes or 0)} bytes of text are"
                    f" counted at {1 / size.factor.value:.3g} bytes per token"
                )


def _overlap_note(domains: Mapping[str, DomainUnion]) -> Iterator[str]:
    """Notes on corpora whose overlap is not known."""
    for domain, part in domains.items():
        if part.may_overlap:
            yield (
                f"{domain}: it is not known whether {', '.join(part.may_overlap)} contain the same text: "
                "the least they can be together is counted, and their sum is the high bound"
            )


def _described(domain: str, part: DomainUnion, sizes: Mapping[str, Size]) -> str:
    """The rows of a domain, and how their sizes are known."""
    return f"{domain}: {'; '.join(_row_note(row, sizes[row.name]) for row in part.rows)}"


def _row_note(row: PublishedCorpus, size: Size) -> str:
    tokens, of = format_count(size.amount.middle), size.of
    known = [_LEFT[of.counted], str(of.year), of.availability, *([] if of.kind == "read" else [of.kind])]
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


def _cross_domain_note(shared: Sequence[CrossDomainOverlap]) -> Iterator[str]:
    """Notes on text that is counted in two domains, by pairs of corpora."""
    by_corpora: dict[tuple[str, str], list[CrossDomainOverlap]] = defaultdict(list)
    for each in shared:
        by_corpora[each.holder.corpus, each.other.corpus].append(each)
    for same in by_corpora.values():
        holders = ", ".join(_short(list(dict.fromkeys(each.holder for each in same))))
        others = ", ".join(_short(list(dict.fromkeys(each.other for each in same))))
        tokens = format_count(sum(each.tokens for each in same))
        domains = ", ".join(sorted({each.domain for each in same}))
        yield (
            f"{holders} contains text of {others}: up to {tokens} tokens are counted in two domains; "
            f"the low bound of {domains} leaves them out"
        )


def _mixed_tokenizers_note(domains: Mapping[str, DomainUnion], shared: Sequence[CrossDomainOverlap]) -> Iterator[str]:
    """Notes on mixed text, which may contain that of any domain."""
    known = {frozenset((each.holder, each.other)) for each in shared}
    rows = [row for part in domains.values() for row in part.rows]
    for row in rows:
        others = [each for each in rows if each.domain != row.domain and each.corpus != row.corpus]
        others = [each for each in others if frozenset((row, each)) not in known]
        if row.domain == "other" and row.extent != "part" and others:
            yield (
                f"{row.name} is text of several domains: it is not known whether it contains "
                f"{', '.join(_short(others))}"
            )
