"""Approach 2 of arXiv:2203.15556: a parabola of loss over ln N for each budget, and a line through their minima.

For intervals, the misfits of all parabolas are resampled and added to them, because one budget has few runs.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tokaudit.core.errors import InputError
from tokaudit.core.types import Float64, Int64
from tokaudit.core.units import format_power
from tokaudit.laws.fit.frontier import check_unrepeated, frontier_fit, line
from tokaudit.laws.fit.identify import check_spread
from tokaudit.laws.fit.protocol import DRAWS, Fit, Method, Parabola, Runs, residual_rows
from tokaudit.laws.parametric import Parametric

if TYPE_CHECKING:
    from tokaudit.core.rows import Row

_APART: Final = math.log(1.1)  # neighbouring runs of one budget are closer than this, in ln C
_WIDEST: Final = math.log(1.3)  # all runs of one budget lie within this
_SIZES: Final = 3  # sizes that a parabola needs
_SPARE: Final = 5  # runs beyond the parabolas' constants that are needed to see how far runs lie from them
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class _Budget:
    """The runs of one budget.

    Attributes:
        which: their indices.
        log_flops: mean of ln C.
        x: ln N, less its mean.
        centre: the mean of ln N.
        solve: matrix (3, runs) from losses to the parabola's coefficients, highest power first.
    """

    which: Int64
    log_flops: float
    x: Float64
    centre: float
    solve: Float64

    def lowest(self, coefficients: Float64) -> Float64:
        """Log N at the minima of parabolas (3, any); NaN if one has no minimum, or has it outside the sizes tried."""
        with np.errstate(all="ignore"):
            place = -coefficients[1] / (2 * coefficients[0])
        inside = (coefficients[0] > 0) & (place >= self.x.min()) & (place <= self.x.max())
        return np.where(inside, place + self.centre, np.nan)


def _fit(runs: Runs, *, base: Parametric | None = None, draws: int = DRAWS) -> Fit:
    check_unrepeated(runs, base, "isoflop")
    runs = runs.ordered()
    warnings: list[str] = []
    budgets = list(_budgets(runs, warnings))
    predicted, lowest = np.full(len(runs), np.nan), np.full(len(budgets), np.nan)
    rows: list[Row] = []
    parabolas: list[Parabola] = []
    for place, budget in enumerate(budgets):
        coefficients = budget.solve @ runs.loss[budget.which]
        predicted[budget.which] = np.polyval(coefficients, budget.x)
        lowest[place] = best = float(budget.lowest(coefficients))
        flops, minimum = math.exp(budget.log_flops), None if math.isnan(best) else math.exp(best)
        parabolas.append(Parabola(flops, budget.which, budget.centre, coefficients, minimum))
        if minimum is None:
            warnings.append(
                f"{format_power(flops)} FLOPs show no optimum: the loss is lowest at the edge of the sizes, or flat"
            )
            continue
        loss = float(np.polyval(coefficients, best - budget.centre))
        rows.append({"flops": flops, "params": minimum, "tokens": flops / 6 / minimum, "loss": loss})
    log_flops = np.array([budget.log_flops for budget in budgets])
    identified = np.isfinite(lowest)
    check_spread("budgets (in FLOPs) with an optimum among their sizes", np.exp(log_flops[identified]), "a")

    # Misfits are too small, because each parabola uses up three degrees of freedom.
    misfits = (runs.loss - predicted)[np.isfinite(predicted)]
    spare = len(misfits) - 3 * len(budgets)
    drawn = None
    if spare >= _SPARE and draws:
        misfits = misfits * math.sqrt(len(misfits) / spare)
        chance = np.random.default_rng(_SEED)
        again = np.stack(
            [
                budget.lowest(
                    budget.solve
                    @ (predicted[budget.which][:, None] + chance.choice(misfits, (len(budget.which), draws)))
                )
                for budget, ok in zip(budgets, identified, strict=True)
                if ok
            ],
            axis=1,
        )
        drawn = line(log_flops[identified], again)
    found = frontier_fit(
        runs,
        log_flops[identified],
        lowest[identified],
        drawn,
        residuals=residual_rows(runs, predicted),
        frontier=rows,
        warnings=warnings,
        too_few=drawn is None and draws > 0,
    )
    return replace(found, parabolas=parabolas)


def _budgets(runs: Runs, warnings: list[str]) -> Iterator[_Budget]:
    """The runs by budget, the smallest first; a budget with too few sizes for a parabola only adds a warning.

    Raises:
        InputError: budgets are not separated.
    """
    log_flops = np.log(runs.flops)
    order = np.argsort(log_flops, kind="stable")
    for which in np.split(order, np.flatnonzero(np.diff(log_flops[order]) > _APART) + 1):
        low, high = runs.flops[which].min(), runs.flops[which].max()
        if math.log(high / low) > _WIDEST:
            raise InputError(
                f"the runs do not lie on budgets: there is no gap between those of {format_power(low)} to"
                f" {format_power(high)} FLOPs; use --method parametric, which takes runs of any size"
            )
        sizes = len(np.unique(runs.params[which]))
        if sizes < _SIZES:
            warnings.append(
                f"{format_power(low)} FLOPs show no optimum: there are {sizes} sizes, a parabola needs {_SIZES}"
            )
            continue
        x = np.log(runs.params[which])
        centre = float(x.mean())
        yield _Budget(
            which,
            float(log_flops[which].mean()),
            x - centre,
            centre,
            np.asarray(np.linalg.pinv(np.vander(x - centre, 3)), np.float64),
        )


FIT: Final[Method] = _fit
