"""The domains that a run draws on: their shares, their unique tokens, and what repeats of them count for."""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, overload

import numpy as np

from tokaudit.core.types import Float64

_MOST_CORNERS: Final = 12
"""Only pools with the largest shares have corners; those of the others hardly count."""
_DIGITS: Final = 12
"""Significant digits to which pools that last equally long agree."""
_MOST_BY_ONE: Final = 16
"""A loop over so many pools takes less time than one call of numpy."""
_NOTHING_LEFT: Final = 40


@dataclass(frozen=True, slots=True)
class DomainPool:
    """One domain of the mixture.

    Attributes:
        share: share of the run's tokens, above zero.
        unique: unique tokens, above zero.
        most_epochs: how often a run may use it; endless: as often as it likes.
    """

    share: float
    unique: float
    most_epochs: float = math.inf


class Pools(Sequence[DomainPool]):
    """The domains that a run draws on, as arrays. Those that last equally long are one pool, which changes no result.

    As a sequence, it has the domains one by one.

    Args:
        pools: the domains.

    Attributes:
        share: the share of each pool, (pools,); pools that last less long come first.
        unique: its unique tokens, (pools,).
        once: the most tokens that a run can have before it repeats a pool; endless if there are no pools.
        most: the most tokens that a run may have within the epochs that are allowed; endless: no limit.
    """

    def __init__(self, pools: Sequence[DomainPool]) -> None:
        share = np.array([pool.share for pool in pools], np.float64)
        unique = np.array([pool.unique for pool in pools], np.float64)
        self._set(share, unique, np.array([pool.most_epochs for pool in pools], np.float64))

    @classmethod
    def of(cls, pools: Sequence[DomainPool]) -> "Pools":
        """The pools as arrays; the same object if they are."""
        return pools if isinstance(pools, Pools) else cls(pools)

    @classmethod
    def of_arrays(cls, share: Float64, unique: Float64, most_epochs: Float64) -> "Pools":
        """The pools of these attributes, each (domains,)."""
        made = cls.__new__(cls)
        made._set(share, unique, most_epochs)  # noqa: SLF001 - its own
        return made

    def _set(self, share: Float64, unique: Float64, most_epochs: Float64) -> None:
        self._each = share, unique, most_epochs
        lasts = unique / share
        self.once = float(lasts.min(initial=math.inf))
        self.most = float((most_epochs * lasts).min(initial=math.inf))
        _, first, which = np.unique(_rounded(lasts), return_index=True, return_inverse=True)
        self.share: Float64 = np.bincount(which, share, len(first)).astype(np.float64)
        self.unique: Float64 = np.bincount(which, unique, len(first)).astype(np.float64)
        # Sums over the pools that a run repeats, and over those that it does not: of the first k, and of all but these.
        self._lasts: Float64 = self.unique / self.share
        self._ends: list[float] = self._lasts.tolist()
        self._repeated: list[float] = [0.0, *np.cumsum(self.unique).tolist()]
        self._fresh: list[float] = [*np.cumsum(self.share[::-1])[::-1].tolist(), 0.0]
        self._few = list(zip(self.unique.tolist(), self._ends, strict=True))[:_MOST_BY_ONE]

    def __len__(self) -> int:
        """The number of domains."""
        return len(self._each[0])

    @overload
    def __getitem__(self, at: int) -> DomainPool: ...
    @overload
    def __getitem__(self, at: slice) -> list[DomainPool]: ...
    def __getitem__(self, at: int | slice) -> DomainPool | list[DomainPool]:
        """A domain, or several."""
        if isinstance(at, slice):
            return [DomainPool(*each) for each in zip(*(array[at].tolist() for array in self._each), strict=True)]
        return DomainPool(*(float(array[at]) for array in self._each))

    def __iter__(self) -> Iterator[DomainPool]:
        """Every domain."""
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        """Whether both are sequences of the same domains."""
        return isinstance(other, Sequence) and self[:] == list(other)

    __hash__ = None  # type: ignore[assignment] # like a list

    @property
    def unique_each(self) -> Float64:
        """The unique tokens of each domain, (domains,)."""
        return self._each[1]

    @property
    def lasts(self) -> Float64:
        """The most tokens that a run can have before it repeats each domain, (domains,)."""
        return self._each[1] / self._each[0]

    def with_unique(self, unique: Float64) -> "Pools":
        """The same domains with other unique tokens, (domains,)."""
        share, _, most_epochs = self._each
        return Pools.of_arrays(share, unique, most_epochs)

    def with_unique_of(self, at: int, unique: float) -> "Pools":
        """The same domains with other unique tokens of one."""
        changed = self._each[1].copy()
        changed[at] = unique
        return self.with_unique(changed)

    def without_limits(self) -> "Pools":
        """The same domains, each for as many epochs as a run likes."""
        share, unique, most_epochs = self._each
        return Pools.of_arrays(share, unique, np.full_like(most_epochs, math.inf))

    @cached_property
    def corners(self) -> list[float]:
        """Tokens that use up a pool; of those with the largest shares, and none if there is one pool.

        A model that calls for more tokens finds nothing more in this pool. The slope of the loss jumps at its size, so
        this may be the best size although the sizes next to it are worse than others far away.
        """
        if len(self.share) == 1:
            return []
        largest = np.argsort(-self.share, kind="stable")[:_MOST_CORNERS]
        lasts = self.unique[largest] / self.share[largest]
        found: list[float] = lasts[np.isfinite(lasts)].tolist()
        return found

    def usable(self, tokens: float) -> float:
        """The tokens of a run that are seen for the first time."""
        repeated = bisect_left(self._ends, tokens)
        return self._repeated[repeated] + self._fresh[repeated] * tokens

    def effective(self, tokens: float, r_star: float) -> float:
        """Effective tokens of a run: ``D' = sum of D'_i``, at most ``tokens``."""
        repeated = bisect_left(self._ends, tokens)
        fresh = self._fresh[repeated] * tokens
        if math.isinf(r_star):
            return fresh + (self._fresh[0] - self._fresh[repeated]) * tokens
        if repeated <= _MOST_BY_ONE:
            for unique, lasts in self._few[:repeated]:
                fresh += unique * (1 - r_star * math.expm1((1 - tokens / lasts) / r_star))
            return fresh
        # Before this place, repeats have long stopped helping: e^-x is nothing next to 1.
        full = bisect_left(self._ends, tokens / (1 + _NOTHING_LEFT * r_star))
        lost = np.expm1((1 - tokens / self._lasts[full:repeated]) / r_star)
        counted = float((self.unique[full:repeated] * lost).sum()) - self._repeated[full]
        return fresh + self._repeated[repeated] - r_star * counted

    def changes(self, tokens: float, r_star: float, unique: Float64) -> Float64:
        """How far effective tokens change if one domain has other unique tokens, (domains,), for each domain alone.

        An ``r_star`` of zero counts no repeats, so that only first uses change.
        """
        share, now, _ = self._each
        return _effective_each(share, unique, tokens, r_star) - _effective_each(share, now, tokens, r_star)


def _effective_each(share: Float64, unique: Float64, tokens: float, r_star: float) -> Float64:
    """Effective tokens of each domain, (domains,)."""
    seen = share * tokens
    once = np.minimum(seen, unique)
    if not r_star:
        return once
    return once + once * saturating_each(seen / once - 1, np.float64(r_star))


def _rounded(lasts: Float64) -> Float64:
    """The numbers with fewer digits, by which equal ones are found."""
    finite = np.where(np.isfinite(lasts), lasts, 1.0)
    digits = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(finite)))
    return np.where(np.isfinite(lasts), np.round(finite * digits) / digits, lasts)


def saturating(repeats: float, r_star: float) -> float:
    """What ``repeats`` count for, in first uses: ``R* (1 - e^(-R/R*))``; all of them if ``R*`` is infinite."""
    return repeats if math.isinf(r_star) else -r_star * math.expm1(-repeats / r_star)


def saturating_each(repeats: Float64, r_star: Float64 | np.float64) -> Float64:
    """`saturating` for arrays."""
    endless = np.isinf(r_star)
    with np.errstate(invalid="ignore"):  # of an endless R*, whose values are not used
        found = -r_star * np.expm1(-repeats / r_star)
    return np.where(endless, repeats, found) if endless.any() else found


def tokens_effective(tokens: float, pool: DomainPool, r_star: float) -> float:
    """Effective tokens ``D'_i`` of one domain: the unique tokens that its part of the run counts for.

    Args:
        tokens: D of the whole run.
        pool: the domain.
        r_star: R_D*.
    """
    seen = pool.share * tokens
    if seen <= pool.unique:
        return seen
    return pool.unique * (1 + saturating(seen / pool.unique - 1, r_star))


def scaled(pools: Sequence[DomainPool], factor: float) -> Pools:
    """The same pools, each ``factor`` times as large."""
    whole = Pools.of(pools)
    return whole.with_unique(whole.unique_each * factor)
