"""Whether runs identify a law's constants: refusals before a fit, and warnings after it."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from tokaudit.core.errors import InputError
from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import LEVEL, Runs
from tokaudit.laws.protocol import Interval

_POINTS: Final = 8  # different runs: five constants, and some more to see the misfit
_LEVELS: Final = 3  # different values of one quantity: for a power of it and a floor
_SPREAD: Final = 2.0  # least ratio of the highest to the lowest value at which an exponent shows
_WEAK: Final = 3.0  # ratio of the bounds of an interval above which a constant is open


def check_spread(name: str, values: Float64, constants: str) -> None:
    """Check that the values differ enough to identify the constants that belong to them.

    Raises:
        InputError: there are too few different values, or all lie within a factor of two.
    """
    different = len(np.unique(values))
    if different < _LEVELS:
        raise InputError(
            f"the runs can't identify {constants}: there are {different} different {name}, and at least {_LEVELS} are "
            "needed"
        )
    if values.max() < _SPREAD * values.min():
        raise InputError(
            f"the runs can't identify {constants}: {name} do not vary enough "
            f"({values.min():.3g} to {values.max():.3g}, at least a factor of {_SPREAD:g} is needed)"
        )


def check_parametric(runs: Runs) -> None:
    """Check that runs without repeats may identify E, A, B, alpha and beta.

    Raises:
        InputError: they can't; the message says which constants, and why.
    """
    points = len(np.unique(np.column_stack([runs.params, runs.tokens]), axis=0))
    if points < _POINTS:
        raise InputError(
            f"too few runs: {points} different ones without repeated tokens; the five constants E, A, B, alpha and "
            f"beta need at least {_POINTS}"
        )
    check_spread("parameters", runs.params, "A and alpha")
    check_spread("tokens", runs.tokens, "B and beta")
    x, y = np.log(runs.params), np.log(runs.tokens)
    aside = y - np.polyval(np.polyfit(x, y, 1), x)
    if aside.max() - aside.min() < math.log(_SPREAD):
        raise InputError(
            "the runs can't tell alpha from beta: tokens grow with parameters in all of them "
            f"({(runs.tokens / runs.params).min():.3g} to {(runs.tokens / runs.params).max():.3g} tokens per "
            "parameter); add runs of the same size and other lengths"
        )


def check_falls(constants: Mapping[str, float]) -> None:
    """Check that the loss falls with parameters and with tokens.

    Raises:
        InputError: it does not: an exponent is zero or negative, or a coefficient is not finite.
    """
    for exponent, coefficient, what in (("alpha", "A", "parameters"), ("beta", "B", "tokens")):
        value = constants[exponent]
        if value <= 0 or not math.isfinite(constants[coefficient]) or constants[coefficient] <= 0:
            raise InputError(
                f"the runs can't identify {coefficient} and {exponent}: their loss does not fall with {what} "
                f"as a power law does ({exponent} = {value:.3g})"
            )


def weak(interval: Mapping[str, Interval], *, too_few: bool) -> Iterator[str]:
    """One warning for each constant that the runs leave open.

    Args:
        interval: constant -> its interval.
        too_few: whether all are open because there are too few runs.
    """
    if too_few:
        yield "there are too few runs for intervals: a resample would contain too few different runs to fit"
        return
    for name in ("E", "alpha", "beta", "R_D_star", "R_N_star", "a"):
        low, high = interval.get(name, (1.0, 1.0))
        if low <= 0 or not high <= _WEAK * low:
            upper = f"{high:.3g}" if math.isfinite(high) else "infinity"
            level = f"{100 * LEVEL:.0f} %"
            yield f"{name} is weakly identified: {low:.3g} to {upper} fit the runs almost equally well ({level})"
