"""Sardana & Frankle 2024: the Chinchilla law with the constants that their lifetime optima come from."""

from typing import Final

from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import LawMetadata, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Parametric(
    A=406.4,
    B=410.7,
    E=1.69,
    alpha=0.336,
    beta=0.283,
    metadata=LawMetadata(
        source="arXiv:2401.00448, eq. 3 (constants that reproduce its examples, read second-hand)",
        params_counted="total",
        corpus="MassiveText",
        tokenizer="SentencePiece 32k",
        # Of the runs of arXiv:2203.15556, whose fit it is; their own 47 runs (150M to 6B parameters) came later.
        valid=Validity(flops=(6e18, 3e21), params=(70e6, 16e9), tokens=(5e9, 400e9)),
        warnings=(
            (
                "E is that of arXiv:2203.15556: it cancels in what the paper computes, as a quality there is the loss "
                "of another model"
            ),
            (
                "rounding matters: for a 30B Chinchilla's quality and 10T tokens served these constants save 28% of "
                "the FLOPs, as the paper says, and alpha = 0.34, beta = 0.28 only 18%"
            ),
        ),
    ),
)
