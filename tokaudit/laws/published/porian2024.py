"""Porian et al. 2024 (why Kaplan and Hoffmann differ): the frontier after every correction."""

from typing import Final

from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Frontier(
    gives="params",
    k=0.1189264840,
    exponent=0.4968950782,
    metadata=LawMetadata(
        source=(
            "arXiv:2406.19146, optimizer tuning without decay, RefinedWeb "
            "(constants: formll/resolving-scaling-law-discrepancies, summary_df)"
        ),
        about="the frontier that explains why Kaplan and Chinchilla differ",
        aliases=("porian", "resolving-discrepancies"),
        # The output layer counts and the input embedding does not, which is the total if the model shares the two.
        params_counted="total",
        corpus="RefinedWeb",
        tokenizer="a vocabulary of 50,432",
        valid=Validity(flops=(1.25e16, 2.56e19)),
        warnings=("the exponent depends on the corpus: 0.497 on RefinedWeb (used here), 0.518 on OpenWebText2",),
    ),
)
