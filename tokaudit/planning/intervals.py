"""How certain a law's answers are, from joint draws of its constants, never from their single intervals."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import LEVEL, Draws
from tokaudit.laws.protocol import Run, gives_loss
from tokaudit.planning.case import BAND, EFFECTIVE_BOUND, SHARE_BOUND, PlanCase, side_of_ratio, side_of_tokens
from tokaudit.planning.many_laws import ManyLaws
from tokaudit.planning.plan import Constrained
from tokaudit.planning.plan_certainty import OptimumInterval, PredictedLoss
from tokaudit.planning.verdicts import Constraint

_ONE_EPOCH: Final = frozenset({"E", "A", "B", "alpha", "beta"})
_STARS: Final = ("R_D_star", "R_N_star")
_OUTER: Final = (0.1, 0.9)
_ENDLESS: Final = 1e6
"""A law by which repeats lose nothing is taken as one with this R_D*."""


def optimum_interval(draws: Draws, flops: float) -> OptimumInterval | None:
    """The middle 95 % of the optimal parameters and tokens for a budget with unlimited data.

    None without draws, or with draws of R_D* and R_N* alone, which do not affect that optimum.
    """
    if not (set(draws) >= _ONE_EPOCH or {"k_N", "a"} <= set(draws)):
        return None
    with np.errstate(all="ignore"):  # a draw may have constants that make no law
        params = ManyLaws(draws).optimum(flops)[:, 0]
        tokens = flops / (6 * params)
    return OptimumInterval(*_middle(params), *_middle(tokens), LEVEL)


def predicted_loss(case: PlanCase, run: Run, draws: Draws) -> PredictedLoss | None:
    """The loss of a run on its supply, with the middle 95 % over the draws; None without draws of the law's constants.

    Args:
        case: the case, with the law's own constants.
        run: its run; its parameters as the law counts them.
        draws: as for `draws_by_verdict`.
    """
    if not (set(draws) >= _ONE_EPOCH and gives_loss(case.law)):
        return None
    point = (case.repeated_data or case.law).loss(run.params, run.tokens)
    params, tokens = np.full((_count(draws), 1), run.params), np.full((_count(draws), 1), run.tokens)
    with np.errstate(all="ignore"):
        many = ManyLaws(_all_constants(case, draws))
        losses = many.loss_on_supply(params, tokens, case.whole) if case.pools else many.loss(params, tokens)
    return PredictedLoss(point, *_middle(losses[:, 0]), LEVEL)


def _middle(values: Float64) -> tuple[float, float]:
    """Lowest and highest of the middle draws; draws without a value count as beyond both ends."""
    tail = (1 - LEVEL) / 2
    # The nearest draw, because a finite and an infinite draw have no mean.
    low = np.quantile(np.nan_to_num(values, nan=0.0, posinf=np.inf), tail, method="nearest")
    high = np.quantile(np.nan_to_num(values, nan=np.inf, posinf=np.inf), 1 - tail, method="nearest")
    return float(low), float(high)


def draws_by_verdict(case: PlanCase, draws: Draws) -> dict[Constraint, float] | None:
    """The share of the draws, 0 to 1, that give each verdict; None without draws, or for a budget without a supply.

    A draw whose constants make no law gives none, so the shares may sum to less than 1.

    Args:
        case: the case, with the law's own constants.
        draws: draws of some or all of the law's constants; the others stay as they are.
    """
    if not draws or not (case.given or case.pools):
        return None
    judged = case.deciding
    with np.errstate(all="ignore"):  # a draw may have constants that make no law
        many = ManyLaws(_all_constants(judged, draws))
        makes_law = np.isfinite(many.optimum(judged.flops)[:, 0])
        short = _fall_short(many, judged)
        sides = _sides(many, judged)
    verdicts = np.where(makes_law, np.where(short, "data", sides), "")
    names: tuple[Constraint, ...] = ("data", "model", "compute")
    return {name: float(np.mean(verdicts == name)) for name in names}


def _fall_short(many: ManyLaws, case: PlanCase) -> npt.NDArray[np.bool_]:
    """Whether the supply is too small by each draw, (draws,): `PlanCase.supply_falls_short`."""
    count = len(many.constants["R_D_star"])
    if not case.pools or case.exceeds_limits():
        return np.full(count, case.exceeds_limits())
    if case.given is None and many.gives_loss:
        return np.asarray(many.free_share(case.flops, case.pools) < SHARE_BOUND)
    tokens = np.full((count, 1), case.given.tokens) if case.given else case.flops / (6 * many.optimum(case.flops))
    seen = tokens if case.given else np.minimum(tokens, case.whole.most)
    return np.asarray(many.effective(seen, case.whole) / tokens < EFFECTIVE_BOUND)[:, 0]


def _sides(many: ManyLaws, case: PlanCase) -> Sequence[Constraint]:
    """What the run is short of by its split alone, by each draw: `PlanCase.allocation`."""
    if case.given is None:
        return ["compute"] * len(many.constants["R_D_star"])
    if many.gives_loss:
        return [side_of_tokens(side) for side in many.tokens_side(case.given).tolist()]
    best = case.flops / (6 * many.optimum(case.flops)[:, 0])
    return [side_of_ratio(ratio) for ratio in (case.given.tokens / best).tolist()]


def _all_constants(case: PlanCase, draws: Draws) -> Draws:
    """A value of every constant of the law for each draw."""
    count = _count(draws)
    whole = {name: np.full(count, value) for name, value in case.law.constants.items()}
    whole |= {"R_D_star": np.full(count, case.repetition.tokens), "R_N_star": np.full(count, case.repetition.params)}
    return {**whole, **draws}


def _count(draws: Draws) -> int:
    return len(next(iter(draws.values())))


def best_on_supply(case: PlanCase, stars: Draws) -> Constrained | None:
    """The best run on a supply with its range; None without a supply, or for a law without a loss.

    The range spans the 10th to 90th percentile over the draws, and the best runs by the four pairs of constants that
    fit published runs almost equally well. It claims no coverage.

    Args:
        case: the case; a run as given does not matter.
        stars: joint draws of R_D* and R_N*; may be empty.
    """
    law = case.repeated_data
    if law is None or not gives_loss(case.law):
        return None
    runs = list(_by_pair(case))
    free = case.law.optimal_loss(case.flops) or 0.0
    losses = [loss - free for _, loss in runs]
    params = [run.params for run, _ in runs]
    if set(stars) >= set(_STARS):
        known = {"R_D_star": np.nan_to_num(stars["R_D_star"], posinf=_ENDLESS), "R_N_star": stars["R_N_star"]}
        with np.errstate(all="ignore"):
            each, reached = ManyLaws(_all_constants(case, known)).best(case.flops, case.pools)
        params += np.quantile(each, _OUTER).tolist()
        losses += (np.quantile(reached, _OUTER) - free).tolist()
    product = case.flops / 6
    low, high = min(params), max(params)
    best, loss = runs[0]  # by the case's own constants
    return Constrained(
        params=best.params,
        tokens=best.tokens,
        epochs=best.tokens / law.whole.once,
        loss=loss,
        params_low=low,
        params_high=high,
        tokens_low=product / high,
        tokens_high=product / low,
        loss_low=min(losses),
        loss_high=max(losses),
    )


def _by_pair(case: PlanCase) -> Iterator[tuple[Run, float]]:
    """The best run and its loss in nats by each pair of repetition constants."""
    for pair in dict.fromkeys((case.repetition, *BAND)):
        law = case.repeated_data_by(pair)
        assert law is not None
        run = law.optimum(case.flops)
        yield run, law.loss(run.params, run.tokens)


def is_wide(interval: OptimumInterval | None) -> bool:
    """Whether the interval of the best run's parameters spans more than a factor of ten: too wide for advice."""
    return interval is not None and not interval.params_high <= 10 * interval.params_low


def decades_beyond(flops: float, known: tuple[float, float] | None) -> float:
    """How far a budget lies outside of a law's fitted range, in powers of ten; 0 inside, or if the range is unknown."""
    if known is None:
        return 0.0
    return max(0.0, math.log10(flops / known[1]), math.log10(known[0] / flops))
