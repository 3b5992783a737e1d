"""From the words of the command line to a request for a plan: law, budget, supply and mixture found and checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tokaudit.catalog.reference.mixtures import find_mixture
from tokaudit.catalog.reference.repeats import repeated_runs
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.units import parse_count, parse_days, parse_share
from tokaudit.laws.find import find_law, voting_laws
from tokaudit.planning.budgets import spending
from tokaudit.planning.defaults import DEFAULT_LAW, UNIMAX
from tokaudit.planning.mixture import DEFAULT_MAX_EPOCHS, parse_max_epochs, parse_shares, uniform
from tokaudit.planning.request import PlanRequest
from tokaudit.supply.resolve import find_supply, parse_tokens
from tokaudit.supply.types import Supply

_PARSERS: Final[Mapping[str, Callable[[str, str], float]]] = {"days": parse_days, "mfu": parse_share}
"""Parsers of the numbers of a budget that are not counts."""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """The options of ``tokaudit plan`` as given; None where a default is to be found.

    Attributes:
        budget: any of ``flops``, ``params``, ``tokens``, ``gpus``, ``days`` and ``mfu``; without those not given.
        gpu: name of an accelerator.
        law, mixture, supply, tokenizer, max_epochs, inference_tokens, price_gpu_hour, add: as the options of that name.
    """

    budget: Mapping[str, str] = field(default_factory=dict)
    gpu: str | None = None
    law: str = DEFAULT_LAW
    mixture: str | None = None
    supply: str | None = None
    tokenizer: str | None = None
    max_epochs: str | None = None
    inference_tokens: str | None = None
    price_gpu_hour: str | None = None
    add: str | None = None


def plan_request(options: PlanOptions, catalog: Path) -> PlanRequest:
    """What the options ask for, with the law, its draws and the supply found.

    Raises:
        UsageError: a name that is unknown, a number that can't be read, or options that do not go together.
        InputError: a supply's file can't be read.
        CatalogError: a law or a supply of the catalog's, and it can't be read.
    """
    law, draws = find_law(options.law, catalog)
    price = _count(options.price_gpu_hour, "--price-gpu-hour")
    numbers = {name: _PARSERS.get(name, parse_count)(text, f"--{name}") for name, text in options.budget.items()}
    budget, hardware, notes = spending(law, numbers, options.gpu, priced=price is not None)
    most, most_of = (DEFAULT_MAX_EPOCHS, {}) if options.max_epochs is None else parse_max_epochs(options.max_epochs)
    supply = find_supply(options.supply, catalog, options.tokenizer, law.metadata.tokenizer)
    shares, of_mixture = _shares(options.mixture, supply)
    return PlanRequest(
        law_name=options.law,
        law=law,
        budget=budget,
        supply=supply,
        shares=shares,
        even=options.mixture == UNIMAX,
        max_epochs=most,
        max_epochs_of=most_of,
        voters=voting_laws(),
        draws=draws,
        tokens_served=_count(options.inference_tokens, "--inference-tokens"),
        rates=token_rates(),
        repeated_runs=repeated_runs(),
        hardware=hardware,
        price_gpu_hour=price,
        added=None if options.add is None else parse_tokens(options.add, "--add"),
        notes=(*notes, *of_mixture),
    )


def _count(text: str | None, option: str) -> float | None:
    return None if text is None else parse_count(text, option)


def _shares(mixture: str | None, supply: Supply) -> tuple[dict[str, float] | None, list[str]]:
    """The shares that ``--mixture`` asks for, and what to know of them."""
    if mixture is None or "=" in mixture:
        return None if mixture is None else parse_shares(mixture), []
    if mixture == UNIMAX:
        with_tokens = [entry.domain for entry in supply.domains if entry.tokens_unique]
        return uniform(with_tokens), ["mixture unimax: as even as --max-epochs allows (arXiv:2304.09151)"]
    known = find_mixture(mixture)
    return known.shares, known.notes()
