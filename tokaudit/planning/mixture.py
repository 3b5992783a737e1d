"""Shares of the domains in a run: as given, in proportion to the supply, or as close as the epoch limits allow."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import Number, Numbers, given_count, given_pairs, given_share
from tokaudit.core.types import Float64

MaxEpochs = Number | Mapping[str, Number] | tuple[Number, Mapping[str, Number]]
"""The epoch limit of every domain, those of single domains by name, or both; text has all of these."""

DEFAULT_MAX_EPOCHS: Final = 4.0
"""Up to four epochs, repeats cost almost nothing (arXiv:2305.16264)."""

# Users write shares with a few digits; a sum further from 1 than this is a mistake, not rounding.
_SUM_TOLERANCE: Final = 1e-6


def parse_shares(given: Numbers, option: str = "--mixture") -> dict[str, float]:
    """Domain -> share from ``web=0.7,code=0.3``, ``web=70%,code=30%`` or a mapping; the shares sum to 1.

    Raises:
        UsageError: another form, a domain twice, a share that is not a number from 0 to 1, or another sum.
    """
    pairs = given_pairs(given, option, "DOMAIN=SHARE")
    shares = {domain: given_share(value, f"{option} of {domain}") for domain, value in pairs.items()}
    total = math.fsum(shares.values())
    if abs(total - 1) > _SUM_TOLERANCE:
        raise UsageError(f"{option}: the shares sum to {total:.7g}; they must sum to 1")
    return {domain: share / total for domain, share in shares.items()}


def parse_max_epochs(given: MaxEpochs) -> tuple[float | None, dict[str, float]]:
    """The epoch limit of every domain, and those of single domains; the first is None if none is given.

    Args:
        given: ``4``, ``4,code=2`` or ``code=2`` as text; or a number, a mapping of domains, or both.

    Raises:
        UsageError: another form, a domain twice, or a limit that is not positive.
    """
    every, single = _split_epochs(given)
    limit = None if every is None else given_count(every, "--max-epochs")
    most = given_pairs(single, "--max-epochs", "E,DOMAIN=E") if single else {}
    return limit, {domain: given_count(value, f"--max-epochs of {domain}") for domain, value in most.items()}


def _split_epochs(given: MaxEpochs) -> tuple[Number | None, Numbers]:
    """The limit of every domain, and those of single domains, as given."""
    if isinstance(given, str):
        first, _, rest = given.partition(",")
        return (None, given) if "=" in first else (first, rest)
    if isinstance(given, Mapping):
        return None, given
    if isinstance(given, tuple | list):  # a saved plan has a list
        if len(given) != 2 or not isinstance(given[1], Mapping):
            raise UsageError(f"--max-epochs: {given!r} is not a number and a mapping of domains")
        return given[0], given[1]
    return given, {}


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
