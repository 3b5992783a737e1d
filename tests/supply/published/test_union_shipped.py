"""Unions of what ships: nothing in the registry is counted twice.

These are tests of the data: they name rows whose lineage is published, and no row that is added changes what they say.
`test_union_made` has the same of a registry that is made up.
"""

import pytest
from made.registry import amounts, made

from tokaudit.catalog.reference.corpora import published_corpora, published_lineage
from tokaudit.core.errors import UsageError
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.union import union
from tokaudit.supply.types import TokenBounds

CORPORA = published_corpora()
LINEAGE = published_lineage()
GRAPH = LineageGraph(CORPORA, LINEAGE)


def published(*names: str) -> dict[str, TokenBounds]:
    """Domain -> amount of a union of shipped rows, each by its own tokenizer."""
    found = made(CORPORA, LINEAGE, *names)
    return {domain: each.amount for domain, each in found.domains.items()}


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (("FineWeb", "FineWeb-Edu"), ("FineWeb",)),
        (
            ("FineWeb-Edu/sample-100BT", "FineWeb-Edu/sample-350BT (GPT-NeoX count)"),
            ("FineWeb-Edu/sample-350BT (GPT-NeoX count)",),
        ),
        (("FineWeb-Edu/sample-10BT", "FineWeb-Edu/sample-100BT"), ("FineWeb-Edu/sample-100BT",)),
        (("FineWeb-Edu/sample-10BT", "FineWeb-Edu/sample-100BT", "FineWeb-Edu"), ("FineWeb-Edu",)),
        (("The Pile", "The Pile/all (effective, upsampled)"), ("The Pile",)),
        (("The Pile", "The Pile/all (raw, unique)", "Pile-val/all"), ("The Pile",)),
        (("RedPajama-v1", "SlimPajama"), ("RedPajama-v1",)),
        (("RedPajama-v1/all", "SlimPajama/all"), ("RedPajama-v1/all",)),
        (("DCLM-baseline", "DCLM-baseline/all", "DCLM/dclm-edu"), ("DCLM-baseline",)),
        (("CulturaX", "mC4", "OSCAR"), ("mC4", "OSCAR")),
        (("The Stack v2/near-dedup", "The Stack v2/train-full"), ("The Stack v2/near-dedup",)),
        (("Nemotron-CC", "Nemotron-CC/all"), ("Nemotron-CC/all",)),
        (("MegaMath", "MegaMath/all"), ("MegaMath/all",)),
        (("Dolma 3 pool (9T)", "Dolma 3 Mix (6T)/all"), ("Dolma 3 pool (9T)",)),
        (("FineWeb-Edu", "FinePhrase"), ("FineWeb-Edu",)),
        (("Books3", "The Pile"), ("The Pile",)),
        (("Nemotron-CC", "Nemotron-CC/synthetic (rephrased)"), ("Nemotron-CC",)),
        (
            (
                "LLM-jp v4 inventory/FineWeb-Edu-score-2 split by dump",
                "LLM-jp v4 inventory/FineWeb-Edu-score-2 split by score (1.5-4.0+)",
            ),
            ("LLM-jp v4 inventory/FineWeb-Edu-score-2 split by dump",),
        ),
    ],
    ids=lambda names: ",".join(names)[:60],
)
def test_text_named_twice_counts_once(names: tuple[str, ...], same: tuple[str, ...]) -> None:
    assert published(*names) == published(*same)
    assert published(*reversed(names)) == published(*same)


def test_text_derived_from_an_unnamed_one_may_raise_the_high_bound() -> None:
    together, alone = published("CulturaX", "mC4"), published("mC4")
    (domain,) = together
    assert (together[domain].low, together[domain].middle) == (alone[domain].low, alone[domain].middle)
    assert together[domain].high == alone[domain].high + published("CulturaX")[domain].high


@pytest.mark.parametrize(
    "corpus",
    ["Common Pile v0.1", "PG-19", "RedPajama-v1", "Dolma v1.6", "HPLT", "FineMath", "SlimPajama", "Dolma v1.7"],
)
@pytest.mark.parametrize("other", ["The Stack v2", "HPLT/v2 cleaned", "C4"])
def test_no_domain_of_a_corpus_shrinks_next_to_another(corpus: str, other: str) -> None:
    alone, together = published(corpus), published(corpus, other)
    assert alone.keys() <= together.keys()
    for domain, amount in alone.items():
        assert together[domain].middle >= amount.middle * (1 - 0.03)  # another's count of the same text may differ


def test_no_shipped_union_is_smaller_than_its_comparable_parts() -> None:
    sizes = amounts(CORPORA)
    rows = {each.node: each for each in CORPORA if each.name in sizes and each.counted != "repeated"}
    for relation in LINEAGE:
        ends = [rows[end] for end in (relation.below, relation.above) if end in rows]
        if len(ends) == 2 and ends[0].counted == ends[1].counted and ends[0].domain == ends[1].domain:
            (found,) = union(ends, (), sizes, GRAPH).domains.values()
            whole_twice = ends[0].corpus == ends[1].corpus
            assert whole_twice or found.amount.middle >= max(sizes[each.name].middle for each in ends), relation
            assert found.amount.high >= max(sizes[each.name].high for each in ends), relation


@pytest.mark.parametrize("part", ["StarCoderData", "Dolma v1.6/GitHub (The Stack)", "Dolma v1.7/StarCoder"])
def test_the_stack_is_larger_than_text_drawn_from_it(part: str) -> None:
    assert published("The Stack")["code"].low > published(part)["code"].middle
    assert published(part, "The Stack")["code"] == published("The Stack")["code"]


def test_dolma_s_c4_adds_nothing_to_c4() -> None:
    with_c4 = published("Dolma v1.7", "C4")["web"]
    alone = published("Dolma v1.7")["web"]
    of_dolma, of_c4 = (next(each for each in CORPORA if each.name == name) for name in ("Dolma v1.7/C4", "C4/en"))
    assert of_dolma.tokens
    assert of_c4.tokens
    assert with_c4.high <= alone.high - of_dolma.tokens + (of_c4.tokens_high or of_c4.tokens)


def test_four_rewrites_of_the_same_documents_are_not_added() -> None:
    four = [f"FinePhrase/{name}" for name in ("faq", "tutorial", "math", "table")]
    found = published(*four)["synthetic"]
    assert found.middle == published(four[0])["synthetic"].middle
    assert found.high == sum(published(name)["synthetic"].high for name in four)


def test_papers_in_two_parts_of_the_common_pile_count_once() -> None:
    names = [f"Common Pile v0.1/{name}" for name in ("peS2o_filtered", "pubmed_filtered")]
    first, second = (published(name)["papers"].middle for name in names)
    assert published(*names)["papers"].middle == pytest.approx((1 - 0.497) * first + second)


def test_every_row_alone_is_a_union_or_is_refused_with_a_reason() -> None:
    sizes = amounts(CORPORA)
    for each in CORPORA:
        if each.counted == "repeated":
            with pytest.raises(UsageError, match="counts repeats"):
                union([each], (), {each.name: TokenBounds(1, 1, 1)}, GRAPH)
        elif each.name in sizes:
            (found,) = union([each], (), sizes, GRAPH).domains.values()
            assert found.amount == sizes[each.name]


def test_everything_published_together_is_smaller_than_its_sum() -> None:
    rows = [each for each in CORPORA if each.standard]
    sizes = amounts(CORPORA)
    found = union(rows, (), sizes, GRAPH)
    for domain, each in found.domains.items():
        total = sum(sizes[each.name].middle for each in rows if each.domain == domain and each.name in sizes)
        assert 0 < each.amount.low <= each.amount.middle <= total
