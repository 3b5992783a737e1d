"""Muennighoff et al. 2023 ("Scaling Data-Constrained Language Models"): the law for repeated data."""

import math
from typing import Final

from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import LawMetadata, Repetition, ScalingLaw, Validity

LAW: Final[ScalingLaw] = Parametric(
    A=math.exp(6.255414),
    B=math.exp(7.3049974),
    E=math.exp(0.6254804),
    alpha=0.3526596,
    beta=0.3526596,
    repetition=Repetition(tokens=15.387756, params=5.309743),
    metadata=LawMetadata(
        source="arXiv:2305.16264, eq. 5 to 7 (constants: huggingface/datablations, parametric_fit notebook)",
        about="the law for repeated data",
        aliases=("muennighoff", "data-constrained", "datablations", "repeated-data"),
        params_counted="total",
        corpus="C4",
        # The one-epoch constants come from the Chinchilla paper's runs on C4, R_D* and R_N* from the authors' runs.
        tokenizer="SentencePiece 32k (one-epoch constants), GPT-2 (repetition constants)",
        valid=Validity(params=(7.1e6, 8.67e9), tokens=(0.1e9, 900e9)),
        warnings=(
            "use differences and ratios: absolute losses are 0.14 to 0.22 nats below those of the authors' own runs",
            ("the authors' table of fits prints an objective of 0.0241 for R_N* alone, but their formula gives 0.0330"),
        ),
    ),
)
