"""A law that gives optimal runs only: a power of the budget for parameters or tokens, ``C = 6ND`` for the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tokaudit.laws.protocol import LawMetadata, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The frontier ``k (C / unit)^exponent``, as its authors print it.

    Attributes:
        gives: what the power gives: N or D of the optimal run.
        k: parameters or tokens of the optimal run for a budget of one unit.
        exponent: a of ``N ~ C^a``, or b of ``D ~ C^b``; above 0 and below 1.
        unit: the unit of C, in FLOPs.
    """

    gives: Literal["params", "tokens"]
    k: float
    exponent: float
    unit: float = 1.0
    metadata: LawMetadata

    @property
    def constants(self) -> Mapping[str, float]:
        """k_N and a, or k_D and b, and C_unit."""
        names = ("k_N", "a") if self.gives == "params" else ("k_D", "b")
        return dict(zip(names, (self.k, self.exponent), strict=True)) | {"C_unit": self.unit}

    def _run(self, given: float, other: float) -> Run:
        return Run(given, other) if self.gives == "params" else Run(other, given)

    def optimum(self, flops: float) -> Run:
        """The run whose parameters (or tokens) the power gives; ``C = 6ND`` gives the other number."""
        given = self.k * (flops / self.unit) ** self.exponent
        return self._run(given, flops / (6 * given))

    def optimal_loss(self, flops: float) -> float | None:  # noqa: ARG002 - of `ScalingLaw`
        """None: a frontier gives no loss."""
        return None

    def _run_of_given(self, given: float) -> Run:
        return self._run(given, self.unit * (given / self.k) ** (1 / self.exponent) / (6 * given))

    def _run_of_other(self, other: float) -> Run:
        """Solve ``6 k other = C (C / unit)^-exponent``."""
        units = (6 * self.k * other / self.unit) ** (1 / (1 - self.exponent))
        return self._run(self.k * units**self.exponent, other)

    def optimum_of_params(self, params: float) -> Run:
        """The optimal run with ``params`` parameters."""
        return self._run_of_given(params) if self.gives == "params" else self._run_of_other(params)

    def optimum_of_tokens(self, tokens: float) -> Run:
        """The optimal run with ``tokens`` tokens."""
        return self._run_of_given(tokens) if self.gives == "tokens" else self._run_of_other(tokens)

    def warnings(self, run: Run, unique: float | None) -> tuple[str, ...]:  # noqa: ARG002 - of `ScalingLaw`
        """A warning if the run lies outside the fitted range."""
        return self.metadata.valid.warnings(run)
