"""Mixtures of experts, of which laws for dense models say nothing."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from tokaudit.catalog.reference.known_runs import KnownRun
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_count
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.planning.plan import Budget

_ALIKE: Final = math.log(1.01)


def checked_experts(params_total: float | None, budget: Budget, law: ScalingLaw) -> Budget:
    """The budget with all parameters of a mixture of experts; as it is without them.

    Raises:
        UsageError: the active parameters or the tokens are missing, or there are more active ones than all.
    """
    if params_total is None:
        return budget
    if budget.params is None or budget.tokens is None:
        raise UsageError(
            "--params-total: also needs --params, the active parameters, and --tokens; no law for dense models finds "
            "the tokens of a mixture of experts"
        )
    if params_total < budget.params:
        raise UsageError(
            f"--params-total: {format_count(params_total)} are fewer than the {format_count(budget.params)} active "
            "parameters of --params; give all parameters of the model"
        )
    active = law.metadata.params_counted == "active"
    return Budget(6 * budget.params * budget.tokens, budget.params, budget.tokens, None if active else params_total)


def experts_caveats(budget: Budget, runs: Sequence[KnownRun]) -> Iterator[str]:
    """A question, if the parameters are all those of a known mixture of experts.

    Args:
        budget: what may be spent.
        runs: published runs.
    """
    if budget.params is None or budget.params_total is not None:
        return
    for run in runs:
        if run.active_params and abs(math.log(run.params / budget.params)) < _ALIKE:
            total, active = format_count(run.params), format_count(run.active_params)
            yield f"is this a mixture of experts like {run.run}? then pass --params {active} --params-total {total}"
