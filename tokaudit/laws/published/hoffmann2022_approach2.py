"""Hoffmann et al. 2022 ("Chinchilla"), approach 2: the lowest points of IsoFLOP profiles."""

from typing import Final

from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, PublishedInterval, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Frontier(
    gives="params",
    k=0.14488,
    exponent=0.48994,
    metadata=LawMetadata(
        source="arXiv:2203.15556, table A3 (a power law through its rows; exponents: table 2)",
        about="approach 2 of the Chinchilla paper, from IsoFLOP profiles",
        aliases=("hoffmann-approach2", "chinchilla-approach2"),
        params_counted="total",
        corpus="MassiveText",
        tokenizer="SentencePiece 32k",
        standing="shown",  # besiroglu2024 votes for these runs
        valid=Validity(flops=(6e18, 3e21), params=(70e6, 16e9), tokens=(5e9, 400e9)),
        interval=PublishedInterval(level=0.80, bounds={"a": (0.462, 0.534), "b": (0.483, 0.529)}),
        warnings=(
            (
                "the paper prints no coefficient, so k_N and a are fitted on its table A3 and reproduce its parameters "
                "to 4%"
            ),
        ),
    ),
)
