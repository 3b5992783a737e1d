"""Hoffmann et al. 2022 ("Chinchilla"), approach 3, with the rounded constants that are printed and widely quoted."""

from typing import Final

from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import LawMetadata, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Parametric(
    A=406.4,
    B=410.7,
    E=1.69,
    alpha=0.34,
    beta=0.28,
    metadata=LawMetadata(
        source="arXiv:2203.15556, eq. 10 (as printed)",
        about="the parametric fit of the Chinchilla paper with its constants as printed",
        aliases=("chinchilla-rounded", "hoffmann-rounded"),
        params_counted="total",
        corpus="MassiveText",
        tokenizer="SentencePiece 32k",
        valid=Validity(flops=(6e18, 3e21), params=(70e6, 16e9), tokens=(5e9, 400e9)),
        standing="shown",
        warnings=(
            (
                "rounded constants: rounding alone moves the optimum at 5.76e23 FLOPs from 40.4B to 32.2B "
                "parameters; hoffmann2022-approach3 has the constants before rounding"
            ),
        ),
    ),
)
