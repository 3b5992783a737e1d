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
        params_counted="total",
        corpus="MassiveText",
        tokenizer="SentencePiece 32k",
        valid=Validity(params=(70e6, 16e9), tokens=(5e9, 400e9)),
        interval=PublishedInterval(level=0.80, bounds={"a": (0.488, 0.502), "b": (0.501, 0.512)}),
        warnings=(
            "the paper prints no coefficient: k_N and a are a fit to its table 3, whose FLOPs it meets within 2.5%",
            (
                "the paper's text and its table 3 do not agree: 4.41e24 FLOPs and over 4.2T tokens for 175B params in "
                "the text, 3.85e24 and 3.7T in the table; 6.8T tokens for 280B in the text, 5.9T in the table"
            ),
        ),
    ),
)
