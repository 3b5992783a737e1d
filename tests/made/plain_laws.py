"""A law on repeated data in plain arithmetic, written from its definition, to compare with."""

import math
from collections.abc import Mapping, Sequence

Pool = tuple[float, float]
"""Share of the run's tokens, and unique tokens."""


def plain_loss(
    law: Mapping[str, float], params: float, tokens: float, pools: Sequence[Pool], r_d: float, r_n: float
) -> float:
    """Loss in nats by arXiv:2305.16264, eq. 5 and 6, summed over domains.

    Args:
        law: E, A, B, alpha and beta.
        params: N.
        tokens: D.
        pools: the domains.
        r_d: R_D*.
        r_n: R_N*.
    """
    alpha, beta = law["alpha"], law["beta"]
    g = (alpha * law["A"] / (beta * law["B"])) ** (1 / (alpha + beta))
    effective = 0.0
    for share, unique in pools:
        once = min(share * tokens, unique)
        effective += once * (1 + r_d * (1 - math.exp(-(share * tokens / once - 1) / r_d)))
    # N_opt = G (C/6)^(b/(a+b)) and D_opt = (C/6)^(a/(a+b)) / G, so each follows from the other.
    wanted = (params / g) ** (alpha / beta) / g
    usable = sum(min(share * wanted, unique) for share, unique in pools)
    matched = min(params, g * (g * usable) ** (beta / alpha))
    counted = matched * (1 + r_n * (1 - math.exp(-(params / matched - 1) / r_n)))
    return law["E"] + law["A"] * math.exp(-alpha * math.log(counted)) + law["B"] * math.exp(-beta * math.log(effective))


def plain_best(
    law: Mapping[str, float],
    flops: float,
    pools: Sequence[Pool],
    stars: tuple[float, float],
    *,
    most: float = math.inf,
    step: float = 0.01,
) -> tuple[float, float]:
    """Parameters and loss of the best run, on a grid of parameters.

    Args:
        law: as for `plain_loss`.
        flops: C.
        pools: the domains.
        stars: R_D* and R_N*.
        most: the most tokens that the run may have.
        step: of the logarithm of the parameters.
    """
    product = flops / 6
    start = math.log(max(1e5, product / most))
    grid = [math.exp(start + at * step) for at in range(int((math.log(1e14) - start) / step))]
    losses = [(plain_loss(law, params, product / params, pools, *stars), params) for params in grid]
    loss, params = min(losses)
    return params, loss
