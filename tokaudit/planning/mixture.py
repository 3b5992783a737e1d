"""Shares of the domains in a run: as written, as the supply has them, or as near as repeats allow."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.units import parse_count, parse_list, parse_share

DEFAULT_MAX_EPOCHS: Final = 4.0
"""Repeats up to here cost next to nothing (arXiv:2305.16264)."""

# Shares are written by hand with a few digits: what is further from 1 than this is a mistake, not rounding.
_SUM_TOLERANCE: Final = 1e-6


def parse_shares(text: str) -> dict[str, float]:
    """Domain -> share from ``web=0.7,code=0.3`` or ``web=70%,code=30%``; they sum to 1.

    Raises:
        UsageError: not of that form, a domain twice, a share that is no number from 0 to 1, or another sum.
    """
    pairs = parse_list(text, "--mixture", "DOMAIN=SHARE")
    shares = {domain: parse_share(value, f"--mixture of {domain}") for domain, value in pairs.items()}
    total = math.fsum(shares.values())
    if abs(total - 1) > _SUM_TOLERANCE:
        raise UsageError(f"--mixture: the shares sum to {total:.7g}, not to 1")
    return {domain: share / total for domain, share in shares.items()}


def parse_max_epochs(text: str) -> tuple[float, dict[str, float]]:
    """Most epochs of any domain, and of single ones, from ``4``, ``4,code=2`` or ``code=2``.

    Raises:
        UsageError: not of that form, a domain twice, or an epoch count that is not positive.
    """
    first, _, rest = text.partition(",")
    every, single = (DEFAULT_MAX_EPOCHS, text) if "=" in first else (parse_count(first, "--max-epochs"), rest)
    most = parse_list(single, "--max-epochs", "E,DOMAIN=E") if single else {}
    return every, {domain: parse_count(value, f"--max-epochs of {domain}") for domain, value in most.items()}


def uniform(domains: Iterable[str]) -> dict[str, float]:
    """The same share for each domain.

    What `project_shares` makes of these is UniMax (Chung et al. 2023, arXiv:2304.09151): as even as the limits allow.
    """
    names = list(domains)
    return dict.fromkeys(names, 1 / len(names)) if names else {}


def proportional(unique: Mapping[str, float]) -> dict[str, float]:
    """Shares in proportion to the unique tokens of each domain.

    Raises:
        UsageError: there are no tokens at all.
    """
    total = math.fsum(unique.values())
    if not total:
        raise UsageError(f"the supply has no unique tokens in any domain ({', '.join(unique) or 'no domain'})")
    return {domain: tokens / total for domain, tokens in unique.items()}


def project_shares(shares: Sequence[float], most: Sequence[float], tokens: float) -> tuple[list[float], bool]:
    """The shares nearest to those asked that repeat no domain beyond its limit, and whether there are any.

    ``w'_i = min(m_i / D, lambda w_i)``, lambda such that they sum to 1: the projection in Kullback-Leibler
    divergence, in either direction. A domain that was not asked for stays out.

    Args:
        shares: the mixture asked for, summing to 1.
        most: tokens that each domain can give, repeats included.
        tokens: D of the run.

    Returns:
        The shares, and True; or, where the domains together can't give ``tokens``, the shares at the most
        tokens that they can give, and False.
    """
    given = [limit if share else 0.0 for share, limit in zip(shares, most, strict=True)]
    total = math.fsum(given)
    if total < tokens:
        return [limit / total for limit in given] if total else list(shares), False
    factor = _common_factor(shares, most, tokens)
    projected = [min(limit / tokens, factor * share) for share, limit in zip(shares, given, strict=True)]
    total = math.fsum(projected)  # 1 but for rounding
    return [share / total for share in projected], True


def _common_factor(shares: Sequence[float], most: Sequence[float], tokens: float) -> float:
    """``lambda``: by how much the shares of domains that are below their limits grow."""
    # Domains reach their limit in this order as lambda grows: stop when those still open can carry the rest.
    used = [place for place, share in enumerate(shares) if share]
    order = sorted(used, key=lambda place: most[place] / shares[place])
    factor = 1.0
    for full, place in enumerate(order):
        rest = 1 - math.fsum(most[other] / tokens for other in order[:full])
        factor = rest / math.fsum(shares[other] for other in order[full:])
        if factor * shares[place] <= most[place] / tokens:
            break
    return factor
