"""What the planner asks of a scaling law, and what each says of itself.

Symbols stay beside the equations: N parameters, D tokens trained on, C = 6ND training FLOPs, L loss in nats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeGuard, runtime_checkable

from tokaudit.core.units import format_count, format_power

ParamsCounted = Literal["total", "non-embedding", "active"]


@dataclass(frozen=True, slots=True)
class Run:
    """A training run as a law sees it: N parameters trained on D tokens, repeats included."""

    params: float
    tokens: float

    @property
    def flops(self) -> float:
        """Training FLOPs, 6ND: two a parameter and token forward, four backward."""
        return 6 * self.params * self.tokens


@dataclass(frozen=True, slots=True)
class LossTerms:
    """Loss in nats a token, term by term; specific to the law's corpus and tokenizer.

    Attributes:
        irreducible: what no budget removes.
        model_term: what too few parameters cost.
        data_term: what too few tokens cost.
    """

    irreducible: float
    model_term: float
    data_term: float

    @property
    def total(self) -> float:
        """The loss."""
        return self.irreducible + self.model_term + self.data_term


@dataclass(frozen=True, slots=True)
class Repetition:
    """How fast repeated tokens and excess parameters lose their worth (arXiv:2305.16264, eq. 5 and 6).

    Attributes:
        tokens: R_D*, the repeats after which 1 - 1/e of a token's further worth is gone.
        params: R_N*, the same of parameters beyond what the unique tokens call for; infinite: they lose none.
    """

    tokens: float
    params: float


Interval = tuple[float, float]

_ROUNDING: Final = 1e-9  # relative: 6ND of a budget at the very end of a range


@dataclass(frozen=True, slots=True)
class Validity:
    """Lowest and highest value among the runs a law was fitted on; None where the authors give none."""

    flops: Interval | None = None
    params: Interval | None = None
    tokens: Interval | None = None
    tokens_per_param: Interval | None = None

    def warnings(self, run: Run) -> tuple[str, ...]:
        """At most one line: which of the run's numbers lie outside the fitted range."""
        checks = (
            ("FLOPs", run.flops, self.flops, format_power),
            ("params", run.params, self.params, format_count),
            ("tokens", run.tokens, self.tokens, format_count),
            ("tokens a param", run.tokens / run.params, self.tokens_per_param, format_count),
        )
        outside = [
            f"{words(value)} {name} (fitted on {words(known[0])} to {words(known[1])})"
            for name, value, known, words in checks
            if known and not known[0] * (1 - _ROUNDING) <= value <= known[1] * (1 + _ROUNDING)
        ]
        return (f"the law is extrapolated: {', '.join(outside)}",) if outside else ()


@dataclass(frozen=True, slots=True)
class PublishedInterval:
    """Intervals as the paper prints them, one constant at a time: never combine them as if independent.

    Attributes:
        level: probability that the authors claim for each, 0 to 1.
        bounds: name of the constant (or of the exponents ``a``, ``b`` of N and D over C) -> low, high.
    """

    level: float
    bounds: Mapping[str, Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawMetadata:
    """Where a law comes from and what it counts.

    Attributes:
        source: paper and table, or the repository the constants were read in.
        params_counted: what N is.
        corpus: what it was fitted on.
        tokenizer: whose tokens D counts.
        valid: range of the runs it was fitted on.
        interval: what the paper prints, or None.
        votes: whether its verdict counts beside those of other laws: not that of a law kept for quotation, nor
            another reading of one that is asked.
        warnings: what holds whatever is planned with it.
    """

    source: str
    params_counted: ParamsCounted
    corpus: str
    tokenizer: str
    valid: Validity = field(default_factory=Validity)
    interval: PublishedInterval | None = None
    votes: bool = True
    warnings: tuple[str, ...] = ()


class ScalingLaw(Protocol):
    """A compute-optimal frontier: what every law can say, those that are only a frontier included."""

    @property
    def metadata(self) -> LawMetadata:
        """Source, units and validity."""
        ...

    @property
    def constants(self) -> Mapping[str, float]:
        """Name -> value of every constant, in the order of the equation."""
        ...

    def optimum(self, flops: float) -> Run:
        """The best run for a budget, with unlimited unique data."""
        ...

    def optimal_loss(self, flops: float) -> float | None:
        """Loss of that run in nats; None for a law that doesn't give it."""
        ...

    def optimum_of_params(self, params: float) -> Run:
        """The compute-optimal run of that many parameters."""
        ...

    def optimum_of_tokens(self, tokens: float) -> Run:
        """The compute-optimal run of that many tokens."""
        ...

    def warnings(self, run: Run, unique: float | None) -> tuple[str, ...]:
        """What to know of the law's word on one run.

        Args:
            run: the run, as the law counts it.
            unique: different tokens there are for it; None: not known.
        """
        ...


@runtime_checkable
class LossLaw(ScalingLaw, Protocol):
    """A law that gives the loss of any run, not of optimal ones only."""

    @property
    def repetition(self) -> Repetition | None:
        """How repeats lose worth; None for a law fitted on unrepeated data."""
        ...

    def terms(self, params: float, tokens: float) -> LossTerms:
        """Loss of a run on tokens that are all different."""
        ...

    def loss(self, params: float, tokens: float) -> float:
        """Total of ``terms``."""
        ...

    def elasticities(self, params: float, tokens: float) -> tuple[float, float]:
        """``e_N`` and ``e_D``: minus the derivative of the loss by ln N and by ln D, in nats."""
        ...

    def flops_to_reach(self, loss: float) -> float | None:
        """``C_free``: smallest budget with that loss and unlimited unique data; None if no budget has it."""
        ...


_GIVE_LOSS: Final[dict[type, bool]] = {}


def gives_loss(law: ScalingLaw) -> TypeGuard[LossLaw]:
    """Whether a law gives the loss of any run.

    A plan asks some hundred times, and Python would look at every attribute each time; all laws of a class are alike.
    """
    kind = type(law)
    if kind not in _GIVE_LOSS:
        _GIVE_LOSS[kind] = isinstance(law, LossLaw)
    return _GIVE_LOSS[kind]
