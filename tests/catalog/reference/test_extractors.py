"""Published facts about extractors."""

from typing import get_args

import pytest
from made.reference import EXTRACTORS, YIELDS

from tokaudit.catalog.reference.corpora import PublishedCorpus, published_corpora
from tokaudit.catalog.reference.extractors import (
    ExtractionFacts,
    ExtractionRatio,
    Extractor,
    extraction_facts,
    published_extractors,
)
from tokaudit.catalog.reference.yields import WARC_BYTES, CrawlYield, PublishedYield, crawl_yields, published_yields

REGISTRY = {row.node: row for row in published_corpora()}
NAMED = {row.corpus for row in REGISTRY.values()}


def test_every_row_is_of_a_known_corpus_once_and_has_a_source() -> None:
    rows = published_extractors()
    assert len(rows) > 15
    assert len({(row.corpus, row.component) for row in rows}) == len(rows)
    for row in rows:
        assert (row.corpus, row.component) in REGISTRY if row.component else row.corpus in NAMED, row
        assert row.source, row
        assert row.extractor in get_args(Extractor), row


def test_a_row_for_all_components_is_of_a_corpus_of_web_pages() -> None:
    for row in published_extractors():
        of = [each for each in REGISTRY.values() if each.corpus == row.corpus]
        domains = {each.domain for each in of if row.component in {"", each.component}}
        assert domains <= {"web", "multilingual-web", "news", "math", "synthetic"}, (row, domains)


def test_a_sample_is_read_by_two_pipelines_or_has_a_number_of_documents() -> None:
    rows = published_yields()
    assert len({(row.text, row.pipeline) for row in rows}) == len(rows)
    for row in rows:
        assert [row.text for row in rows].count(row.text) > 1 or row.documents, row
        assert row.tokens or (row.tokens_per_page and row.characters_per_page), row
        assert row.documents is None or row.warcs, row
        assert row.source, row


@pytest.mark.parametrize(
    ("name", "extractor"),
    [
        ("C4/en", "WET"),
        ("LLaMA-1/C4", "WET"),
        ("SlimPajama/CommonCrawl", "WET"),
        ("RedPajama-v2/en head_middle dedup", "WET"),
        ("FineWeb/v1 all", "trafilatura"),
        ("FineWeb-Edu/sample-100BT", "trafilatura"),
        ("RefinedWeb/public extract", "trafilatura"),
        ("DCLM-baseline/all", "resiliparse"),
        ("DCLM/dclm_100BT (HF sample)", "resiliparse"),
        ("Nemotron-CC/real, globally deduplicated", "jusText"),
        ("Nemotron-CC/synthetic (rephrased)", None),
        ("The Pile/Pile-CC", "jusText"),
        ("The Pile/Github", None),
        ("HPLT/v1.2 monolingual", "warc2text"),
        ("CulturaX/all", None),
    ],
)
def test_shipped_rows_have_the_extractor_of_their_papers(name: str, extractor: str | None) -> None:
    assert extraction_facts().extractor_of(of_name(name)) == extractor


def of_name(name: str) -> PublishedCorpus:
    corpus, _, component = name.partition("/")
    return REGISTRY[corpus, component]


@pytest.mark.parametrize(
    ("extractor", "other", "low", "high"),
    [
        # arXiv 2406.11794 Table 16: 6,580 / 3,227 characters and 2,824 / 1,329 tokens
        ("WET", "resiliparse", 2.039, 2.125),
        ("trafilatura", "resiliparse", 0.887, 0.899),
        # arXiv 2412.02595 Table 1: 1,380B / 994B tokens
        ("jusText", "trafilatura", 1.388, 1.389),
    ],
)
def test_ratios_are_those_of_the_papers(extractor: str, other: str, low: float, high: float) -> None:
    found = extraction_facts().ratio(extractor, other)
    assert found
    assert [found.low, found.high] == pytest.approx([low, high], abs=0.001)
    assert "arXiv" in found.source


def test_extractors_that_nobody_compared_have_no_ratio() -> None:
    facts = extraction_facts()
    assert facts.ratio("jusText", "resiliparse") is None
    assert facts.ratio("warc2text", "WET") is None
    assert ExtractionFacts(EXTRACTORS, YIELDS).ratio("WET", "jusText") is None


def test_a_ratio_and_its_inverse_are_of_the_same_sources() -> None:
    facts = ExtractionFacts(EXTRACTORS, YIELDS)
    one, other = facts.ratio("trafilatura", "resiliparse"), facts.ratio("resiliparse", "trafilatura")
    assert one
    assert other
    assert [one.low * other.high, one.high * other.low] == pytest.approx([1, 1])
    assert set(one.source.split(", ")) == set(other.source.split(", ")) == {"a table", "another table"}


def test_extractors_are_compared_on_the_same_pages_only() -> None:
    rows = [
        PublishedYield("WET", "short pages", None, 20.0, None, "read", "a table", ""),
        PublishedYield("resiliparse", "short pages", None, 10.0, None, "read", "a table", ""),
        PublishedYield("resiliparse", "long pages", None, 1_000.0, None, "read", "a table", ""),
    ]
    assert ExtractionFacts((), rows).ratio("WET", "resiliparse") == ExtractionRatio(2.0, 2.0, "a table")


PER_WARC = {  # arithmetic on the published totals: 3,000 WARC files, and 4,573 of the focus crawl
    "resiliparse": (141_600_000 / 3_000, 142.7e9 / 3_000),
    "extraction by a language model (Qwen3-8B)": (103_700_000 / 3_000, 56.01e9 / 3_000),
    "DCLM": (2_050_000 / 3_000, 2.66e9 / 3_000),
    "Nemotron-CC": (4_990_000 / 3_000, 2.7e9 / 3_000),
    "FineWeb-Edu": (794_000 / 3_000, 817e6 / 3_000),
    "jusText": (36_327_068 / 4_573, 49_702_569_456 / 4_573),
}


def test_a_crawl_of_common_crawl_s_files_has_the_published_yields() -> None:
    found = crawl_yields(7, 7 * WARC_BYTES, published_yields())
    assert {each.pipeline for each in found} == set(PER_WARC)
    for each in found:
        documents, tokens = PER_WARC[each.pipeline]
        assert each.documents == pytest.approx((7 * documents, 7 * documents))
        assert each.tokens == pytest.approx((7 * tokens, 7 * tokens))
    assert [each.tokens for each in found] == sorted((each.tokens for each in found), reverse=True)


def test_files_of_another_size_give_a_range() -> None:
    rows = [PublishedYield("a filter", "pages", None, None, 500.0, "read", "a table", "", warcs=10, documents=100)]
    assert crawl_yields(4, 2 * WARC_BYTES, rows) == [CrawlYield("a filter", "pages", (20, 40), (100, 200))]
    assert crawl_yields(4, 8 * WARC_BYTES, rows) == [CrawlYield("a filter", "pages", (40, 80), (200, 400))]
    assert crawl_yields(0, 0, rows) == []


def test_a_pipeline_without_a_number_of_files_says_nothing_of_a_crawl() -> None:
    row = PublishedYield("a filter", "pages", None, None, 500.0, "read", "a table", "", documents=100)
    assert crawl_yields(4, 2e9, [row]) == []


def test_a_warc_file_of_common_crawl_has_about_a_gibibyte() -> None:
    assert pytest.approx(1.0476e9, rel=1e-3) == WARC_BYTES
