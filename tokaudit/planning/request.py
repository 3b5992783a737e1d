"""The request for a plan: a law, a budget, a supply, a mixture, and further inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tokaudit.catalog.reference.known_runs import KnownRun
from tokaudit.catalog.reference.mixtures import Mixture
from tokaudit.catalog.reference.repeats import RepeatedRun
from tokaudit.catalog.reference.token_rates import NO_RATES, TokenRates
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.planning.ask_mixture import PROPORTIONAL, AskedMixture
from tokaudit.planning.hardware import Hardware
from tokaudit.planning.plan import Budget
from tokaudit.planning.stages import Stage
from tokaudit.supply.types import Supply


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """All inputs of a plan; those that are not given have defaults.

    Attributes:
        law_name: name of the law.
        law: the law.
        budget: the budget; one with both parameters and tokens is a run as given.
        supply: unique tokens by domain, in the supply's own tokens; without domains: not known.
        mixture: the mixture.
        known_mixtures: published mixtures to compare it with.
        stages: the stages of the run, whose shares together are the mixture; empty: it has none.
        max_epochs: most epochs of a domain, which a run must keep to; None: no limit, and `DEFAULT_MAX_EPOCHS` in
            ``mixture_suggested``.
        max_epochs_of: the same for single domains.
        voters: name -> law, for laws whose verdicts are compared with this one's.
        draws: joint draws of the law's constants; empty: there are none.
        repetition_draws: joint draws of R_D* and R_N*, the law's own or those of the law that they are borrowed from.
        known_runs: published runs, to recognise a mixture of experts.
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
    mixture: AskedMixture = PROPORTIONAL
    known_mixtures: Sequence[Mixture] = ()
    stages: Sequence[Stage] = ()
    max_epochs: float | None = None
    max_epochs_of: Mapping[str, float] = field(default_factory=dict)
    voters: Mapping[str, ScalingLaw] = field(default_factory=dict)
    draws: Draws = field(default_factory=dict)
    repetition_draws: Draws = field(default_factory=dict)
    known_runs: Sequence[KnownRun] = ()
    tokens_served: float | None = None
    rates: TokenRates = NO_RATES
    repeated_runs: Sequence[RepeatedRun] = ()
    hardware: Hardware | None = None
    price_gpu_hour: float | None = None
    added: Mapping[str, float] | None = None
    notes: Sequence[str] = ()
