"""Text that is counted in two domains."""

from collections.abc import Sequence

import pytest
from made.registry import edge, part, row

from tokaudit.catalog.reference.corpora import Lineage, PublishedCorpus
from tokaudit.supply.published.cross_domain import cross_domain_overlap, without_overlap
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.union import union
from tokaudit.supply.types import TokenBounds


def lows(rows: Sequence[PublishedCorpus], lineage: Sequence[Lineage]) -> dict[str, float]:
    """Domain -> low bound of the rows' text, without text that another domain also contains."""
    sizes = {
        each.name: TokenBounds(each.tokens_low or each.tokens, each.tokens, each.tokens_high or each.tokens)
        for each in rows
        if each.tokens
    }
    graph = LineageGraph(rows, lineage)
    domains = union([each for each in rows if each.standard], (), sizes, graph).domains
    found = without_overlap(domains, cross_domain_overlap(domains, sizes, graph))
    for domain, before in domains.items():
        assert (found[domain].amount.middle, found[domain].amount.high) == (before.amount.middle, before.amount.high)
    return {domain: each.amount.low for domain, each in found.items()}


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("b", "a")])
def test_the_smaller_domain_may_be_wholly_inside_the_larger(one: str, other: str) -> None:
    rows = [row("a", tokens=300), row("b", tokens=100, tokens_low=80, domain="code")]
    assert lows(rows, [edge(one, "overlaps", other)]) == {"web": 300, "code": 0}
    assert lows(rows, []) == {"web": 300, "code": 80}


def test_a_known_share_is_of_the_child_s_tokens() -> None:
    rows = [row("a", tokens=300), row("b", tokens=100, domain="code")]
    assert lows(rows, [edge("a", "overlaps", "b", 0.1)]) == {"web": 300, "code": 70}
    assert lows(rows, [edge("b", "overlaps", "a", 0.1)]) == {"web": 300, "code": 90}


def test_the_domain_with_fewer_tokens_is_the_smaller_one() -> None:
    rows = [row("a", tokens=300), row("b", tokens=100, domain="code"), row("more code", tokens=900, domain="code")]
    assert lows(rows, [edge("a", "overlaps", "b")]) == {"web": 200, "code": 900}


def test_a_row_that_contains_an_end_of_an_overlap_shares_its_text() -> None:
    rows = [
        row("a", tokens=300),
        row("b", tokens=100, domain="code"),
        row("b", "sample", 20, standard=False, extent="subset"),
    ]
    assert lows(rows, [edge("a", "overlaps", "b/sample")]) == {"web": 300, "code": 0}
    assert lows([*rows, row("c", tokens=50)], [edge("c", "overlaps", "b")]) == {"web": 300, "code": 50}


def test_parts_share_their_corpus_s_overlaps_and_none_with_each_other() -> None:
    rows = [
        part("mix", "talk", 30, domain="forum"),
        part("mix", "code", 40, domain="code"),
        row("mix", tokens=70, standard=False),
        row("a", tokens=300),
    ]
    assert lows(rows, [edge("a", "overlaps", "mix")]) == {"forum": 0, "code": 0, "web": 300}
    assert lows(rows, [edge("mix/talk", "overlaps", "mix/code")]) == {"forum": 30, "code": 40, "web": 300}


def test_overlaps_within_a_domain_are_left_to_the_union() -> None:
    rows = [row("a", tokens=300), row("b", tokens=100)]
    assert lows(rows, [edge("a", "overlaps", "b")]) == {"web": 300}
