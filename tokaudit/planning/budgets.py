"""What may be spent, from FLOPs, params or tokens."""

import math

from tokaudit.errors import UsageError
from tokaudit.laws import Run, ScalingLaw
from tokaudit.laws._embedding import as_counted
from tokaudit.plan import Budget
from tokaudit.planning.availability import FLOPS_BOUNDS


def budget_for(
    law: ScalingLaw, *, flops: float | None = None, params: float | None = None, tokens: float | None = None
) -> Budget:
    """The budget of FLOPs, of a run as given, or of the compute-optimal run of so many params or tokens.

    Raises:
        UsageError: none of these is given, FLOPs beside others, or FLOPs that no run has.
    """
    given = [value for value in (flops, params, tokens) if value is not None]
    if not given or (flops is not None and len(given) > 1):
        raise UsageError("a plan needs one budget: --flops, --params, --tokens, --params and --tokens, or --gpu")
    if not all(math.isfinite(value) and value >= 1 for value in given):
        raise UsageError(f"a budget must be finite and at least 1, not {', '.join(f'{value:g}' for value in given)}")
    try:
        needed = flops or _flops_of(law, params, tokens)
    except OverflowError:
        needed = math.inf
    check_flops(needed)
    return Budget(needed, params, tokens)


def check_flops(flops: float) -> None:
    """Nothing, if some training run may have so many FLOPs.

    Raises:
        UsageError: none has.
    """
    low, high = FLOPS_BOUNDS
    if not low <= flops <= high:
        raise UsageError(f"a budget of {flops:.3g} FLOPs is no training run (they go from {low:g} to {high:g})")


def _flops_of(law: ScalingLaw, params: float | None, tokens: float | None) -> float:
    if params is None:
        return law.optimum_of_tokens(tokens or 0).flops
    return (law.optimum_of_params(as_counted(law, params)) if tokens is None else Run(params, tokens)).flops
