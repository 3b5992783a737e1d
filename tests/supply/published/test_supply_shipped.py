"""The shipped registry as a supply, with sums that can be checked by hand."""

from pathlib import Path
from typing import Final

import pytest

from tokaudit.catalog.reference.corpora import AS_OF, REGISTRY_AS_OF, published_corpora
from tokaudit.core.errors import UsageError
from tokaudit.supply.resolve import find_supply
from tokaudit.supply.types import DomainSupply, Supply

NOWHERE: Final = Path("/nonexistent/catalog.duckdb")
LLAMA_3: Final = "llama3"


def supply(text: str, tokenizer: str = LLAMA_3, *, count_synthetic: bool = False) -> Supply:
    return find_supply(text, NOWHERE, tokenizer, "SentencePiece 32k", count_synthetic=count_synthetic)


def domain(found: Supply, name: str) -> DomainSupply:
    return next(entry for entry in found.domains if entry.domain == name)


def test_code_is_the_stack_v3_without_entries_repeated_inside_a_row() -> None:
    code = domain(supply("published"), "code")
    assert (code.tokens_unique_low, code.tokens_unique, code.tokens_unique_high) == (3_363_007_313_642,) * 3
    # what the entries that a row lists again would add
    assert 4_568_429_666_429 - 3_363_007_313_642 == 1_205_422_352_787
    assert (code.origin, code.counted) == ("The Stack v3/train, repeated file entries inside a row removed", "near")


def test_code_of_github_in_four_corpora_counts_once() -> None:
    names = "The Stack v3,The Stack v2,Nemotron-Pretraining-Code-v1,Nemotron-Pretraining-Code-v2"
    code = domain(supply(f"published:{names}"), "code")
    assert code.tokens_unique == 3_363_007_313_642  # the largest; that the others are outside it is not published
    each = [domain(supply(f"published:{name}"), "code") for name in names.split(",")]
    assert code.tokens_unique_high == pytest.approx(sum(entry.tokens_unique_high or 0 for entry in each))
    as_published = supply("published:The Stack v3,The Stack v3/train, as published")
    assert domain(as_published, "code") == domain(supply("published"), "code")  # repeats add nothing


def test_pdfs_are_those_of_two_corpora_made_apart_and_of_no_third() -> None:
    found = supply("published", "SentencePiece 32k")
    pdf = domain(found, "pdf")
    fine, dolma = (
        domain(supply(f"published:{name}", "SentencePiece 32k"), "pdf") for name in ("FinePDFs", "Dolma 3.5 pool")
    )
    assert fine.tokens_unique == 3e12
    assert dolma.tokens_unique == pytest.approx(1_804_002_448_556 * 4.58694 / 3.86213, rel=0.01)  # to Llama 2's tokens
    assert pdf.tokens_unique == pytest.approx(fine.tokens_unique + dolma.tokens_unique)
    assert pdf.tokens_unique_low == fine.tokens_unique_low
    assert pdf.tokens_unique_high == pytest.approx((fine.tokens_unique_high or 0) + (dolma.tokens_unique_high or 0))
    assert any("was made without FinePDFs/all, so both are counted" in warning for warning in found.warnings)
    with_edu = supply("published:FinePDFs,Dolma 3.5 pool,FinePDFs-Edu,FinePDFs/eng_Latn", "SentencePiece 32k")
    assert domain(with_edu, "pdf").tokens_unique == pytest.approx(pdf.tokens_unique)


def test_the_languages_of_finepdfs_are_disjoint_and_inside_it() -> None:
    languages = [row for row in published_corpora() if row.corpus == "FinePDFs" and row.extent == "part"]
    assert len(languages) == 19
    both = domain(supply("published:FinePDFs/eng_Latn,FinePDFs/deu_Latn"), "pdf")
    assert both.tokens_unique == 1_186_470_000_000 + 177_100_000_000
    every = domain(supply("published:" + ",".join(row.name for row in languages)), "pdf")
    assert every.tokens_unique == 2_539_890_000_000  # below the 3T of 1733 languages


def test_three_editions_of_common_crawl_are_at_least_the_largest() -> None:
    web = domain(supply("published:Nemotron-CC-v2,Nemotron-CC-v2.1"), "web")
    assert web.tokens_unique == 608_960_000_000 + 535_450_000_000 + 2_114_330_000_000
    assert web.tokens_unique_high == web.tokens_unique + 25_150_000_000 + 16_350_000_000 + 51_670_000_000
    three = domain(supply("published:Nemotron-CC,Nemotron-CC-v2,Nemotron-CC-v2.1"), "web")
    alone = domain(supply("published:Nemotron-CC"), "web")
    assert three.tokens_unique == max(web.tokens_unique, alone.tokens_unique)


def test_books_are_the_parts_of_the_common_pile_that_were_counted() -> None:
    parts = [10.57e9, 8.06e9, 4.91e9, 8.6e9, 2.93e9, 0.13e9, 0.08e9]  # recounted with Llama 3
    assert domain(supply("published"), "books").tokens_unique == pytest.approx(sum(parts))


def test_synthetic_text_is_counted_only_if_asked_for_and_apart() -> None:
    without, with_it = supply("published"), supply("published", count_synthetic=True)
    assert "synthetic" not in {entry.domain for entry in without.domains}
    synthetic = domain(with_it, "synthetic")
    assert (synthetic.tokens_unique, synthetic.origin) == (3_040_000_000_000, "FineTranslations/all")
    assert [entry for entry in with_it.domains if entry.domain != "synthetic"] == list(without.domains)


def test_synthetic_parts_of_a_corpus_rewrite_the_same_pages() -> None:
    assert [entry.domain for entry in supply("published:Nemotron-CC-v2").domains] == ["web"]
    found = supply("published:Nemotron-CC-v2", count_synthetic=True)
    assert domain(found, "web") == supply("published:Nemotron-CC-v2").domains[0]
    synthetic = domain(found, "synthetic")
    assert synthetic.tokens_unique == 1_223_460_000_000  # the largest rewrite
    assert synthetic.tokens_unique_high == 676_570_000_000 + 1_223_460_000_000 + 592_850_000_000


def test_a_rewrite_counts_next_to_what_it_rewrites_only_if_asked_for() -> None:
    names = "published:FineWeb-Edu,FinePhrase"
    assert [entry.domain for entry in supply(names).domains] == ["web"]
    assert [entry.domain for entry in supply(names, count_synthetic=True).domains] == ["synthetic", "web"]


@pytest.mark.parametrize("text", ["web=1T", "measured"])
def test_synthetic_text_of_what_is_not_published_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--count-synthetic: counts text of published corpora, but the supply is "):
        supply(text, count_synthetic=True)


def test_a_published_supply_says_of_when_it_is() -> None:
    for text in ("published", "published:The Stack v3"):
        assert AS_OF in supply(text).origin
    assert int(REGISTRY_AS_OF[:4]) == max(row.year for row in published_corpora())


def test_natural_text_that_a_name_means_is_not_synthetic() -> None:
    """A corpus with natural text has no synthetic standard row, with one exception."""
    rows = published_corpora()
    natural = {row.corpus for row in rows if row.standard and row.domain != "synthetic"}
    synthetic = [row.name for row in rows if row.standard and row.domain == "synthetic" and row.corpus in natural]
    assert synthetic == ["Dolma v1.7/Flan"]  # which is not made from other text of it
