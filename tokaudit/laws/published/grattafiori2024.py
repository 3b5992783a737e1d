"""Grattafiori et al. 2024 ("Llama 3"): the frontier that set the size of its 405B model."""

from typing import Final

from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Frontier(
    gives="tokens",
    k=0.29,
    # Printed as 0.53; these digits give the 16.55T tokens that the paper extrapolates to.
    exponent=0.53778,
    metadata=LawMetadata(
        source="arXiv:2407.21783, section 3.2.1 (exponent chosen to give its 16.55T tokens at 3.8e25 FLOPs)",
        about="the frontier of the Llama 3 paper",
        aliases=("llama3", "llama-3.1", "llama", "grattafiori", "dubey2024", "dubey"),
        params_counted="total",
        corpus="Llama 3's own mixture",
        tokenizer="Llama 3's own tokenizer",
        valid=Validity(flops=(6e18, 1e22), params=(40e6, 16e9)),
        warnings=(
            (
                "rounded constants: the printed 0.29 C^0.53 gives 10.5T tokens at 3.8e25 FLOPs, but the paper says "
                "16.55T; the exponent 0.53778 used here gives that number; the paper's N*(C) is tokens, not parameters"
            ),
            "the paper's 402B parameters on 16.55T tokens take 4.0e25 FLOPs by 6ND, 5% more than its 3.8e25",
        ),
    ),
)
