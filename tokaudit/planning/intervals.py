"""How certain a law's answers are, from joint draws of its constants, never from their single intervals."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import LEVEL, Draws
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import Repetition, ScalingLaw
from tokaudit.laws.repeated_data import DomainPool, tokens_one_epoch
from tokaudit.planning.case import SHARE_BOUND, PlanCase
from tokaudit.planning.plan import Constraint, OptimumInterval

_ONE_EPOCH: Final = ("E", "A", "B", "alpha", "beta")
# The search for the best size of each draw takes so many points, then as many between the neighbours of the best, …
_POINTS: Final = 49
_ROUNDS: Final = 5
_WIDEST: Final = math.log(1e8)  # as far from the optimum with unlimited data as `laws.repeated_data` looks


def optimum_interval(draws: Draws, flops: float) -> OptimumInterval | None:
    """The middle 95 % of the optimal parameters and tokens for a budget with unlimited data.

    None without draws, or with draws of R_D* and R_N* alone, which do not affect that optimum.
    """
    with np.errstate(all="ignore"):  # a draw may have constants that make no law
        if set(_ONE_EPOCH) <= set(draws):
            params = _Many(draws).optimum(flops)[:, 0]
        elif {"k_N", "a"} <= set(draws):
            params = draws["k_N"] * flops ** draws["a"]
        else:
            return None
        tokens = flops / (6 * params)
    return OptimumInterval(*_middle(params), *_middle(tokens), LEVEL)


def _middle(values: Float64) -> tuple[float, float]:
    """Lowest and highest of the middle draws; draws without a value count as beyond both ends."""
    tail = (1 - LEVEL) / 2
    # The nearest draw, because a finite and an infinite draw have no mean.
    low = np.quantile(np.nan_to_num(values, nan=0.0, posinf=np.inf), tail, method="nearest")
    high = np.quantile(np.nan_to_num(values, nan=np.inf, posinf=np.inf), 1 - tail, method="nearest")
    return float(low), float(high)


def draws_same_verdict(case: PlanCase, constraint: Constraint | None, draws: Draws) -> float | None:
    """Share of the draws, 0 to 1, that give the same verdict; None without draws or without a verdict.

    Args:
        case: the case, with the law's own constants.
        constraint: its verdict.
        draws: draws of some or all of the law's constants; the others stay as they are.
    """
    if not draws or constraint is None:
        return None
    if case.repeated_data and case.given is None:
        # A budget is judged by the share of its compute that would do, the one answer that takes a search.
        whole = {**{name: np.full(_count(draws), value) for name, value in case.law.constants.items()}, **draws}
        whole.setdefault("R_D_star", np.full(_count(draws), case.repetition.tokens))
        whole.setdefault("R_N_star", np.full(_count(draws), case.repetition.params))
        short = _Many(whole).free_share(case.flops, case.pools) < SHARE_BOUND
        return float(np.mean(short == (constraint == "data")))
    names = list(draws)
    rows = np.stack([draws[name] for name in names], axis=1).tolist()
    laws = (_with_constants(case.law, dict(zip(names, row, strict=True))) for row in rows)
    # Effective tokens of a run depend on R_D* alone, and those of a frontier also on its optimum.
    fixed = None if "R_D_star" in draws or not isinstance(case.law, Parametric) else case.supply_falls_short()
    return sum(_constraint(replace(case, law=law), fixed) == constraint for law in laws) / len(rows)


def _constraint(case: PlanCase, short: bool | None) -> Constraint:
    return "data" if short or (short is None and case.supply_falls_short()) else case.allocation()


def _count(draws: Draws) -> int:
    return len(next(iter(draws.values())))


def _with_constants(law: ScalingLaw, constants: dict[str, float]) -> ScalingLaw:
    """The law with some constants changed."""
    if isinstance(law, Frontier):
        return replace(law, k=constants["k_N"], exponent=constants["a"])
    if not isinstance(law, Parametric):
        return law
    value = {**law.constants, **constants}
    return Parametric(
        **{name: value[name] for name in _ONE_EPOCH},
        metadata=law.metadata,
        repetition=Repetition(value["R_D_star"], value["R_N_star"]) if law.repetition else None,
    )


class _Many:
    """`laws.parametric` and `laws.repeated_data` for many constants at once: one row per draw, one column per size."""

    def __init__(self, draws: Draws) -> None:
        self.constants = {name: values[:, None] for name, values in draws.items()}
        alpha, beta = self.constants["alpha"], self.constants["beta"]
        self.g = (alpha * self.constants["A"] / (beta * self.constants["B"])) ** (1 / (alpha + beta))

    def optimum(self, flops: float) -> Float64:
        """Parameters of the best run with unlimited data, (draws, 1)."""
        alpha, beta = self.constants["alpha"], self.constants["beta"]
        best: Float64 = self.g * (flops / 6) ** (beta / (alpha + beta))
        return best

    def loss(self, params: Float64, tokens: Float64) -> Float64:
        """The loss E + A/N^alpha + B/D^beta, in nats."""
        model_term = self.constants["A"] * params ** -self.constants["alpha"]
        data_term = self.constants["B"] * tokens ** -self.constants["beta"]
        total: Float64 = self.constants["E"] + model_term + data_term
        return total

    def _loss_on_supply(self, params: Float64, flops: float, pools: Sequence[DomainPool]) -> Float64:
        """The loss on a supply, in nats."""
        tokens = flops / (6 * params)
        alpha, beta, r_star = self.constants["alpha"], self.constants["beta"], self.constants["R_D_star"]
        wanted = (params / self.g) ** (alpha / beta) / self.g
        worth, usable = np.zeros_like(tokens), np.zeros_like(wanted)
        for pool in pools:
            seen = pool.share * tokens
            once = np.minimum(seen, pool.unique)
            worth += once + pool.unique * _saturating(seen / once - 1, r_star)
            usable += np.minimum(pool.share * wanted, pool.unique)
        matched = self.g * (self.g * usable) ** (beta / alpha)
        excess = np.maximum(params / matched - 1, 0)
        return self.loss(matched * (params / matched - excess + _saturating(excess, self.constants["R_N_star"])), worth)

    def free_share(self, flops: float, pools: Sequence[DomainPool]) -> Float64:
        """The smallest budget that reaches the same loss with unlimited data, as a share of ``flops``, (draws,)."""
        with np.errstate(all="ignore"):
            free = self.optimum(flops)
            centre, reach = np.log(free), _WIDEST
            for _ in range(_ROUNDS):
                places = centre + np.linspace(-reach, reach, _POINTS)
                losses = self._loss_on_supply(np.exp(places), flops, pools)
                best = np.nan_to_num(losses, nan=np.inf).argmin(axis=1)[:, None]
                centre, reach = np.take_along_axis(places, best, axis=1), 2 * reach / (_POINTS - 1)
            above = np.take_along_axis(losses, best, axis=1) - self.constants["E"]
            # Loss above E is proportional to C^-(alpha beta/(alpha+beta)).
            exponent = 1 / self.constants["alpha"] + 1 / self.constants["beta"]
            share = ((self.loss(free, flops / (6 * free)) - self.constants["E"]) / above) ** exponent
        enough = flops / (6 * free) <= tokens_one_epoch(pools)
        return np.where(enough, 1.0, np.minimum(share, 1.0))[:, 0]


def _saturating(repeats: Float64, r_star: Float64) -> Float64:
    """What ``repeats`` count for: ``R* (1 - e^(-R/R*))``; all of them if ``R*`` is infinite."""
    return np.where(np.isinf(r_star), repeats, -r_star * np.expm1(-repeats / r_star))
