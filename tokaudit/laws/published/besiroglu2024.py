"""Besiroglu et al. 2024 (Epoch AI): a new fit of the Chinchilla runs, with an optimiser that converged."""

from typing import Final

from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import LawMetadata, PublishedInterval, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Parametric(
    A=482.01,
    B=2085.43,
    E=1.8172,
    alpha=0.3478,
    beta=0.3658,
    metadata=LawMetadata(
        source="arXiv:2404.10102, table 1 (240 runs read from a figure of arXiv:2203.15556)",
        about="a corrected fit of the Chinchilla data",
        aliases=("chinchilla", "besiroglu", "epoch", "epoch-ai", "chinchilla-replication"),
        params_counted="total",
        corpus="MassiveText",
        tokenizer="SentencePiece 32k",
        # Ranges of the 240 points, from the CSV file in the authors' repository.
        valid=Validity(flops=(1.40e18, 1.30e22), params=(57.3e6, 16.2e9), tokens=(0.245e9, 318e9)),
        interval=PublishedInterval(
            level=0.95,
            bounds={
                "A": (285.2, 743.6),
                "B": (1042, 5810),
                "E": (1.769, 1.871),
                "alpha": (0.317, 0.373),
                "beta": (0.331, 0.415),
            },
        ),
        warnings=(
            "the fit leaves out the 5 runs with the highest loss; with them, beta is 0.453 (not 0.366) and B is 12,846",
        ),
    ),
)
