"""Unions in a registry with corpora that contain each other's text in many ways: nothing is counted twice."""

import pytest
from made.corpora import CORPORA, LINEAGE
from made.registry import amounts, made

from tokaudit.core.errors import UsageError
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.union import union
from tokaudit.supply.types import TokenBounds

GRAPH = LineageGraph(CORPORA, LINEAGE)


def published(*names: str) -> dict[str, TokenBounds]:
    """Domain -> amount of a union of made rows, each by its own tokenizer."""
    found = made(CORPORA, LINEAGE, *names)
    return {domain: each.amount for domain, each in found.domains.items()}


@pytest.mark.parametrize(
    ("names", "same"),
    [
        # a selection from another count of a corpus than its name means
        (("Crawl", "Crawl-Edu"), ("Crawl",)),
        # samples, one of which is not a row
        (("Crawl-Edu/sample-100B", "Crawl-Edu/sample-350B (NeoX count)"), ("Crawl-Edu/sample-350B (NeoX count)",)),
        (("Crawl-Edu/sample-10B", "Crawl-Edu/sample-100B"), ("Crawl-Edu/sample-100B",)),
        (("Crawl-Edu/sample-10B", "Crawl-Edu/sample-100B", "Crawl-Edu"), ("Crawl-Edu",)),
        # parts, totals with and without repeats, and a sample of the whole
        (("The Heap", "The Heap/all (upsampled)"), ("The Heap",)),
        (("The Heap", "The Heap/all (raw, unique)", "Heap-val/all"), ("The Heap",)),
        # the same without near-duplicates, part by part and whole
        (("Jam v1", "Slim Jam"), ("Jam v1",)),
        (("Jam v1/all", "Slim Jam/all"), ("Jam v1/all",)),
        # texts outside the registry
        (("Late Mix", "Baseline"), ("Baseline",)),
        (("Baseline", "Baseline/all", "Baseline Samples/education"), ("Baseline",)),
        # derived from two named corpora
        (("Clean Tongues", "Tongues", "Tongues Archive"), ("Tongues", "Tongues Archive")),
        # a selection that stands for its corpus, next to the whole corpus
        (("Stack 2/near", "Stack 2/train"), ("Stack 2/near",)),
        # a total larger than the parts that its name means
        (("Half Real", "Half Real/all"), ("Half Real/all",)),
        (("Mega Sums", "Mega Sums/all"), ("Mega Sums/all",)),
        # repeats of a pool
        (("Pool", "Pool Mix/all"), ("Pool",)),
        # rewrites
        (("Crawl-Edu", "Retold"), ("Crawl-Edu",)),
        (("Half Real", "Half Real/retold"), ("Half Real",)),
        # a whole that is a part of another
        (("Shadow Books", "The Heap"), ("The Heap",)),
        # two counts of one text in an inventory
        (("Inventory/Edu by dump", "Inventory/Edu by score"), ("Inventory/Edu by dump",)),
    ],
    ids=lambda names: ",".join(names)[:60],
)
def test_text_named_twice_counts_once(names: tuple[str, ...], same: tuple[str, ...]) -> None:
    assert published(*names) == published(*same)
    assert published(*reversed(names)) == published(*same)


def test_text_derived_from_an_unnamed_one_may_raise_the_high_bound() -> None:
    together, alone = published("Clean Tongues", "Tongues"), published("Tongues")
    (domain,) = together
    assert (together[domain].low, together[domain].middle) == (alone[domain].low, alone[domain].middle)
    assert together[domain].high == alone[domain].high + published("Clean Tongues")[domain].high


@pytest.mark.parametrize(
    "corpus", ["Commons", "Old Books", "Jam v1", "Dough v1", "New Tongues", "Sums", "Slim Jam", "Dough v2"]
)
@pytest.mark.parametrize("other", ["Stack 2", "New Tongues/v2", "Pages"])
def test_no_domain_of_a_corpus_shrinks_next_to_another(corpus: str, other: str) -> None:
    alone, together = published(corpus), published(corpus, other)
    assert alone.keys() <= together.keys()
    for domain, amount in alone.items():
        assert together[domain].middle >= amount.middle * (1 - 0.03)  # another's count of the same text may differ


def test_no_union_is_smaller_than_its_comparable_parts() -> None:
    sizes = amounts(CORPORA)
    rows = {each.node: each for each in CORPORA if each.name in sizes and each.counted != "repeated"}
    compared = 0
    for relation in LINEAGE:
        ends = [rows[end] for end in (relation.below, relation.above) if end in rows]
        if len(ends) == 2 and ends[0].counted == ends[1].counted and ends[0].domain == ends[1].domain:
            (found,) = union(ends, (), sizes, GRAPH).domains.values()
            whole_twice = ends[0].corpus == ends[1].corpus
            assert whole_twice or found.amount.middle >= max(sizes[each.name].middle for each in ends), relation
            assert found.amount.high >= max(sizes[each.name].high for each in ends), relation
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("part", ["Stars", "Dough v1/Programs (Stack)", "Dough v2/Stars"])
def test_a_whole_is_larger_than_text_drawn_from_it(part: str) -> None:
    assert published("Stack")["code"].low > published(part)["code"].middle
    assert published(part, "Stack")["code"] == published("Stack")["code"]


def test_a_part_derived_from_pages_adds_nothing_to_them() -> None:
    with_pages = published("Dough v2", "Pages")["web"]
    alone = published("Dough v2")["web"]
    of_dough, pages = (next(each for each in CORPORA if each.name == name) for name in ("Dough v2/Pages", "Pages/en"))
    assert of_dough.tokens
    assert pages.tokens
    assert with_pages.high <= alone.high - of_dough.tokens + (pages.tokens_high or pages.tokens)


def test_rewrites_of_the_same_documents_are_not_added() -> None:
    three = [f"Retold/{name}" for name in ("faq", "tutorial", "math")]
    found = published(*three)["synthetic"]
    assert found.middle == published(three[0])["synthetic"].middle
    assert found.high == sum(published(name)["synthetic"].high for name in three)


def test_papers_in_two_parts_of_a_corpus_count_once() -> None:
    names = ["Commons/papers", "Commons/medicine"]
    first, second = (published(name)["papers"].middle for name in names)
    assert published(*names)["papers"].middle == pytest.approx((1 - 0.4) * first + second)


def test_two_crawls_with_an_unknown_overlap_have_bounds() -> None:
    found = made(CORPORA, LINEAGE, "Wide Crawl", "Crawl").domains["web"]
    assert found.amount.middle < found.amount.high
    assert found.may_overlap == ("Crawl/exact across dumps", "Wide Crawl")


def test_every_row_alone_is_a_union_or_is_refused_with_a_reason() -> None:
    sizes = amounts(CORPORA)
    for each in CORPORA:
        if each.counted == "repeated":
            with pytest.raises(UsageError, match="counts repeats"):
                union([each], (), {each.name: TokenBounds(1, 1, 1)}, GRAPH)
        elif each.name in sizes:
            (found,) = union([each], (), sizes, GRAPH).domains.values()
            assert found.amount == sizes[each.name]


def test_everything_together_is_smaller_than_its_sum() -> None:
    rows = [each for each in CORPORA if each.standard]
    sizes = amounts(CORPORA)
    found = union(rows, (), sizes, GRAPH)
    for domain, each in found.domains.items():
        total = sum(sizes[each.name].middle for each in rows if each.domain == domain and each.name in sizes)
        assert 0 < each.amount.low <= each.amount.middle <= total
