"""What the planner asks of a scaling law, and what each law says about itself.

Symbols stand next to the equations: N parameters, D tokens trained on, C = 6ND training FLOPs, L loss in nats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeGuard, runtime_checkable

from tokaudit.core.units import format_count, format_power

ParamsCounted = Literal["total", "non-embedding", "active"]
"""Which parameters N counts: ``"total"``, ``"non-embedding"`` or ``"active"``."""
Standing = Literal["votes", "shown", "quoted"]
"""Whether a law votes on a plan's verdict; is shown next to the votes, without one; or is not asked."""


@dataclass(frozen=True, slots=True)
class Run:
    """A training run as a law sees it: N parameters trained on D tokens, repeated tokens included."""

    params: float
    tokens: float

    @property
    def flops(self) -> float:
        """Training FLOPs, 6ND: per parameter and token, two forward and four backward."""
        return 6 * self.params * self.tokens


@dataclass(frozen=True, slots=True)
class LossTerms:
    """Loss in nats per token, term by term; it depends on the law's corpus and tokenizer.

    Attributes:
        irreducible: the part that no budget removes.
        model_term: the part that comes from too few parameters.
        data_term: the part that comes from too few tokens.
    """

    irreducible: float
    model_term: float
    data_term: float

    @property
    def total(self) -> float:
        """The sum of the three terms."""
        return self.irreducible + self.model_term + self.data_term


@dataclass(frozen=True, slots=True)
class Repetition:
    """How fast repeated tokens and excess parameters stop helping (arXiv:2305.16264, eq. 5 and 6).

    Attributes:
        tokens: R_D*, the number of repeats after which further repeats have lost 1 - 1/e of their effect.
        params: R_N*, the same for parameters in excess of what the unique tokens call for; infinite: no loss.
    """

    tokens: float
    params: float


Interval = tuple[float, float]

_ROUNDING: Final = 1e-9  # relative: 6ND of a budget at the very end of a range may differ by this much


@dataclass(frozen=True, slots=True)
class Validity:
    """Lowest and highest values among the runs that a law was fitted on; None if the authors give none."""

    flops: Interval | None = None
    params: Interval | None = None
    tokens: Interval | None = None
    tokens_per_param: Interval | None = None

    def warnings(self, run: Run) -> tuple[str, ...]:
        """One warning that names the run's numbers outside the fitted range; empty if there are none."""
        checks = (
            ("FLOPs", run.flops, self.flops, format_power),
            ("parameters", run.params, self.params, format_count),
            ("tokens", run.tokens, self.tokens, format_count),
            ("tokens per parameter", run.tokens / run.params, self.tokens_per_param, format_count),
        )
        outside = [
            f"{words(value)} {name} (fitted on {words(known[0])} to {words(known[1])})"
            for name, value, known, words in checks
            if known and not known[0] * (1 - _ROUNDING) <= value <= known[1] * (1 + _ROUNDING)
        ]
        return (f"the law is extrapolated: {', '.join(outside)}",) if outside else ()


@dataclass(frozen=True, slots=True)
class PublishedInterval:
    """Intervals that the paper prints for single constants; they are not independent, so never combine them.

    Attributes:
        level: probability that the authors claim for each interval, 0 to 1.
        bounds: name of a constant, or of the exponents ``a`` and ``b`` of N and D over C -> low, high.
    """

    level: float
    bounds: Mapping[str, Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawMetadata:
    """Where a law comes from and what it counts.

    Attributes:
        source: paper and table, or the repository that the constants come from.
        about: what the law is, as a short noun phrase; empty for a saved fit.
        aliases: everyday names that lead to this law, such as ``chinchilla``; each leads to one law only.
        params_counted: which parameters N counts.
        corpus: the corpus that the law was fitted on.
        tokenizer: the tokenizer whose tokens D counts.
        valid: ranges of the runs that the law was fitted on.
        interval: the intervals that the paper prints, or None.
        standing: whether a plan counts this law's verdict as a vote. The runs that laws are fitted on have one vote,
            that of the newest law; the others, and laws that were superseded, are shown. Laws that are kept for
            quotation are not asked.
        warnings: warnings that apply to every plan with the law.
    """

    source: str
    about: str = ""
    aliases: tuple[str, ...] = ()
    params_counted: ParamsCounted
    corpus: str
    tokenizer: str
    valid: Validity = field(default_factory=Validity)
    interval: PublishedInterval | None = None
    standing: Standing = "votes"
    warnings: tuple[str, ...] = ()


class ScalingLaw(Protocol):
    """A compute-optimal frontier: what every law gives, including laws that give optimal runs only."""

    @property
    def metadata(self) -> LawMetadata:
        """Source, units and validity."""
        ...

    @property
    def constants(self) -> Mapping[str, float]:
        """Constant -> value, in the order of the equation."""
        ...

    def optimum(self, flops: float) -> Run:
        """The best run for a budget, with unlimited unique data."""
        ...

    def optimal_loss(self, flops: float) -> float | None:
        """Loss of that run in nats; None if the law doesn't give it."""
        ...

    def optimum_of_params(self, params: float) -> Run:
        """The compute-optimal run with ``params`` parameters."""
        ...

    def optimum_of_tokens(self, tokens: float) -> Run:
        """The compute-optimal run on ``tokens`` tokens."""
        ...

    def warnings(self, run: Run, unique: float | None) -> tuple[str, ...]:
        """Warnings about what the law says of one run.

        Args:
            run: the run, as the law counts it.
            unique: the supply of the run in unique tokens; None: not known.
        """
        ...


@runtime_checkable
class LossLaw(ScalingLaw, Protocol):
    """A law that gives the loss of any run, not just of optimal ones."""

    @property
    def repetition(self) -> Repetition | None:
        """How fast repeats stop helping; None for a law fitted on unrepeated data."""
        ...

    def terms(self, params: float, tokens: float) -> LossTerms:
        """Terms of the loss of a run on unique tokens."""
        ...

    def loss(self, params: float, tokens: float) -> float:
        """Sum of ``terms``, in nats."""
        ...

    def elasticities(self, params: float, tokens: float) -> tuple[float, float]:
        """``e_N`` and ``e_D``: minus the derivatives of the loss by ln N and by ln D, in nats."""
        ...

    def flops_to_reach(self, loss: float) -> float | None:
        """``C_free``: the smallest budget that reaches the loss with unlimited unique data; None if none does."""
        ...


_GIVE_LOSS: Final[dict[type, bool]] = {}


def gives_loss(law: ScalingLaw) -> TypeGuard[LossLaw]:
    """Whether a law gives the loss of any run.

    A plan asks hundreds of times, and ``isinstance`` looks at every attribute each time. The answer is the same for all
    laws of a class, so it is kept.
    """
    kind = type(law)
    if kind not in _GIVE_LOSS:
        _GIVE_LOSS[kind] = isinstance(law, LossLaw)
    return _GIVE_LOSS[kind]
