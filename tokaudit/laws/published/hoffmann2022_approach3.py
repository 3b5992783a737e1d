"""Hoffmann et al. 2022 ("Chinchilla"), approach 3, with the unrounded constants of the paper's TeX source."""

import math
from typing import Final

from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import LawMetadata, PublishedInterval, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Parametric(
    A=math.exp(6.0073404),
    B=math.exp(6.0179186),
    E=math.exp(0.5267228),
    alpha=0.33917084,
    beta=0.2849083,
    metadata=LawMetadata(
        source="arXiv:2203.15556, eq. 10 (constants before rounding: its TeX source)",
        about="the parametric fit of the Chinchilla paper itself",
        aliases=(
            "hoffmann",
            "hoffmann2022",
            "hoffmann-approach3",
            "chinchilla-approach3",
            "chinchilla-paper",
            "deepmind",
        ),
        params_counted="total",
        corpus="MassiveText",
        tokenizer="SentencePiece 32k",
        standing="shown",  # besiroglu2024 votes for these runs
        valid=Validity(flops=(6e18, 3e21), params=(70e6, 16e9), tokens=(5e9, 400e9)),
        interval=PublishedInterval(level=0.80, bounds={"a": (0.454, 0.455), "b": (0.542, 0.543)}),
        warnings=(
            (
                "this fit stopped before it converged, and its printed interval is far too narrow "
                "(arXiv:2404.10102); besiroglu2024 is a new fit of the same runs"
            ),
            (
                "no published constants reproduce the paper's table A3: these need up to 18% more FLOPs; its 1.26e24 "
                "FLOPs for 175B parameters on 12.0T tokens are a misprint of 1.26e25 (6ND)"
            ),
        ),
    ),
)
