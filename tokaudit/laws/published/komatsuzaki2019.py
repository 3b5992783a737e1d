"""Komatsuzaki 2019 ("One Epoch Is All You Need"): five tokens per parameter, kept as history."""

import math
from typing import Final

from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, ScalingLaw

_TOKENS_PER_PARAM: Final = 5

LAW: Final[ScalingLaw] = Frontier(
    gives="params",
    k=1 / math.sqrt(6 * _TOKENS_PER_PARAM),
    exponent=0.5,
    metadata=LawMetadata(
        source="arXiv:1906.06669, about 5 tokens per parameter (read second-hand)",
        about="a rule of thumb of 2019, five tokens per parameter",
        aliases=("komatsuzaki", "one-epoch"),
        params_counted="total",
        corpus="not known (read second-hand)",
        tokenizer="sub-word tokens",
        standing="quoted",
        warnings=("history, for quotation only: a rule of thumb for small models of 2019, read second-hand",),
    ),
)
