"""Conversion between all parameters and non-embedding parameters (arXiv:2406.12907).

Embeddings grow with the width of a model and the rest with its cube, so ``N_T = N + omega N^(1/3)``.
"""

import math
from typing import Final

from tokaudit.laws.protocol import ScalingLaw

_OMEGA: Final = 47_491.0
"""For the model shapes and the vocabulary of 32,000 of arXiv:2203.15556; a larger vocabulary needs a larger value."""


def params_total(non_embedding: float) -> float:
    """All parameters N_T of a model with ``non_embedding`` parameters outside of the embedding."""
    return non_embedding + _OMEGA * math.cbrt(non_embedding)


def params_non_embedding(total: float) -> float:
    """Non-embedding parameters N of a model with ``total``: the cube of the real root of ``x^3 + omega x = N_T``."""
    third = math.sqrt(_OMEGA / 3)
    return float((2 * third * math.sinh(math.asinh(total / (2 * third**3)) / 3)) ** 3)


def as_counted(law: ScalingLaw, total: float) -> float:
    """Parameters of a dense model as the law counts them, given all its parameters."""
    return params_non_embedding(total) if law.metadata.params_counted == "non-embedding" else total
