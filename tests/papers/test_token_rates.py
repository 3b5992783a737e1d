"""Token rates against the numbers in their sources."""

import pytest

from tokaudit.catalog.reference.token_rates import TokenRates, token_rates
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply


@pytest.mark.parametrize(
    ("text", "own", "wanted", "factor"),
    [  # as the sources print them
        ("CulturaX en sample", "cl100k_base", "SentencePiece 32k", 1.186),
        ("CulturaX en sample", "o200k_base", "Llama 3's own tokenizer", 1.015),
        ("C4 en", "EleutherAI/gpt-neox-20b", "SentencePiece 32k", 1.134),
        ("Dolma v1.6 / peS2o papers", "EleutherAI/gpt-neox-20b", "SentencePiece 32k", 1.228),
        ("Pile-val", "gpt2", "SentencePiece 32k", 1.0272),
        ("FineWeb-Edu sample (nanochat fwe-train)", "cl100k_base", "GPT-2 BPE (50,257)", 1.029),
        ("the-stack-smol / python", "cl100k_base", "SentencePiece 32k", 4.186 / 3.0668),
        ("GitHub (The Pile against Dolma v1.6)", "gpt2", "SentencePiece 32k", 2.267 / 2.538),
        ("DCLM-baseline", "dolma2 (cl100k-derived)", "GPT-NeoX-20B", 1 / 0.9764),
        ("FineMath-4+", "Llama-3", "dolma2 (cl100k-derived)", 1.074),
        ("Dolma v1.6 / GitHub", "Unicode text segmentation words (not BPE)", "Llama", 1.581),
        ("Dolma v1.6 / peS2o papers", "whitespace words", "GPT-NeoX", 57 / 42.01),
        (
            "Dolma v1.6 / Project Gutenberg",
            "llm-jp-tokenizer v4 (v4_alpha_1.0 in the matching params.sh)",
            "GPT-NeoX",
            5.2 / 5.4943,
        ),
    ],
)
def test_token_rates_give_the_published_factors(text: str, own: str, wanted: str, factor: float) -> None:
    rates = token_rates()
    rows = tuple(row for row in rates.rows if row.text == text)
    supply = Supply((DomainSupply(rows[0].domain, 1.0),), "a test", own)
    (found,) = convert(supply, wanted, TokenRates(rows, rates.names)).domains
    assert found.tokens_unique == pytest.approx(factor, abs=6e-4)
