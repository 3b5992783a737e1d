"""The size of several corpora that contain each other's text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.registry import amounts, edge, made, part, row

from tokaudit.catalog.reference.corpora import Lineage, PublishedCorpus, Relation
from tokaudit.core.errors import UsageError
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.union import Union, union
from tokaudit.supply.types import TokenBounds


def bounds(found: Union, domain: str = "web") -> tuple[float, float, float]:
    amount = found.domains[domain].amount
    return amount.low, amount.middle, amount.high


@pytest.mark.parametrize(
    "relation", ["subset_of", "dedup_of", "recount_of", "derived_from", "rewrite_of", "upsample_of"]
)
def test_text_inside_another_adds_nothing(relation: Relation) -> None:
    registry = [row("outer", tokens=100), row("inner", tokens=40)]
    found = made(registry, [edge("inner", relation, "outer")], "inner", "outer")
    assert bounds(found) == (100, 100, 100)
    assert found.inside == {"inner/all": "outer/all"}


def test_text_that_another_contains_adds_nothing() -> None:
    registry = [row("outer", tokens=100), row("inner", tokens=40)]
    assert bounds(made(registry, [edge("outer", "contains", "inner")], "inner", "outer")) == (100, 100, 100)


def test_containment_passes_through_texts_that_are_not_named() -> None:
    registry = [row("a", tokens=100), row("b", tokens=90), part("c", "one", 50), part("c", "two", 20)]
    lineage = [edge("c/one", "subset_of", "b"), edge("b", "dedup_of", "a")]
    assert bounds(made(registry, lineage, "a", "c/one")) == (100, 100, 100)


def test_two_recounts_of_an_unnamed_text_are_one_text() -> None:
    registry = [part("a", "forum", 20), part("b", "forum", 30)]
    lineage = [edge("a/forum", "recount_of", "nobody's"), edge("b/forum", "recount_of", "nobody's")]
    assert bounds(made(registry, lineage, "a", "b")) == (30, 30, 30)


def test_parts_of_a_corpus_are_added_and_its_total_adds_nothing() -> None:
    registry = [part("a", "pages", 60), part("a", "posts", 30), row("a", "total", 95, standard=False, domain="other")]
    found = made(registry, [], "a", "a/total")
    assert bounds(found) == (90, 90, 90)
    assert found.inside == {"a/total": "a"}
    assert bounds(made(registry, [], "a/pages", "a/total"), "other") == (95, 95, 95)


def test_a_corpus_made_without_another_is_added_but_not_in_the_low_bound() -> None:
    registry = [row("a", tokens=100), part("b", "rest", 40), row("c", tokens=30)]
    lineage = [edge("b/rest", "excludes", "a")]
    found = made(registry, lineage, "a", "b")
    assert bounds(found) == (100, 140, 140)
    assert found.domains["web"].apart == (("b", "a/all"),)
    assert bounds(made(registry, lineage, "a", "b", "c")) == (100, 140, 170)
    assert bounds(made(registry, lineage, "b", "c")) == (40, 40, 70)


def test_two_corpora_made_without_a_third_may_share_text() -> None:
    registry = [row("a", tokens=100), row("b", tokens=40), row("c", tokens=30)]
    lineage = [edge("b", "excludes", "a"), edge("c", "excludes", "a")]
    assert bounds(made(registry, lineage, "a", "b", "c")) == (100, 140, 170)


def test_parts_are_added_to_what_all_of_them_were_made_without() -> None:
    registry = [row("a", tokens=100), part("b", "one", 40), part("b", "two", 20)]
    one, two = edge("b/one", "excludes", "a"), edge("b/two", "excludes", "a")
    assert bounds(made(registry, [one], "a", "b")) == (100, 100, 160)
    assert bounds(made(registry, [one, two], "a", "b")) == (100, 160, 160)


def test_text_known_to_be_in_two_parts_counts_once() -> None:
    registry = [part("a", "one", 100), part("a", "two", 50)]
    assert bounds(made(registry, [edge("a/one", "overlaps", "a/two", 0.4)], "a")) == (110, 110, 110)
    assert bounds(made(registry, [edge("a/one", "overlaps", "a/two", 0.4)], "a/one")) == (100, 100, 100)


def test_parts_that_rewrite_the_same_documents_are_not_added() -> None:
    registry = [row("documents"), part("retold", "as questions", 30), part("retold", "as tables", 20)]
    lineage = [edge(f"retold/{name}", "rewrite_of", "documents") for name in ("as questions", "as tables")]
    assert bounds(made(registry, lineage, "retold")) == (30, 30, 50)


def test_of_corpora_with_an_unknown_overlap_the_largest_counts() -> None:
    registry = [row("a", tokens=100, tokens_low=80, tokens_high=110), row("b", tokens=90)]
    found = made(registry, [], "a", "b")
    assert bounds(found) == (90, 100, 200)
    assert found.domains["web"].may_overlap == ("a/all", "b/all")


def test_texts_of_different_languages_are_added() -> None:
    registry = [row("a", tokens=100, languages="zh"), row("b", tokens=90, languages="ja"), row("c", tokens=150)]
    registry.append(row("many", tokens=120, languages="167 languages"))
    found = made(registry, [], "a", "b")
    assert bounds(found) == (190, 190, 190)
    assert found.domains["web"].may_overlap == ()
    assert bounds(made(registry, [], "a", "many")) == (120, 120, 220)
    assert bounds(made(registry, [], "a", "b", "many")) == (190, 190, 310)


def test_of_rows_for_one_text_the_standard_or_most_deduplicated_counts() -> None:
    registry = [
        row("a", "nominal", 100, standard=False),
        row("a", "exact", 70, standard=False, counted="exact"),
        row("a", "exact, recounted", 75, standard=False, counted="exact"),
        row("a", "standard", 60),
    ]
    assert bounds(made(registry, [], "a/nominal", "a/standard", "a/exact")) == (60, 60, 100)
    assert bounds(made(registry, [], "a/nominal", "a/exact", "a/exact, recounted")) == (75, 75, 75)


def test_a_part_that_another_whole_recounts_counts_as_the_part() -> None:
    registry = [row("whole", tokens=100, counted="near"), part("mix", "copy", 90), part("mix", "rest", 40)]
    found = made(registry, [edge("mix/copy", "recount_of", "whole")], "whole", "mix")
    assert bounds(found) == (130, 130, 130)
    assert found.inside == {"whole/all": "mix/copy"}


def test_rows_that_count_repeats_are_refused() -> None:
    repeated = row("a", "mixed", 500, standard=False, counted="repeated")
    assert bounds(made([row("a"), repeated], [], "a", "a/mixed")) == (100, 100, 100)
    with pytest.raises(UsageError, match=r"^a/mixed: counts repeats, not unique text; name a"):
        made([row("a"), repeated], [], "a/mixed")
    mix = row("mix", tokens=500, standard=False, counted="repeated")
    with pytest.raises(UsageError, match="name what it repeats: a/all"):
        made([row("a"), mix], [edge("mix", "upsample_of", "a")], "mix/all")
    with pytest.raises(UsageError, match="what it repeats is not known"):
        made([row("a"), mix], [], "mix/all")


def test_a_row_of_unknown_size_is_not_counted_but_named() -> None:
    found = made([row("a"), row("b", tokens=None)], [], "a", "b")
    assert bounds(found) == (100, 100, 100)
    assert found.uncounted == ("b/all",)
    inside = made([row("a"), row("b", tokens=None)], [edge("b", "subset_of", "a")], "a", "b")
    assert (inside.uncounted, inside.inside) == ((), {"b/all": "a/all"})


def test_parts_do_not_stand_for_their_corpus_if_one_has_no_size() -> None:
    registry = [part("a", "pages", 60), part("a", "posts", None), row("a", "total", 95, standard=False)]
    found = made(registry, [], "a", "a/total")
    assert (bounds(found), found.inside) == ((95, 95, 95), {"a/pages": "a/total", "a/posts": "a/total"})
    assert made(registry, [], "a").uncounted == ("a/posts",)


def test_a_part_inside_a_text_inside_its_corpus_counts() -> None:
    registry = [part("a", "one", 10), part("a", "two", 20), row("between", tokens=15)]
    registry.append(row("a", "all", 31, standard=False))
    lineage = [edge("a/one", "subset_of", "between"), edge("between", "derived_from", "a")]
    found = made(registry, lineage, "a", "between")
    assert (bounds(found), found.inside) == ((30, 30, 30), {"between/all": "a"})


def test_a_text_outside_the_registry_adds_nothing_or_is_refused() -> None:
    lineage = [edge("sample", "subset_of", "a"), edge("b", "contains", "piece"), edge("stray", "overlaps", "a")]
    registry = [row("a"), row("b")]
    found = made(registry, lineage, "a", "sample")
    assert (bounds(found), found.inside) == ((100, 100, 100), {"sample/all": "a/all"})
    with pytest.raises(UsageError, match=r"^sample/all: is not in the registry; it is a subset of a/all: name that"):
        made(registry, lineage, "b", "sample")
    with pytest.raises(UsageError, match=r"^piece/all: is not in the registry; it is a part of b/all: name that"):
        made(registry, lineage, "a", "piece")
    with pytest.raises(UsageError, match=r"^stray/all: is not in the registry; its amount of text is not known"):
        made(registry, lineage, "a", "stray")


@dataclass(frozen=True)
class World:
    """Corpora as sets of letters, with all their relations; each letter is a token."""

    texts: Mapping[str, frozenset[int]]
    registry: Sequence[PublishedCorpus]
    lineage: Sequence[Lineage]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to five corpora, some in parts and some inside others, with complete lineage."""
    texts: dict[str, frozenset[int]] = {}
    registry: list[PublishedCorpus] = []
    for number in range(draw(st.integers(1, 5))):
        within = draw(st.sampled_from([frozenset(range(20)), *texts.values()]))
        text = draw(st.frozensets(st.sampled_from(sorted(within)), min_size=1))
        corpus = f"corpus {number}"
        pieces: dict[int, set[int]] = {}
        for letter in sorted(text):
            pieces.setdefault(draw(st.integers(0, 2)), set()).add(letter)
        in_parts = draw(st.booleans())
        for name, piece in pieces.items() if in_parts else ():
            texts[f"{corpus}/{name}"] = frozenset(piece)
            registry.append(part(corpus, str(name), len(piece)))
        if not in_parts or draw(st.booleans()):
            texts[f"{corpus}/all"] = text
            counted = draw(st.sampled_from(["near", "exact", "nominal"]))
            registry.append(row(corpus, tokens=len(text), standard=not in_parts, counted=counted))
    lineage = [
        edge(child, draw(st.sampled_from(["recount_of"] if texts[child] == texts[parent] else INSIDE)), parent)
        for child in texts
        for parent in texts
        if child != parent and texts[child] <= texts[parent]
    ]
    return World(texts, registry, lineage)


INSIDE: list[Relation] = ["subset_of", "derived_from", "dedup_of"]


@pytest.mark.slow
@given(worlds(), st.data())
def test_the_truth_lies_within_the_bounds(world: World, data: st.DataObject) -> None:
    named = data.draw(st.lists(st.sampled_from(world.registry), min_size=1))
    found = union(named, (), amounts(world.registry), LineageGraph(world.registry, world.lineage))
    low, middle, high = bounds(found)
    truth = len(frozenset.union(*(world.texts[each.name] for each in named)))
    assert low == middle <= truth <= high
    assert all(high >= len(world.texts[each.name]) for each in named)


@pytest.mark.slow
@given(worlds(), st.data())
def test_order_and_repetition_of_names_change_nothing(world: World, data: st.DataObject) -> None:
    named = data.draw(st.lists(st.sampled_from(world.registry), min_size=1))
    other = data.draw(st.permutations([*named, *named[:2]]))
    sizes = amounts(world.registry)
    assert union(named, (), sizes, LineageGraph(world.registry, world.lineage)) == union(
        other, (), sizes, LineageGraph(world.registry, world.lineage)
    )


@pytest.mark.slow
@given(worlds(), st.data())
def test_a_subset_of_anything_named_adds_nothing(world: World, data: st.DataObject) -> None:
    named = data.draw(st.lists(st.sampled_from(world.registry), min_size=1))
    whole = data.draw(st.sampled_from(named))
    inside = row("a sample", tokens=data.draw(st.integers(1, len(world.texts[whole.name]))))
    registry = [*world.registry, inside]
    lineage = [*world.lineage, edge("a sample", "subset_of", whole.name)]
    before = union(named, (), amounts(registry), LineageGraph(registry, lineage))
    after = union([*named, inside], (), amounts(registry), LineageGraph(registry, lineage))
    assert after.domains == before.domains
    assert after.inside.keys() - before.inside.keys() == {"a sample/all"}


@pytest.mark.slow
@given(worlds(), st.data())
def test_a_union_is_at_least_as_large_as_its_comparable_parts(world: World, data: st.DataObject) -> None:
    named = data.draw(st.lists(st.sampled_from(world.registry), min_size=1))
    sizes = {
        each.name: TokenBounds(*sorted(data.draw(st.tuples(*[st.floats(1, 30)] * 3)))) for each in world.registry
    }  # published counts contradict each other
    found = union(named, (), sizes, LineageGraph(world.registry, world.lineage))
    together = found.domains["web"]
    low, middle, high = bounds(found)
    counts = {each.name: each for each in together.rows}
    for each in named:
        holder = counts.get(found.inside.get(each.name, each.name))
        if holder is not None and holder.counted == each.counted:
            assert high >= sizes[each.name].high
            if holder.corpus != each.corpus:
                assert low >= sizes[each.name].low
                assert middle >= sizes[each.name].middle


def test_a_whole_is_at_least_as_large_as_its_part_and_says_so() -> None:
    registry = [
        row("whole", tokens=50, tokens_low=40, tokens_high=60, counted="near"),
        row("part", tokens=80, tokens_low=70, tokens_high=90, counted="near"),
        row("with copies", tokens=100),
        row("retold", tokens=100, counted="near"),
    ]
    lineage = [edge("part", "subset_of", "whole"), edge("with copies", "subset_of", "whole")]
    lineage.append(edge("retold", "rewrite_of", "whole"))
    found = made(registry, lineage, "whole", "part")
    assert (bounds(found), found.domains["web"].at_least) == ((70, 80, 90), "part/all")
    assert found.inside == {"part/all": "whole/all"}
    for other in ("with copies", "retold"):
        unraised = made(registry, lineage, "whole", other)
        assert (bounds(unraised), unraised.domains["web"].at_least) == ((40, 50, 60), None)


@pytest.mark.slow
@given(worlds(), st.data())
def test_low_is_below_middle_is_below_high(world: World, data: st.DataObject) -> None:
    spread = st.floats(0.1, 1), st.floats(1, 3)
    sizes = {
        name: TokenBounds(len(text) * data.draw(spread[0]), len(text), len(text) * data.draw(spread[1]))
        for name, text in world.texts.items()
    }
    found = union(world.registry, (), sizes, LineageGraph(world.registry, world.lineage))
    low, middle, high = bounds(found)
    assert 0 < low <= middle <= high


def test_a_row_of_another_size_is_another_union() -> None:
    registry = [row("a"), row("b", languages="de")]
    larger = [replace(registry[0], tokens=200), registry[1]]
    assert bounds(made(registry, [], "a", "b")) == (200, 200, 200)
    assert bounds(made(larger, [], "a", "b")) == (300, 300, 300)
