"""Gadre et al. 2024: a law for small models trained far beyond their optimum, fitted on five small runs."""

from typing import Final

from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import LawMetadata, ScalingLaw, Validity

_EXPONENT: Final = 0.27285070

# The paper writes ``E + (a M^eta + b M^-eta) C^-eta``, M = D/N. With C = 6ND that is the parametric form with both
# exponents 2 eta, A = a 6^-eta and B = b 6^-eta.
LAW: Final[ScalingLaw] = Parametric(
    A=166.21098,
    B=287.16806,
    E=1.8366483,
    alpha=_EXPONENT,
    beta=_EXPONENT,
    metadata=LawMetadata(
        source=(
            "arXiv:2403.08540, eq. 4 (least squares through its five runs on RedPajama, loss on C4: "
            "mlfoundations/scaling, exp_data, MIT; computed by tokaudit)"
        ),
        about="a law for small models trained far beyond their optimum",
        aliases=("gadre", "over-training", "overtrained"),
        params_counted="total",
        corpus="RedPajama (loss measured on C4)",
        tokenizer="EleutherAI/gpt-neox-20b",
        valid=Validity(
            flops=(1.34e16, 2.04e19), params=(10.5e6, 412e6), tokens=(0.211e9, 8.24e9), tokens_per_param=(20, 320)
        ),
        # Its runs do not determine where its optimum lies.
        standing="quoted",
        warnings=(
            (
                "use this law for the loss of small models trained long, not for allocation: its five runs have 20 or "
                "320 tokens per parameter, so its optimum of 7.4 is a guess; for a run with 5, its authors measured "
                "3.645 nats and the law gives 3.404"
            ),
            (
                "its authors checked it on runs of up to 6.9B parameters, 921B tokens and 640 tokens per parameter; "
                "the error on the two largest is 0.7%"
            ),
        ),
    ),
)
