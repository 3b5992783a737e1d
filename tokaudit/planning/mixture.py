"""Shares of the domains in a run: as given, in proportion to the supply, or as close as the epoch limits allow."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from tokaudit.core.errors import UsageError
from tokaudit.core.types import Float64
from tokaudit.core.units import parse_count, parse_list, parse_share

DEFAULT_MAX_EPOCHS: Final = 4.0
"""Up to four epochs, repeats cost almost nothing (arXiv:2305.16264)."""

# Users write shares with a few digits; a sum further from 1 than this is a mistake, not rounding.
_SUM_TOLERANCE: Final = 1e-6


def parse_shares(text: str, option: str = "--mixture") -> dict[str, float]:
    """Domain -> share from ``web=0.7,code=0.3`` or ``web=70%,code=30%``; the shares sum to 1.

    Raises:
        UsageError: another form, a domain twice, a share that is not a number from 0 to 1, or another sum.
    """
    pairs = parse_list(text, option, "DOMAIN=SHARE")
    shares = {domain: parse_share(value, f"{option} of {domain}") for domain, value in pairs.items()}
    total = math.fsum(shares.values())
    if abs(total - 1) > _SUM_TOLERANCE:
        raise UsageError(f"{option}: the shares sum to {total:.7g}; they must sum to 1")
    return {domain: share / total for domain, share in shares.items()}


def parse_max_epochs(text: str) -> tuple[float | None, dict[str, float]]:
    """The epoch limit of every domain, and those of single domains, from ``4``, ``4,code=2`` or ``code=2``.

    The first is None if none is given.

    Raises:
        UsageError: another form, a domain twice, or a limit that is not positive.
    """
    first, _, rest = text.partition(",")
    every, single = (None, text) if "=" in first else (parse_count(first, "--max-epochs"), rest)
    most = parse_list(single, "--max-epochs", "E,DOMAIN=E") if single else {}
    return every, {domain: parse_count(value, f"--max-epochs of {domain}") for domain, value in most.items()}


def uniform(domains: Iterable[str]) -> dict[str, float]:
    """The same share for each domain.

    `project_shares` turns these into UniMax (Chung et al. 2023, arXiv:2304.09151): as even as the limits allow.
    """
    names = list(domains)
    return dict.fromkeys(names, 1 / len(names)) if names else {}


def proportional(unique: Mapping[str, float]) -> dict[str, float]:
    """Domain -> share, in proportion to unique tokens.

    Raises:
        UsageError: no domain has unique tokens.
    """
    total = math.fsum(unique.values())
    if not total:
        raise UsageError(f"the supply has no unique tokens in any domain ({', '.join(unique) or 'no domain'})")
    return {domain: tokens / total for domain, tokens in unique.items()}


def project_shares(shares: Sequence[float], most: Sequence[float], tokens: float) -> tuple[list[float], bool]:
    """The shares closest to those asked for that repeat no domain beyond its limit, and whether such shares exist.

    They are ``w'_i = min(m_i / D, lambda w_i)``, with lambda such that they sum to 1. This is the projection in
    Kullback-Leibler divergence, in either direction. A domain with a share of zero keeps it.

    Args:
        shares: the mixture asked for, summing to 1.
        most: tokens that each domain can give, repeats included.
        tokens: D of the run.

    Returns:
        The shares, and True. If the domains together can't give ``tokens``: the shares at the most tokens that they
        can give, and False.
    """
    wanted, limits = np.array(shares, np.float64), np.where(np.array(shares) != 0, most, 0.0)
    total = math.fsum(limits)
    if total < tokens:
        return (limits / total).tolist() if total else list(shares), False
    projected = np.minimum(limits / tokens, _common_factor(wanted, limits, tokens) * wanted)
    return (projected / math.fsum(projected)).tolist(), True  # their sum is 1 except for rounding


def _common_factor(shares: Float64, most: Float64, tokens: float) -> float:
    """The factor ``lambda`` by which the shares of domains below their limits grow."""
    # Domains reach their limits in this order as lambda grows; stop when those below theirs can carry the rest.
    used = np.flatnonzero(shares)
    order = used[np.argsort(most[used] / shares[used], kind="stable")]
    ordered, limits = shares[order], most[order] / tokens
    rest = 1 - np.concatenate(([0.0], np.cumsum(limits)[:-1]))
    factors = rest / np.cumsum(ordered[::-1])[::-1]
    enough = factors * ordered <= limits
    return float(factors[enough.argmax() if enough.any() else -1])
