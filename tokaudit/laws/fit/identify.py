"""Whether runs can tell a law's constants: what is refused before a fit, and said after it."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from tokaudit.core.errors import InputError
from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import LEVEL, Runs
from tokaudit.laws.protocol import Interval

_POINTS: Final = 8  # different runs for five constants and something left over to see the misfit
_LEVELS: Final = 3  # of one quantity, for a power of it and a floor
_SPREAD: Final = 2.0  # highest over lowest value, for an exponent to show
_WEAK: Final = 3.0  # highest over lowest bound of an interval that leaves a constant open


def check_spread(name: str, values: Float64, constants: str) -> None:
    """Nothing, if the values differ enough to tell the constants that belong to them.

    Raises:
        InputError: fewer different values, or all within a factor of two.
    """
    different = len(np.unique(values))
    if different < _LEVELS:
        raise InputError(
            f"the runs can't identify {constants}: {different} different {name}, and at least {_LEVELS} are needed"
        )
    if values.max() < _SPREAD * values.min():
        raise InputError(
            f"the runs can't identify {constants}: no spread in {name} "
            f"({values.min():.3g} to {values.max():.3g}; a factor of {_SPREAD:g} is the least)"
        )


def check_parametric(runs: Runs) -> None:
    """Nothing, if runs without repeats may tell E, A, B, alpha and beta.

    Raises:
        InputError: which constants they can't tell, and why.
    """
    points = len(np.unique(np.column_stack([runs.params, runs.tokens]), axis=0))
    if points < _POINTS:
        raise InputError(
            f"too few runs: {points} different ones without repeated tokens, where the five constants E, A, B, "
            f"alpha and beta take at least {_POINTS}"
        )
    check_spread("params", runs.params, "A and alpha")
    check_spread("tokens", runs.tokens, "B and beta")
    x, y = np.log(runs.params), np.log(runs.tokens)
    aside = y - np.polyval(np.polyfit(x, y, 1), x)
    if aside.max() - aside.min() < math.log(_SPREAD):
        raise InputError(
            "the runs can't tell alpha from beta: tokens go with params in all of them "
            f"({(runs.tokens / runs.params).min():.3g} to {(runs.tokens / runs.params).max():.3g} tokens a param); "
            "some sizes need runs of other lengths"
        )


def check_falls(constants: Mapping[str, float]) -> None:
    """Nothing, if the loss falls with parameters and with tokens.

    Raises:
        InputError: it does not: an exponent is zero, negative or beyond all bounds.
    """
    for exponent, coefficient, what in (("alpha", "A", "params"), ("beta", "B", "tokens")):
        value = constants[exponent]
        if value <= 0 or not math.isfinite(constants[coefficient]) or constants[coefficient] <= 0:
            raise InputError(
                f"the runs can't identify {coefficient} and {exponent}: their loss does not fall with {what} "
                f"as a power law does ({exponent} = {value:.3g})"
            )


def weak(interval: Mapping[str, Interval], *, too_few: bool) -> Iterator[str]:
    """What the runs leave open, a sentence each.

    Args:
        interval: of the constants.
        too_few: whether they are open for want of runs.
    """
    if too_few:
        yield "too few runs for an interval: drawn again, too few different ones would be left to fit"
        return
    for name in ("E", "alpha", "beta", "R_D_star", "R_N_star", "a"):
        low, high = interval.get(name, (1.0, 1.0))
        if low <= 0 or not high <= _WEAK * low:
            upper = f"{high:.3g}" if math.isfinite(high) else "infinity"
            yield f"{name} is weakly identified: {low:.3g} to {upper} fit the runs almost alike ({LEVEL:.0%})"
