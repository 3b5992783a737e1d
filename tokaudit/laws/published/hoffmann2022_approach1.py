"""Hoffmann et al. 2022 ("Chinchilla"), approach 1: the lowest loss of all training curves at each budget."""

from typing import Final

from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, PublishedInterval, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Frontier(
    gives="params",
    k=0.09916,
    exponent=0.49810,
    metadata=LawMetadata(
        source="arXiv:2203.15556, table 3 (a power law through its rows; exponents: table 2)",
        about="approach 1 of the Chinchilla paper, from training curves",
        aliases=("hoffmann-approach1", "chinchilla-approach1"),
        params_counted="total",
        corpus="MassiveText",
        tokenizer="SentencePiece 32k",
        standing="shown",  # besiroglu2024 votes for these runs
        valid=Validity(params=(70e6, 16e9), tokens=(5e9, 400e9)),
        interval=PublishedInterval(level=0.80, bounds={"a": (0.488, 0.502), "b": (0.501, 0.512)}),
        warnings=(
            "the paper prints no coefficient, so k_N and a are fitted on its table 3 and reproduce its FLOPs to 2.5%",
            (
                "the paper's text and its table 3 disagree: for 175B parameters, the text has 4.41e24 FLOPs and over "
                "4.2T tokens, the table 3.85e24 and 3.7T; for 280B, the text has 6.8T tokens, the table 5.9T"
            ),
        ),
    ),
)
