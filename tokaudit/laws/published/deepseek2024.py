"""DeepSeek-AI 2024 ("DeepSeek LLM"): a frontier in FLOPs per token instead of parameters."""

from typing import Final

from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Frontier(
    gives="tokens",
    k=5.8316,
    exponent=0.4757,
    metadata=LawMetadata(
        source="arXiv:2401.02954, optimal model and data scaling (constants read second-hand)",
        about="the frontier of DeepSeek LLM",
        aliases=("deepseek", "deepseek-llm", "deepseek-ai", "bi2024"),
        # N is M / 6: the parameters of the blocks, plus what attention adds.
        params_counted="non-embedding",
        corpus="DeepSeek's own corpus",
        tokenizer="DeepSeek's own tokenizer",
        valid=Validity(flops=(1e17, 3e20)),
        warnings=(
            (
                "the paper's model scale is M = 0.1715 C^0.5243 non-embedding FLOPs per token (72 n_layer d^2 + 12 "
                "n_layer d s), not parameters; N here is M/6 and includes attention"
            ),
            "the paper finds that the exponents depend on the corpus: better data calls for more parameters",
        ),
    ),
)
