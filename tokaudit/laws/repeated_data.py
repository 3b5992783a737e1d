"""A law on a limited supply, in which each domain is repeated by its own number of epochs.

The form is that of arXiv:2305.16264, which covers one pool; the sum over domains is an extension. The extension is
optimistic: it ignores how a small pool that is repeated very often harms the rest (arXiv:2606.24998). So it must not
choose a mixture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from tokaudit.core.types import Float64
from tokaudit.laws.pools import DomainPool, Pools, saturating
from tokaudit.laws.protocol import LossLaw, Repetition, Run
from tokaudit.laws.search import minimum

BORROWED: Final = Repetition(tokens=15.39, params=5.31)
"""The constants of arXiv:2305.16264, for laws that have none of their own."""

# For any supply, the optimal parameters lie within this factor of the optimum with unlimited data.
_WIDEST: Final = math.log(1e8)


@dataclass(frozen=True)
class RepeatedDataLaw:
    """A law, the pools that a run draws on, and how fast repeats stop helping."""

    law: LossLaw
    pools: Sequence[DomainPool]
    repetition: Repetition

    @cached_property
    def whole(self) -> Pools:
        """The pools as arrays."""
        return Pools.of(self.pools)

    def params_effective(self, params: float) -> float:
        """Effective parameters ``N'``: those in excess of what the supply's first epoch calls for count for less."""
        wanted = self.law.optimum_of_params(params).tokens
        return self._params_counted(params, wanted, self.whole.usable(wanted))

    def _params_counted(self, params: float, wanted: float, usable: float) -> float:
        if usable >= wanted * (1 - 1e-12):
            return params
        matched = self.law.optimum_of_tokens(usable).params
        return matched * (1 + saturating(params / matched - 1, self.repetition.params))

    def loss(self, params: float, tokens: float) -> float:
        """Loss in nats of a run on this supply."""
        return self.law.loss(self.params_effective(params), self.whole.effective(tokens, self.repetition.tokens))

    def gains(self, run: Run, unique: Float64) -> list[float]:
        """How far the loss of a run falls, in nats, if one domain has other unique tokens; for each domain alone.

        Args:
            run: the run.
            unique: other unique tokens of each domain, (domains,).
        """
        wanted = self.law.optimum_of_params(run.params).tokens
        usable, effective = self.whole.usable(wanted), self.whole.effective(run.tokens, self.repetition.tokens)
        more_usable = self.whole.changes(wanted, 0.0, unique)
        more_effective = self.whole.changes(run.tokens, self.repetition.tokens, unique)
        loss = self.loss(run.params, run.tokens)
        found = [0.0] * len(self.pools)
        for at in np.flatnonzero((more_usable != 0) | (more_effective != 0)).tolist():
            params = self._params_counted(run.params, wanted, usable + float(more_usable[at]))
            found[at] = loss - self.law.loss(params, effective + float(more_effective[at]))
        return found

    def optimum(self, flops: float) -> Run:
        """The best run for a budget within the epochs allowed; the law's own optimum if the supply lasts for one epoch.

        With far more compute than the supply can use, the loss is flat and many runs are equally good; this is one.
        """
        if flops not in self._known:
            self._known[flops] = self._search(flops)
        return self._known[flops]

    @cached_property
    def _known(self) -> dict[float, Run]:
        return {}

    def _search(self, flops: float) -> Run:
        free = self.law.optimum(flops)
        if free.tokens <= min(self.whole.once, self.whole.most):
            return free
        product = flops / 6
        least = math.log(product) - math.log(self.whole.most)  # minus infinity without a limit

        def loss(log_params: float) -> float:
            params = math.exp(log_params)
            return self.loss(params, product / params)

        centre = math.log(free.params)
        found = minimum(loss, max(centre - _WIDEST, least), max(centre, least) + _WIDEST)
        corners = [math.log(self.law.optimum_of_tokens(tokens).params) for tokens in self.whole.corners]
        params = math.exp(min([found, *[corner for corner in corners if corner > least]], key=loss))
        return Run(params, product / params)

    def best_loss(self, flops: float) -> float:
        """Loss in nats of the optimum."""
        best = self.optimum(flops)
        return self.loss(best.params, best.tokens)

    def free_share(self, flops: float) -> float:
        """The smallest budget that reaches the same loss with unlimited data, as a share of ``flops``; 1: all of it."""
        if self.law.optimum(flops).tokens <= min(self.whole.once, self.whole.most):
            return 1.0
        return min(1.0, (self.law.flops_to_reach(self.best_loss(flops)) or flops) / flops)
