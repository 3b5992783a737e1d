"""The shipped registry of published corpora, with their lineage and rates of deduplication."""

import re
from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from typing import get_args

import pytest
from made.registry import DOMAINS

from tokaudit.catalog.reference.corpora import (
    BYTES_PER_TOKEN,
    INSIDE,
    BytesOf,
    Relation,
    published_corpora,
    published_dedup,
    published_lineage,
)
from tokaudit.catalog.reference.read import read_table
from tokaudit.supply.published.browse import corpus_details
from tokaudit.supply.published.find import find_named

CORPORA = published_corpora()
LINEAGE = published_lineage()
NAMES = {(row.corpus, row.component) for row in CORPORA}
METHODS = {"", "unknown", "none", "url", "exact", "bloom", "substring", "near(minhash)", "near(simhash)", "near(other)"}
OF_FILES = re.compile("bytes are|disk size|stored|unpacked")


def test_every_row_has_a_unique_name() -> None:
    assert len(CORPORA) > 300
    assert [name for name, times in Counter((row.corpus, row.component) for row in CORPORA).items() if times > 1] == []
    folded = defaultdict(set)
    for row in CORPORA:
        folded["".join(filter(str.isalnum, row.corpus.casefold()))].add(row.corpus)
    assert [names for names in folded.values() if len(names) > 1] == []


def test_standard_is_yes_or_no_in_every_row() -> None:
    assert {row["standard"] for row in read_table("published_corpora.csv")} == {"yes", "no"}


def test_every_row_has_a_domain_a_source_and_plausible_numbers() -> None:
    for row in CORPORA:
        assert row.corpus, row.name
        assert row.component, row.name
        assert row.domain in DOMAINS, row.name
        assert row.source, row.name
        assert 2010 < row.year < 2030, row.name
        assert set(row.dedup.split("+")) <= METHODS, row.name
        assert row.kind != "recalled" or "recalled" in f"{row.source} {row.note}", row.name
        assert all(count is None or count > 0 for count in (row.tokens, row.bytes, row.documents)), row.name
        assert (row.tokens or 0) <= 300e12, row.name


def test_sources_and_notes_are_clean_text() -> None:
    for row in CORPORA:
        for text in (row.source, row.note):
            assert text == " ".join(text.split()), row.name
            assert not text.endswith((";", ":", ",")), row.name
            assert not re.search(r"second-hand\w|;;|; ;", text), row.name


def test_disputed_counts_lie_around_the_tokens_and_have_a_note() -> None:
    for row in CORPORA:
        assert (row.tokens_low is None) is (row.tokens_high is None), row.name
        if row.tokens_low is not None and row.tokens_high is not None:
            assert row.tokens is not None, row.name
            assert row.tokens_low <= row.tokens <= row.tokens_high, row.name
            assert row.tokens_low < row.tokens_high, row.name
            assert row.note, row.name


def test_bytes_per_token_are_plausible_or_explained() -> None:
    low, high = BYTES_PER_TOKEN
    for row in CORPORA:
        if row.tokens and row.text_bytes:
            assert low <= row.text_bytes / row.tokens <= high or "bytes per token" in row.note, row.name


def test_bytes_say_what_they_measure() -> None:
    for row in CORPORA:
        assert (row.bytes is None) is (row.bytes_of is None), row.name
        assert row.bytes_of not in {"compressed", "files"} or OF_FILES.search(row.note), row.name
        assert row.bytes_of != "text" or "bytes are of files" not in row.note, row.name
    assert {row.bytes_of for row in CORPORA} == {None, *get_args(BytesOf)}


def test_a_standard_row_without_tokens_says_why() -> None:
    for row in CORPORA:
        if row.standard and not row.tokens:
            assert row.text_bytes is None or "no bytes per token" in row.note, row.name


def test_a_count_of_words_says_so() -> None:
    for row in CORPORA:
        assert ("word" in row.tokenizer) is ("tokens are words" in row.note), row.name


@pytest.mark.parametrize("corpus", sorted({row.corpus for row in CORPORA if row.standard}))
def test_a_name_alone_means_one_row_or_disjoint_parts(corpus: str) -> None:
    standard = [row for row in CORPORA if row.corpus == corpus and row.standard]
    assert {row.extent for row in standard} == {"part"} or len(standard) == 1
    assert "other" not in {row.extent for row in standard}
    assert "repeated" not in {row.counted for row in standard}


def test_a_deduplicated_count_says_how_it_was_deduplicated() -> None:
    for row in CORPORA:
        if row.counted == "near":
            assert "near" in row.dedup, row.name
            assert row.dedup_scope in {"global", "upstream"}, row.name
        elif row.counted == "exact":
            assert row.dedup_scope == "global", row.name
            assert row.dedup not in {"none", "unknown"}, row.name
        elif row.counted == "repeated":
            assert not row.standard, row.name


def test_a_restricted_corpus_says_what_is_restricted() -> None:
    for row in CORPORA:
        if row.availability == "restricted":
            assert row.licence, row.name
            assert "restricted: " in row.note, row.name


def test_ends_of_a_relation_are_rows_or_marked_as_unlisted() -> None:
    for edge in LINEAGE:
        assert edge.relation in get_args(Relation), edge
        assert edge.source, edge
        assert edge.fraction is None or 0 < edge.fraction <= 1, edge
        absent = [
            end
            for end, name in (
                ("child", (edge.child, edge.child_component)),
                ("parent", (edge.parent, edge.parent_component)),
            )
            if name not in NAMES
        ]
        assert edge.unlisted == "+".join(absent), edge


def test_two_corpora_have_at_most_one_relation() -> None:
    pairs = Counter(
        frozenset([(edge.child, edge.child_component), (edge.parent, edge.parent_component)]) for edge in LINEAGE
    )
    assert [tuple(pair) for pair, times in pairs.items() if times > 1] == []
    assert all(len(pair) == 2 for pair in pairs)


def test_no_text_is_inside_itself() -> None:
    around = defaultdict(set)
    for edge in LINEAGE:
        child, parent = (edge.child, edge.child_component), (edge.parent, edge.parent_component)
        if edge.relation in INSIDE:
            around[child].add(parent)
        elif edge.relation == "contains":
            around[parent].add(child)
    TopologicalSorter(around).prepare()  # raises if there is a cycle


def test_every_row_of_the_inventory_has_a_relation() -> None:
    for row in (row for row in CORPORA if row.corpus == "LLM-jp v4 inventory"):
        assert [edge for edge in LINEAGE if (edge.child, edge.child_component) == (row.corpus, row.component)], row.name


def test_rates_of_deduplication_are_shares_with_a_source() -> None:
    rates = published_dedup()
    assert len(rates) > 50
    for rate in rates:
        assert rate.corpus
        assert rate.component
        assert rate.method
        assert rate.scope
        assert rate.unit
        assert rate.source
        one, low, high = rate.removed_pct, rate.removed_pct_low, rate.removed_pct_high
        assert (one is None) is (low is not None) is (high is not None)
        assert all(0 <= share < 100 for share in (one, low, high) if share is not None)
        assert low is None or high is None or low < high
        if rate.before and rate.after and one is not None:
            assert one == pytest.approx(100 * (1 - rate.after / rate.before), abs=0.02)


def test_rates_are_of_registered_corpora_with_three_exceptions() -> None:
    corpora = {row.corpus for row in CORPORA}
    assert {rate.corpus for rate in published_dedup()} - corpora <= {"Wiki-40B", "LAION-2B-en", "BigCode Java v1"}


@pytest.mark.parametrize(
    ("name", "tokens", "counted"),
    [
        ("FineWeb-Edu/score>=3", 1.3e12, "nominal"),
        ("FineWeb-Edu/exact dedup (fortified)", 375e9, "exact"),
        ("FineWeb-Edu/minhash dedup across dumps", 200e9, "near"),
        ("FineWeb/v1 all", 15e12, "nominal"),
        ("FineWeb/exact-dedup across dumps", 5e12, "exact"),
        ("The Pile/all (raw, unique)", 259_916_982_147, "nominal"),
        ("The Pile/train as indexed (upsampled)", 383_299_322_520, "repeated"),
        ("The Pile/deduplicated (Pythia)", 207e9, "near"),
        ("RedPajama-v1/all", 1.2e12, "nominal"),
        ("SlimPajama/all", 627e9, "near"),
        ("DCLM-baseline/globally near-deduplicated (paper)", 1e12, "near"),
        ("DCLM-baseline/Zyphra/dclm-dedup", 750.3e9, "near"),
        ("S2ORC/all", 59_863_121_791, "nominal"),
        ("C4/en (WIMBD words)", 153_607_833_664, "exact"),
        ("Pile-val/all", 383_326_404, "nominal"),
        ("C4/en (Llama-2 count)", 198_079_554_945, "exact"),
    ],
)
def test_counts_are_as_published(name: str, tokens: float, counted: str) -> None:
    (row,) = (row for row in CORPORA if row.name == name)
    assert (row.tokens, row.counted) == (tokens, counted)


def test_the_parts_of_llama_1_sum_to_the_total_of_its_paper() -> None:
    parts = [row for row in CORPORA if row.corpus == "LLaMA-1" and row.extent == "part" and row.standard]
    assert sum(row.tokens or 0 for row in parts) == pytest.approx(1263.4e9, abs=0.1e9)


@pytest.mark.parametrize(
    ("corpus", "counts"),
    [
        ("FineWeb-Edu", ["1.3T nominal", "375B exact", "about 200B near"]),  # as in the README
        ("The Pile", ["383B repeated", "260B nominal", "207B near"]),
        ("RedPajama-v1", ["1.2T nominal", "627B near as SlimPajama"]),
    ],
)
def test_differing_counts_of_a_corpus_are_listed_together(corpus: str, counts: list[str]) -> None:
    assert set(counts) <= set(corpus_details(corpus).disputes[0].removeprefix(f"{corpus}: ").split(", "))


@pytest.mark.slow
def test_every_row_and_every_corpus_is_found_by_name() -> None:
    for each in CORPORA:
        for written in (each.name, each.name.upper().replace("-", " ")):
            assert find_named(written, CORPORA, LINEAGE) == ([each], [])
    for corpus in {each.corpus for each in CORPORA if each.standard}:
        rows, _ = find_named(corpus, CORPORA, LINEAGE)
        assert rows == [each for each in CORPORA if each.corpus == corpus and each.standard]
