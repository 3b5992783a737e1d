"""Published corpora as a supply."""

from typing import Any

import pytest
from made.registry import edge, part, row

from tokaudit.catalog.reference.corpora import PublishedCorpus
from tokaudit.catalog.reference.token_rates import TokenRate, TokenRates
from tokaudit.core.errors import UsageError
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.sizes import Published
from tokaudit.supply.published.supply import chosen_supply, measured_and_published, named_supply
from tokaudit.supply.types import DomainSupply, Supply

RATES = TokenRates(
    (
        TokenRate("fine", "a", "web", 4.0, None, None, "a source"),
        TokenRate("coarse", "a", "web", 5.0, None, None, "a source"),
        TokenRate("fine", "b", "web", 4.0, None, None, "a source"),
        TokenRate("coarse", "b", "web", 4.4, None, None, "a source"),
        TokenRate("unicode_words", "a", "web", 6.0, None, None, "a source"),
        TokenRate("cl100k_base", "a", "web", 4.5, None, None, "a source"),
    ),
    {"Fine BPE": "fine", "the law's": "coarse"},
)

LEFT_OUT = "are counted in two domains; the low bound of web leaves them out"


def published(*rows: PublishedCorpus) -> Published:
    lineage = [edge("inner", "subset_of", "outer"), edge("mix/pages", "recount_of", "outer")]
    return Published(LineageGraph(rows, lineage), RATES, "the law's")


def fine(corpus: str, tokens: int | None = 100, **more: Any) -> PublishedCorpus:
    return row(corpus, tokens=tokens, **{"tokenizer": "Fine BPE", **more})


def bounds(found: Supply, domain: str = "web") -> list[float | None]:
    (entry,) = (entry for entry in found.domains if entry.domain == domain)
    return [entry.tokens_unique_low, entry.tokens_unique, entry.tokens_unique_high]


def test_rows_are_converted_before_they_are_added() -> None:
    corpora = published(fine("a", languages="en"), fine("b", languages="de", tokenizer="coarse"))
    found = named_supply("a,b", "the law's", corpora)
    assert found.tokenizer == "the law's"
    assert bounds(found) == pytest.approx([180, 180, 100 * 4 / 4.4 + 100])


def test_the_supply_s_bounds_include_those_of_row_and_conversion() -> None:
    found = named_supply("a", "the law's", published(fine("a", tokens_low=90, tokens_high=120)))
    assert bounds(found) == pytest.approx([90 * 0.8, 80, 120 * 4 / 4.4])


def test_a_row_without_a_named_tokenizer_is_counted_by_its_bytes() -> None:
    found = named_supply("a", "the law's", published(fine("a", tokenizer="", bytes=440)))
    assert bounds(found) == pytest.approx([88, 88, 100])
    assert any("its bytes divided by published bytes per token" in detail for detail in found.details)


@pytest.mark.parametrize("size", [None, 120, 700])
def test_without_plausible_bytes_it_is_not_converted_but_has_a_spread(size: int | None) -> None:
    found = named_supply("a", "the law's", published(fine("a", tokenizer="", bytes=size)))
    assert bounds(found) == pytest.approx([80, 100, 100])  # of all tokenizers, not of words
    assert any("an unnamed tokenizer times 1 (0.8 to 1)" in detail for detail in found.details)


def test_bytes_alone_give_a_size() -> None:
    found = named_supply("a", "the law's", published(fine("a", tokens=None, bytes=440)))
    assert bounds(found) == pytest.approx([88, 88, 100])
    assert any("440 bytes times 0.2 (0.2 to 0.227)" in detail for detail in found.details)
    assert found.warnings == (
        "a/all: no tokens are published, so its 440 bytes of text are counted at 5 bytes per token",
    )
    chosen = chosen_supply("the law's", published(fine("a", tokens=None, bytes=440)))
    assert found.warnings[0] in chosen.warnings


@pytest.mark.parametrize("of", ["compressed", "files", "characters", "other"])
def test_bytes_of_something_other_than_text_give_no_size(of: str) -> None:
    sizeless = fine("b", tokens=None, bytes=440, bytes_of=of)
    with pytest.raises(UsageError, match=r"known for b/all \(440 bytes are published, but they are "):
        named_supply("b", "the law's", published(sizeless))
    assert any(
        warning.startswith("b/all (440 bytes are published") and "not counted" in warning
        for warning in named_supply("a,b", "the law's", published(fine("a"), sizeless)).warnings
    )
    assert bounds(named_supply("a", "the law's", published(fine("a", tokenizer="", bytes=440, bytes_of=of))))[1] == 100


def test_a_row_without_a_size_is_noted_and_refused_if_it_is_alone() -> None:
    corpora = published(fine("a"), fine("b", tokens=None))
    said = "b/all: not counted, because neither tokens nor bytes of text are known"
    assert said in named_supply("a,b", "fine", corpora).warnings
    with pytest.raises(UsageError, match=r"neither tokens nor bytes of text are known for b/all$"):
        named_supply("b", "fine", corpora)


def test_for_a_law_with_an_unknown_tokenizer_a_common_one_is_used() -> None:
    found = named_supply("a", "sub-word tokens", published(fine("a", tokenizer="cl100k_base")))
    assert found.tokenizer == "cl100k_base"
    assert bounds(found) == [100, 100, 100]


def test_the_order_of_names_changes_neither_numbers_nor_warnings() -> None:
    corpora = published(fine("outer"), fine("inner"), fine("other", tokens=60), fine("b", None), fine("a", None))
    one, other = (named_supply(names, "fine", corpora) for names in ("outer,inner,other,a,b", "b,a,other,inner,outer"))
    assert (one.domains, one.warnings) == (other.domains, other.warnings)


def test_the_details_describe_each_row() -> None:
    more: dict[str, Any] = {"counted": "near", "year": 2020, "availability": "gated", "kind": "recalled"}
    found = named_supply("a", "fine", published(fine("a", **more)))
    assert found.details == ("web: a/all 100 (near-duplicates removed, 2020, gated, recalled; tokens of Fine BPE)",)
    assert (found.domains[0].origin, found.domains[0].counted) == ("a/all", "near")


def test_warnings_name_rows_that_add_nothing_or_may_overlap() -> None:
    corpora = published(fine("outer"), fine("inner"), fine("other", tokens=60))
    found = named_supply("outer,inner,other", "fine", corpora)
    assert found.warnings[0] == "inner/all: adds nothing, because outer/all contains the same text"
    (said,) = (warning for warning in found.warnings if "not known" in warning)
    assert "web: it is not known whether outer/all, other/all contain the same text: " in said
    assert bounds(found) == [100, 100, 160]


def test_a_warning_names_a_part_larger_than_its_whole() -> None:
    found = named_supply("outer,inner", "fine", published(fine("outer"), fine("inner", tokens=120)))
    assert bounds(found) == [120, 120, 120]
    assert "web: inner/all has more tokens than the corpus that contains it, so its count is used" in found.warnings


def test_a_warning_says_what_is_known_of_a_corpus_outside_the_registry() -> None:
    found = named_supply("outer,mix", "fine", published(fine("outer")))
    assert bounds(found) == [100, 100, 100]
    assert found.warnings[:2] == (
        "mix/pages: adds nothing, because outer/all contains the same text",
        "mix is not in the registry; only pages is known of it",
    )


def test_a_warning_says_that_mixed_text_may_contain_other_corpora() -> None:
    corpora = published(fine("mixed", domain="other"), fine("pages"))
    (said,) = (warning for warning in named_supply("mixed,pages", "fine", corpora).warnings if "several" in warning)
    assert said == "mixed/all is text of several domains: it is not known whether it contains pages/all"
    assert not any("several" in warning for warning in named_supply("mixed", "fine", corpora).warnings)


def test_text_counted_in_two_domains_is_noted_and_not_in_the_low_bound() -> None:
    rows = [fine("mixed", 500, domain="other"), fine("pages"), fine("books", domain="books")]
    graph = LineageGraph(rows, [edge("mixed", "overlaps", "pages")])
    found = named_supply("mixed,pages,books", "fine", Published(graph, RATES, "the law's"))
    assert bounds(found) == [0, 100, 100]
    assert bounds(found, "other") == [500, 500, 500]
    assert bounds(found, "books") == [100, 100, 100]
    assert found.warnings == (
        f"mixed/all contains text of pages/all: up to 100 tokens {LEFT_OUT}",
        "mixed/all is text of several domains: it is not known whether it contains books/all",
    )


def test_text_that_two_chosen_corpora_share_is_noted_too() -> None:
    rows = [fine("talk", 500, domain="forum"), fine("pages")]
    graph = LineageGraph(rows, [edge("talk", "overlaps", "pages", 0.1)])
    found = chosen_supply("fine", Published(graph, RATES, "the law's"))
    assert bounds(found) == [50, 100, 100]
    assert found.warnings[1:] == (
        "it is not known whether corpora of two domains contain the same text, except for these",
        f"talk/all contains text of pages/all: up to 50 tokens {LEFT_OUT}",
    )


def test_the_largest_open_corpus_without_near_duplicates_is_chosen() -> None:
    corpora = published(
        fine("nominal", 900),
        fine("exact", 500, counted="exact"),
        fine("small", 50, counted="near"),
        part("parts", "one", 60, counted="near", tokenizer="fine"),
        part("parts", "two", 70, counted="near", tokenizer="fine"),
        part("parts", "three", 300, tokenizer="fine"),
        fine("gated", 800, counted="near", availability="gated"),
        fine("recalled", 800, counted="near", kind="recalled"),
        fine("selection", 800, counted="near", standard=False),
        fine("mixed", 800, counted="near", domain="other"),
        fine("retold", 800, counted="near", domain="synthetic"),
        fine("plain books", 10, domain="books"),
        fine("no size", None, domain="news"),
        fine("exact code", 10, counted="exact", domain="code"),
        fine("much code", 20, domain="code"),
    )
    found = chosen_supply("fine", corpora)
    assert [(entry.domain, entry.tokens_unique, entry.counted, entry.origin) for entry in found.domains] == [
        ("books", 10, "nominal", "plain books/all"),
        ("code", 10, "exact", "exact code/all"),
        ("web", 130, "near", "parts (2 parts)"),
    ]
    assert found.warnings[0] == (
        "for each domain, the largest open corpus (as of November 2026) with near-duplicates removed (near); otherwise"
        " with exact duplicates removed (exact); otherwise the largest of any kind (nominal); with open corpora that"
        " were made without its text: books plain books/all (nominal), code exact code/all (exact),"
        " web parts (2 parts) (near)"
    )
    said = " ".join(found.details)
    assert "code: much code/all is larger (20) but contains more duplicates (nominal)" in said
    assert "web: exact/all is larger (500) but contains more duplicates (exact duplicates removed)" in said
    assert "web: nominal/all is larger (900)" in said


def test_if_a_domain_is_measured_and_published_the_larger_counts() -> None:
    measured = Supply((DomainSupply("code", 7.0), DomainSupply("web", 50.0, 40.0)), "measured", "fine", ("one",))
    other = Supply((DomainSupply("books", 3.0), DomainSupply("web", 30.0, 20.0, 90.0, origin="C")), "published", "fine")
    found = measured_and_published(measured, other)
    assert [entry.domain for entry in found.domains] == ["books", "code", "web"]
    assert found.domains[:2] == (other.domains[0], measured.domains[0])
    assert bounds(found) == [40, 50, 140]
    assert (found.domains[2].origin, found.origin) == ("measured, or C", "measured, and published")
    assert found.warnings[0] == "one"
    assert found.warnings[1].startswith(
        "web: it is not known whether the measured and the published text are the same: "
    )
    assert bounds(measured_and_published(Supply((DomainSupply("web", 5.0),), "measured", "fine"), other)) == [
        20,
        30,
        95,
    ]


def test_a_count_without_a_tokenizer_is_the_same_text_in_any_unit() -> None:
    corpora = published(fine("a", tokenizer=""))
    assert bounds(named_supply("a", "the law's", corpora))[1] == 100
    assert bounds(named_supply("a", "Fine BPE", corpora))[1] == pytest.approx(100 * 5 / 4)


def test_a_recount_in_the_requested_tokenizer_replaces_a_conversion() -> None:
    recount = row("a", component="all (coarse count)", tokens=81, tokenizer="coarse", standard=False)
    lineage = [edge("a/all (coarse count)", "recount_of", "a")]
    corpora = Published(LineageGraph([fine("a"), recount], lineage), RATES, "the law's")
    found = named_supply("a", "the law's", corpora)
    assert bounds(found) == [81, 81, 81]
    assert found.details[0].startswith("web: a/all 81 (as all (coarse count), ")
    assert bounds(named_supply("a", "Fine BPE", corpora)) == [100, 100, 100]


def test_a_measured_domain_that_may_be_published_adds_no_low_bound() -> None:
    measured = Supply((DomainSupply("web", 5.0, 0.0),), "measured", "fine")
    published = Supply((DomainSupply("web", 3.0, 2.0, 4.0),), "published", "fine")
    assert bounds(measured_and_published(measured, published)) == [2.0, 5.0, 9.0]


def test_a_corpus_made_without_the_chosen_one_is_added_to_it() -> None:
    rows = [fine("big", 100, counted="near"), fine("rest", 60), fine("gated", 70, availability="gated")]
    lineage = [edge("rest", "excludes", "big"), edge("gated", "excludes", "big")]
    found = chosen_supply("fine", Published(LineageGraph(rows, lineage), RATES, "the law's"))
    assert bounds(found) == [100, 160, 160]
    assert (found.domains[0].origin, found.domains[0].counted) == ("big/all, rest/all", "near, nominal")
    assert found.warnings[-1].startswith("web: rest/all was made without big/all, so both are counted; ")


def test_synthetic_text_has_a_domain_of_its_own_if_it_is_counted() -> None:
    rows = [
        part("mixed", "pages", 100, tokenizer="fine"),
        part("mixed", "retold", 300, tokenizer="fine", domain="synthetic", standard=False),
        part("mixed", "told again", 200, tokenizer="fine", domain="synthetic", standard=False),
        fine("told", 50, domain="synthetic"),
    ]
    lineage = [edge("mixed/retold", "rewrite_of", "mixed/pages"), edge("mixed/told again", "rewrite_of", "mixed/pages")]
    corpora = Published(LineageGraph(rows, lineage), RATES, "the law's")
    assert [entry.domain for entry in named_supply("mixed", "fine", corpora).domains] == ["web"]
    found = named_supply("mixed", "fine", corpora, count_synthetic=True)
    assert bounds(found) == [100, 100, 100]
    assert bounds(found, "synthetic") == [300, 300, 500]
    assert [entry.domain for entry in chosen_supply("fine", corpora).domains] == ["web"]
    assert bounds(chosen_supply("fine", corpora, count_synthetic=True), "synthetic") == [50, 50, 50]
    only = named_supply("mixed/retold", "fine", corpora, count_synthetic=True)
    assert [entry.domain for entry in only.domains] == ["synthetic"]
