"""The request for a plan: a law, a budget, a supply, a mixture, and further inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tokaudit.catalog.reference.repeats import RepeatedRun
from tokaudit.catalog.reference.token_rates import NO_RATES, TokenRates
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.planning.hardware import Hardware
from tokaudit.planning.mixture import DEFAULT_MAX_EPOCHS
from tokaudit.planning.plan import Budget
from tokaudit.supply.types import Supply


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """All inputs of a plan; those that are not given have defaults.

    Attributes:
        law_name: name of the law.
        law: the law.
        budget: the budget; one with both parameters and tokens is a run as given.
        supply: unique tokens by domain, in the supply's own tokens; without domains: not known.
        shares: domain -> share of the run's tokens, summing to 1; None: in proportion to the supply.
        even: whether to use shares as close to these as ``max_epochs`` allows (UniMax, if these are all equal).
        max_epochs: most epochs of a domain in ``mixture_suggested``.
        max_epochs_of: the same for single domains.
        voters: name -> law, for laws whose verdicts are compared with this one's.
        draws: joint draws of the law's constants; empty: there are none.
        tokens_served: tokens served over the lifetime of the model, for ``inference``; None: not asked for.
        rates: token rates of tokenizers, to convert the supply to each law's tokens.
        repeated_runs: published runs that repeated their data, to compare the plan with.
        hardware: the hardware that spends the budget; needed for a price.
        price_gpu_hour: price per GPU-hour in any currency; None: not known.
        added: domain -> tokens, in the supply's tokens, whose value is asked for; None: what each domain lacks.
        notes: warnings that the caller already has.
    """

    law_name: str
    law: ScalingLaw
    budget: Budget
    supply: Supply
    shares: Mapping[str, float] | None = None
    even: bool = False
    max_epochs: float = DEFAULT_MAX_EPOCHS
    max_epochs_of: Mapping[str, float] = field(default_factory=dict)
    voters: Mapping[str, ScalingLaw] = field(default_factory=dict)
    draws: Draws = field(default_factory=dict)
    tokens_served: float | None = None
    rates: TokenRates = NO_RATES
    repeated_runs: Sequence[RepeatedRun] = ()
    hardware: Hardware | None = None
    price_gpu_hour: float | None = None
    added: Mapping[str, float] | None = None
    notes: Sequence[str] = ()
