"""The cheapest run over training and serving that is as good as a given one (arXiv:2401.00448, eq. 3)."""

import math
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_power
from tokaudit.laws.protocol import LossLaw, Run
from tokaudit.laws.search import minimum, root
from tokaudit.planning.case import MOST_TOKENS
from tokaudit.planning.plan_value import Inference

_MOST_SERVED: Final = 1e20  # far above all tokens ever served
_NARROWEST: Final = 1e-9  # as a share of the parameters of the optimal run


def lifetime_flops(run: Run, served: float) -> float:
    """FLOPs of training a run and of serving ``served`` tokens with it: ``6ND + 2NT``."""
    return run.flops + 2 * run.params * served


def cheapest(law: LossLaw, given: Run, served: float) -> Inference:
    """The run with the loss of ``given`` that takes the fewest FLOPs for training and serving together.

    If nothing is served, it is the compute-optimal run of that loss. With more to serve, the model gets smaller and
    trains on more tokens.

    Args:
        law: gives the loss on unique tokens.
        given: the run whose loss is to be reached.
        served: tokens served over the lifetime of the model.

    Raises:
        UsageError: ``served`` is negative, not a number, or more than any model serves.
    """
    if not 0 <= served <= _MOST_SERVED:
        raise UsageError(
            f"--inference-tokens: {format_power(served)} is out of bounds (0 to {format_power(_MOST_SERVED)})"
        )
    loss = law.loss(given.params, given.tokens)
    flops = law.flops_to_reach(loss)
    assert flops is not None, "the loss of a run is above the law's irreducible loss"
    most = law.optimum(flops).params
    high = math.log(most)
    low = _least(law, loss, high)

    def run(log_params: float) -> Run:
        return Run(math.exp(log_params), _tokens(law, math.exp(log_params), loss))

    best = run(minimum(lambda log_params: math.log(lifetime_flops(run(log_params), served)), low, high))
    total = lifetime_flops(best, served)
    return Inference(served, best.params, best.tokens, total, 1 - total / lifetime_flops(given, served))


def _least(law: LossLaw, loss: float, high: float) -> float:
    """Logarithm of the parameters below which `MOST_TOKENS` do not reach the loss."""
    low = high + math.log(_NARROWEST)
    if law.loss(math.exp(low), MOST_TOKENS) <= loss:
        return low
    return root(lambda at: law.loss(math.exp(at), MOST_TOKENS) - loss, low, high)


def _tokens(law: LossLaw, params: float, loss: float) -> float:
    """Tokens on which a model of ``params`` parameters reaches the loss; at most `MOST_TOKENS`."""
    high = math.log(MOST_TOKENS)
    if law.loss(params, MOST_TOKENS) >= loss:
        return MOST_TOKENS
    return math.exp(root(lambda at: math.log(law.loss(params, math.exp(at)) / loss), 0.0, high))
