"""The parametric form ``L(N, D) = E + A/N^alpha + B/D^beta`` (arXiv:2203.15556, eq. 2) and its optimum."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tokaudit.laws.protocol import LawMetadata, LossTerms, Repetition, Run


@dataclass(frozen=True, kw_only=True)  # without slots, which cached properties can't have
class Form:
    """The form and its constants; every method is a closed form."""

    A: float
    B: float
    E: float
    alpha: float
    beta: float

    @cached_property
    def _g(self) -> float:
        """``G = (alpha A / beta B)^(1/(alpha+beta))``: parameters of the optimal run at N D = 1."""
        return float((self.alpha * self.A / (self.beta * self.B)) ** (1 / (self.alpha + self.beta)))

    def terms(self, params: float, tokens: float) -> LossTerms:
        """The three terms E, A/N^alpha and B/D^beta, in nats."""
        return LossTerms(self.E, self.A * params**-self.alpha, self.B * tokens**-self.beta)

    def loss(self, params: float, tokens: float) -> float:
        """The sum of the three terms, in nats."""
        return float(self.E + self.A * params**-self.alpha + self.B * tokens**-self.beta)

    def elasticities(self, params: float, tokens: float) -> tuple[float, float]:
        """The elasticities ``alpha A/N^alpha`` and ``beta B/D^beta``, which are equal at the optimum of any budget."""
        return float(self.alpha * self.A * params**-self.alpha), float(self.beta * self.B * tokens**-self.beta)

    def optimum(self, flops: float) -> Run:
        """The best run for a budget: ``N = G (C/6)^(beta/(alpha+beta))``, ``D = (C/6) / N`` (eq. 4)."""
        product = flops / 6
        params = self._g * product ** (self.beta / (self.alpha + self.beta))
        return Run(params, product / params)

    def optimal_loss(self, flops: float) -> float:
        """The loss of that run, in nats."""
        best = self.optimum(flops)
        return self.loss(best.params, best.tokens)

    def optimum_of_params(self, params: float) -> Run:
        """The optimal run with ``params`` parameters: ``D = (N/G)^(alpha/beta) / G``."""
        return Run(params, (params / self._g) ** (self.alpha / self.beta) / self._g)

    def optimum_of_tokens(self, tokens: float) -> Run:
        """The optimal run on ``tokens`` tokens: ``N = G (G D)^(beta/alpha)``."""
        return Run(self._g * (self._g * tokens) ** (self.beta / self.alpha), tokens)

    def flops_to_reach(self, loss: float) -> float | None:
        """The budget C with ``L = E + K (C/6)^(-alpha beta/(alpha+beta))``; None if the loss is E or less."""
        if loss <= self.E:
            return None
        scale = self.A * self._g**-self.alpha + self.B * self._g**self.beta
        exponent = (self.alpha + self.beta) / (self.alpha * self.beta)
        return float(6 * (scale / (loss - self.E)) ** exponent)


@dataclass(frozen=True, kw_only=True)
class Parametric(Form):
    """A law of the parametric form."""

    metadata: LawMetadata
    repetition: Repetition | None = None

    @property
    def constants(self) -> Mapping[str, float]:
        """E, A, B, alpha, beta; also R_D_star and R_N_star if the law covers repetition."""
        base = {"E": self.E, "A": self.A, "B": self.B, "alpha": self.alpha, "beta": self.beta}
        if self.repetition is None:
            return base
        return base | {"R_D_star": self.repetition.tokens, "R_N_star": self.repetition.params}

    def warnings(self, run: Run, unique: float | None) -> tuple[str, ...]:  # noqa: ARG002 - of `ScalingLaw`
        """A warning if the run lies outside the fitted range."""
        return self.metadata.valid.warnings(run)
