"""Rates of the Llama 3 vocabulary against the counts of the registry that they are from."""

import re

import pytest

from tokaudit.catalog.reference.corpora import published_corpora
from tokaudit.catalog.reference.token_rates import TokenRate, token_rates
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

ROWS = {row.name: row for row in published_corpora()}
RATES = token_rates()
TWICE = {  # text of a rate: the count with dolma2, which has the tokens of cl100k_base, and the recount with Llama 3
    "Common Pile / peS2o_filtered": ("peS2o_filtered", "peS2o"),
    "Common Pile / pubmed_filtered": ("pubmed_filtered", "pubmed"),
    "Common Pile / arxiv_papers_filtered (LaTeX)": ("arxiv_papers_filtered", "arxiv_papers"),
    "Common Pile / github_archive_filtered (issues)": ("github_archive_filtered", "github_archive"),
}
NOT_OF_ONE_TEXT = {  # counted twice, but what differs is not only the vocabulary
    "Common Pile v0.1/pre_1929_books": "tokens are bytes times a rate; two editions of scanned books",
    "Common Pile v0.1/stackexchange": "the first count is of the raw edition",
    "Common Pile v0.1/ubuntu_irc": "tokens are bytes times a rate",
    "Common Pile v0.1/uspto": "tokens are those of the card",
    "Common Pile v0.1/wikiteam": "tokens are bytes times a rate",
    "Institutional Books 1.0": "near-duplicates may be left out of one count",
}


def rate(tokenizer: str, text: str) -> TokenRate:
    (found,) = (row for row in RATES.rows if (row.tokenizer, row.text) == (tokenizer, text))
    return found


@pytest.mark.parametrize("text", TWICE)
def test_a_rate_is_that_of_two_counts_of_the_registry(text: str) -> None:
    first, again = TWICE[text]
    one = ROWS[f"Common Pile v0.1/{first}"]
    other = ROWS[f"Common Pile v0.1/{again} (Llama 3 recount)"]
    assert (one.tokenizer, other.tokenizer) == ("dolma2 (cl100k-derived)", "Llama 3")
    assert (rate("cl100k_base", text).tokens, rate("llama3", text).tokens) == (one.tokens, other.tokens)


def test_the_rate_of_mathematics_is_that_of_pages_of_one_score() -> None:
    whole = ROWS["Nemotron-CC-Math-v1/3+ (all)"]
    dolma2 = float(re.search(r"= ([\d.]+)B \(config 3\)", whole.note)[1]) * 1e9  # type: ignore[index]
    text = "Nemotron-CC-Math / score 3"
    assert rate("cl100k_base", text).tokens == pytest.approx(dolma2)
    assert rate("llama3", text).tokens == ROWS["Nemotron-CC-Math-v1/3"].tokens


@pytest.mark.parametrize(
    ("domain", "value", "low", "high"),
    [  # dolma2 tokens for each of Llama 3, by hand
        ("papers", 40_482_644_786 / 40.74e9, 6_353_578_241 / 6.63e9, 40_482_644_786 / 40.74e9),
        ("math", 10_063_028_784 / 9_369_673_914, 83.6 / 78.9, 10_063_028_784 / 9_369_673_914),
        ("forum", 11_234_494_264 / 10.26e9, 11_234_494_264 / 10.26e9, 11_234_494_264 / 10.26e9),
        ("web", 4.58694 / 4.58203, 4.58694 / 4.58203, 4.58694 / 4.58203),
    ],
)
def test_rates_convert_with_the_spread_of_the_domain(domain: str, value: float, low: float, high: float) -> None:
    (found,) = convert(Supply((DomainSupply(domain, 1.0),), "a test", "Llama 3"), "cl100k_base", RATES).domains
    assert found.factor is not None
    assert (found.factor.value, found.factor.low, found.factor.high) == pytest.approx((value, low, high))


def test_recounts_of_another_text_give_no_rate() -> None:
    texts = {row.text for row in RATES.rows if row.tokenizer == "llama3"}
    for name in NOT_OF_ONE_TEXT:
        assert not [text for text in texts if name.rpartition("/")[2] in text], name


def test_vocabularies_that_are_nearly_alike_differ_by_less_than_a_tenth() -> None:
    """Llama 3's vocabulary is that of cl100k_base with more entries: a larger difference is one of the text."""
    for row in RATES.rows:
        if row.tokenizer == "llama3" and row.tokens:
            assert rate("cl100k_base", row.text).tokens == pytest.approx(row.tokens, rel=0.1), row.text
