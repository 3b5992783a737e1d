"""From the options of a user to a request for a plan: law, budget, supply and mixture are found and checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.catalog.reference.mixtures import find_mixture, mixtures
from tokaudit.catalog.reference.repeats import repeated_runs
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import Number, Numbers, given_count, given_days, given_share
from tokaudit.laws.find import asked_laws, find_law, shipped_draws
from tokaudit.planning.ask_mixture import PROPORTIONAL, AskedMixture, ask_mixture
from tokaudit.planning.budgets import spending
from tokaudit.planning.defaults import DEFAULT_LAW, UNIMAX
from tokaudit.planning.experts import checked_experts
from tokaudit.planning.mixture import MaxEpochs, parse_max_epochs, parse_shares
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.stages import GivenStage, Stage, parse_stages, whole_shares, whole_tokens
from tokaudit.supply.resolve import find_supply
from tokaudit.supply.stated import GivenSupply, parse_tokens
from tokaudit.supply.types import Supply

_READ: Final[Mapping[str, Callable[[Number, str], float]]] = {"days": given_days, "mfu": given_share}
"""How to read the numbers of a budget that are not counts."""
_REPETITION: Final = "muennighoff2023"
"""The law whose constants of repetition are used by laws that have none."""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """The options of a plan as the user gave them; None: not given.

    On the command line, all of them are text. In Python, numbers may be numbers, and what is given by domain may be a
    mapping, whose names may have any characters.

    Attributes:
        budget: those given of ``flops``, ``params``, ``tokens``, ``gpus``, ``days`` and ``mfu``.
        gpu: name of an accelerator.
        stages: the stages, in order; empty: none.
        law, mixture, supply, where, tokenizer, max_epochs, params_total, inference_tokens, price_gpu_hour, add: as the
            options of these names.
        count_synthetic: whether ``--count-synthetic`` is given.
    """

    budget: Mapping[str, Number] = field(default_factory=dict)
    gpu: str | None = None
    law: str = DEFAULT_LAW
    mixture: Numbers | None = None
    supply: GivenSupply | None = None
    where: str | None = None
    count_synthetic: bool = False
    tokenizer: str | None = None
    max_epochs: MaxEpochs | None = None
    params_total: Number | None = None
    stages: Sequence[GivenStage] = ()
    inference_tokens: Number | None = None
    price_gpu_hour: Number | None = None
    add: Numbers | None = None


def plan_request(options: PlanOptions, catalog: Path) -> PlanRequest:
    """The request that the options make, with the law, its draws and the supply found.

    Raises:
        UsageError: a name is unknown, a number can't be read, or options do not go together.
        InputError: a supply's file can't be read.
        CatalogError: the law or the supply is in the catalog, and it can't be read.
    """
    name, law, draws, of_law = find_law(options.law, catalog)
    price = _count(options.price_gpu_hour, "--price-gpu-hour")
    numbers = {name: _READ.get(name, given_count)(value, f"--{name}") for name, value in options.budget.items()}
    stages = parse_stages(options.stages, _shares_of_stage)
    budget, hardware, notes = spending(law, _with_stages(numbers, stages), options.gpu, priced=price is not None)
    budget = checked_experts(_count(options.params_total, "--params-total"), budget, law)
    most, most_of = (None, {}) if options.max_epochs is None else parse_max_epochs(options.max_epochs)
    supply = find_supply(
        options.supply,
        catalog,
        options.tokenizer,
        law.metadata.tokenizer,
        options.where,
        count_synthetic=options.count_synthetic,
    )
    mixture, of_mixture = _mixture(options.mixture, stages, supply)
    return PlanRequest(
        law_name=name,
        law=law,
        budget=budget,
        supply=supply,
        mixture=mixture,
        known_mixtures=mixtures(),
        stages=stages,
        max_epochs=most,
        max_epochs_of=most_of,
        voters=asked_laws(),
        draws=draws,
        repetition_draws=draws if "R_D_star" in draws else shipped_draws(_REPETITION),
        known_runs=known_runs(),
        tokens_served=_count(options.inference_tokens, "--inference-tokens"),
        rates=token_rates(),
        repeated_runs=repeated_runs(),
        hardware=hardware,
        price_gpu_hour=price,
        added=None if options.add is None else parse_tokens(options.add, "--add"),
        notes=(*of_law, *notes, *of_mixture),
    )


def _count(value: Number | None, option: str) -> float | None:
    return None if value is None else given_count(value, option)


def _with_stages(numbers: Mapping[str, float], stages: Sequence[Stage]) -> Mapping[str, float]:
    """The numbers of the budget, with the tokens of the stages if these are given.

    Raises:
        UsageError: the tokens are given twice.
    """
    tokens = whole_tokens(stages)
    if tokens is None:
        return numbers
    if "tokens" in numbers:
        raise UsageError("--tokens: the stages say how many there are; leave out --tokens, or give their shares in %")
    return {**numbers, "tokens": tokens}


def _shares_of_stage(given: Numbers) -> Mapping[str, float]:
    """Domain -> share, of the mixture of a stage.

    Raises:
        UsageError: there is no such mixture, it depends on the supply, or the shares are not shares.
    """
    if given in (UNIMAX, PROPORTIONAL.name):
        raise UsageError(f"--stage: mixture {given} depends on the supply; write the shares of a stage: DOMAIN=SHARE,…")
    if not isinstance(given, str) or "=" in given:
        return parse_shares(given, "--stage")
    return find_mixture(given).shares


def _mixture(given: Numbers | None, stages: Sequence[Stage], supply: Supply) -> tuple[AskedMixture, list[str]]:
    """The mixture of the run, and notes about it.

    Raises:
        UsageError: there is no such mixture, or stages have mixtures of their own.
    """
    if not stages:
        return ask_mixture(given, supply)
    if given is not None:
        raise UsageError("--mixture: each --stage has its own mixture; leave out --mixture")
    return AskedMixture("by stages", "given with --stage", whole_shares(stages), asked=True, option="--stage"), []
