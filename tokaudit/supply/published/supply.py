"""Published corpora as a supply: the named ones, or the largest open corpus of each domain."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tokaudit.catalog.reference.corpora import AS_OF, Counted, Node, PublishedCorpus
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_count
from tokaudit.supply.published.cross_domain import cross_domain_overlap, without_overlap
from tokaudit.supply.published.disjoint import DomainUnion
from tokaudit.supply.published.find import find_named
from tokaudit.supply.published.notes import (
    LEFT_OUT,
    by_holder,
    bytes_notes,
    corpora_in_short,
    cross_domain_notes,
    described,
    mixed_text_notes,
    overlap_notes,
    with_bytes,
)
from tokaudit.supply.published.sizes import Published, Size, common_tokenizer, sizes_of
from tokaudit.supply.published.synthetic import SYNTHETIC, union_with_synthetic, with_synthetic_parts
from tokaudit.supply.published.union import Union, union
from tokaudit.supply.types import DomainSupply, Supply

_NOT_CHOSEN: Final = frozenset({"other", SYNTHETIC})
"""Domains without a chosen corpus: mixed text contains that of others, and synthetic text rewrites it."""
_CHOICES: Final[tuple[Counted, ...]] = ("near", "exact", "nominal")


def named_supply(names: str, tokenizer: str, published: Published, *, count_synthetic: bool = False) -> Supply:
    """The text of the named corpora together, by domain, with its bounds.

    Args:
        names: ``NAME[/COMPONENT],…``.
        tokenizer: the tokenizer to count in.
        published: everything published.
        count_synthetic: whether synthetic text counts, in its own domain, next to the text that it rewrites; the
            synthetic parts of a named corpus do then, too.

    Raises:
        UsageError: a name is unknown, or the size of its text is.
    """
    tokenizer = common_tokenizer(tokenizer, published.rates)
    rows, unlisted = find_named(names, published.graph.registry, published.graph.lineage)
    if count_synthetic:
        rows = with_synthetic_parts(rows, published.graph)
    sizes = sizes_of(rows, tokenizer, published)
    amounts = {name: size.amount for name, size in sizes.items()}
    found = (union_with_synthetic if count_synthetic else union)(rows, unlisted, amounts, published.graph)
    if not found.domains:
        raise UsageError(f"neither tokens nor bytes of text are known for {with_bytes(found.uncounted, rows)}")
    shared = cross_domain_overlap(found.domains, amounts, published.graph)
    warnings = [*_what_adds_nothing(found, rows, unlisted, published)]
    warnings += [*bytes_notes(found.domains, sizes), *overlap_notes(found.domains)]
    warnings += [*cross_domain_notes(shared), *mixed_text_notes(found.domains, shared)]
    details = tuple(described(domain, part, sizes) for domain, part in found.domains.items())
    counted = without_overlap(found.domains, shared)
    domains = tuple(_entry(domain, part) for domain, part in counted.items())
    return Supply(domains, f"published corpora: {names} ({AS_OF})", tokenizer, tuple(warnings), details)


def _what_adds_nothing(
    found: Union, rows: Sequence[PublishedCorpus], unlisted: Sequence[Node], published: Published
) -> Iterator[str]:
    """Notes on named texts that are inside others, not in the registry, not counted, or larger than what holds them."""
    for holder, inside in by_holder(found.inside):
        yield f"{', '.join(inside)}: adds nothing, because {holder} contains the same text"
    listed = {row.corpus for row in published.graph.registry}
    for corpus, component in unlisted:
        if corpus not in listed:
            yield f"{corpus} is not in the registry; only {component} is known of it"
    if found.uncounted:
        yield f"{with_bytes(found.uncounted, rows)}: not counted, because neither tokens nor bytes of text are known"
    for domain, part in found.domains.items():
        if part.at_least:
            yield f"{domain}: {part.at_least} has more tokens than the corpus that contains it, so its count is used"


def chosen_supply(tokenizer: str, published: Published, *, count_synthetic: bool = False) -> Supply:
    """The largest open corpus of each domain, among those with near-duplicates removed.

    If a domain has none, among those with exact duplicates removed; otherwise among all. Open corpora that were made
    without the text of the chosen one are added to it. Recalled counts, mixed and synthetic text, and rows that a
    corpus's name alone does not mean are not used.

    Args:
        tokenizer: the tokenizer to count in.
        published: everything published.
        count_synthetic: whether a corpus of synthetic text is chosen, too.
    """
    tokenizer = common_tokenizer(tokenizer, published.rates)
    rows = [row for row in published.graph.registry if _may_be_chosen(row, count_synthetic=count_synthetic)]
    sizes = sizes_of(rows, tokenizer, published)
    best = _best_by_domain([row for row in rows if row.name in sizes], sizes, published)
    chosen = {domain: found[0] for domain, found in best.items()}
    shared = cross_domain_overlap(chosen, {name: size.amount for name, size in sizes.items()}, published.graph)
    domains = tuple(_entry(domain, part) for domain, part in without_overlap(chosen, shared).items())
    warnings = [
        _rule(domains),
        "it is not known whether corpora of two domains contain the same text"
        + (", except for these" if shared else ""),
        *cross_domain_notes(shared),
        *bytes_notes(chosen, sizes),
        *overlap_notes(chosen),
    ]
    details = [described(domain, part, sizes) for domain, part in chosen.items()]
    for domain, found in best.items():
        details += _larger_ones(domain, found)
    origin = f"published: the largest open corpus of each domain ({AS_OF})"
    return Supply(domains, origin, tokenizer, tuple(warnings), tuple(details))


def _rule(domains: Sequence[DomainSupply]) -> str:
    """The rule that chooses the corpus of each domain, and its choices."""
    rule = (
        f"for each domain, the largest open corpus ({AS_OF}) with near-duplicates removed (near); otherwise with exact"
    )
    each = ", ".join(f"{entry.domain} {entry.origin} ({entry.counted})" for entry in domains)
    return (
        f"{rule} duplicates removed (exact); otherwise the largest of any kind (nominal); with open corpora that were "
        f"made without its text: {each}"
    )


def _may_be_chosen(row: PublishedCorpus, *, count_synthetic: bool) -> bool:
    """Whether a row is standard and open, comes from a source, and has a domain to choose for."""
    left_out = _NOT_CHOSEN - {SYNTHETIC} if count_synthetic else _NOT_CHOSEN
    return row.standard and row.availability == "open" and row.kind != "recalled" and row.domain not in left_out


def _best_by_domain(
    rows: Sequence[PublishedCorpus], sizes: Mapping[str, Size], published: Published
) -> dict[str, list[DomainUnion]]:
    """Domain -> its largest corpora, the chosen one first; without domains that have none."""
    by_domain: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for row in rows:
        by_domain[row.domain].append(row)
    best = {domain: _largest(by_domain[domain], sizes, published) for domain in sorted(by_domain)}
    return {
        domain: [_with_those_made_apart(found[0], by_domain[domain], sizes, published), *found[1:]]
        for domain, found in best.items()
        if found
    }


def _with_those_made_apart(
    chosen: DomainUnion, rows: Sequence[PublishedCorpus], sizes: Mapping[str, Size], published: Published
) -> DomainUnion:
    """The chosen corpus together with rows of its domain that were made without its text."""
    of_chosen = {row.node for row in chosen.rows}
    without = {
        edge.below
        for edge in published.graph.lineage
        if edge.relation == "excludes" and edge.above in of_chosen and edge.below not in of_chosen
    }
    others = [row for row in rows if row.node in without]
    if not others:
        return chosen
    amounts = {name: size.amount for name, size in sizes.items()}
    (found,) = union([*chosen.rows, *others], (), amounts, published.graph).domains.values()
    return found


def _larger_ones(domain: str, best: Sequence[DomainUnion]) -> Iterator[str]:
    """Notes on corpora that are larger than the chosen one."""
    chosen, *others = best
    for other in others:
        if other.amount.middle > chosen.amount.middle:
            yield (
                f"{domain}: {', '.join(corpora_in_short(other.rows))} is larger ({format_count(other.amount.middle)}) "
                f"but contains more duplicates ({LEFT_OUT[other.rows[0].counted]})"
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
    details = (*measured.details, *published.details)
    return Supply(domains, origin, published.tokenizer, tuple(warnings), details, complete=measured.complete)


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
        origin=", ".join(corpora_in_short(part.rows)),
    )
