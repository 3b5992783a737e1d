"""From command-line options to a request for a plan: law, budget, supply and mixture are found and checked."""

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
    """The options of ``tokaudit plan`` as the user typed them; None: not given.

    Attributes:
        budget: those given of ``flops``, ``params``, ``tokens``, ``gpus``, ``days`` and ``mfu``.
        gpu: name of an accelerator.
        law, mixture, supply, where, tokenizer, max_epochs, inference_tokens, price_gpu_hour, add: as the options of
            these names.
        count_synthetic: whether ``--count-synthetic`` is given.
    """

    budget: Mapping[str, str] = field(default_factory=dict)
    gpu: str | None = None
    law: str = DEFAULT_LAW
    mixture: str | None = None
    supply: str | None = None
    where: str | None = None
    count_synthetic: bool = False
    tokenizer: str | None = None
    max_epochs: str | None = None
    inference_tokens: str | None = None
    price_gpu_hour: str | None = None
    add: str | None = None


def plan_request(options: PlanOptions, catalog: Path) -> PlanRequest:
    """The request that the options make, with the law, its draws and the supply found.

    Raises:
        UsageError: a name is unknown, a number can't be read, or options do not go together.
        InputError: a supply's file can't be read.
        CatalogError: the law or the supply is in the catalog, and it can't be read.
    """
    name, law, draws, of_law = find_law(options.law, catalog)
    price = _count(options.price_gpu_hour, "--price-gpu-hour")
    numbers = {name: _PARSERS.get(name, parse_count)(text, f"--{name}") for name, text in options.budget.items()}
    budget, hardware, notes = spending(law, numbers, options.gpu, priced=price is not None)
    most, most_of = (DEFAULT_MAX_EPOCHS, {}) if options.max_epochs is None else parse_max_epochs(options.max_epochs)
    supply = find_supply(
        options.supply,
        catalog,
        options.tokenizer,
        law.metadata.tokenizer,
        options.where,
        count_synthetic=options.count_synthetic,
    )
    shares, of_mixture = _shares(options.mixture, supply)
    return PlanRequest(
        law_name=name,
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
        notes=(*of_law, *notes, *of_mixture),
    )


def _count(text: str | None, option: str) -> float | None:
    return None if text is None else parse_count(text, option)


def _shares(mixture: str | None, supply: Supply) -> tuple[dict[str, float] | None, list[str]]:
    """The shares that ``--mixture`` asks for, and notes about them."""
    if mixture is None or "=" in mixture:
        return None if mixture is None else parse_shares(mixture), []
    if mixture == UNIMAX:
        with_tokens = [entry.domain for entry in supply.domains if entry.tokens_unique]
        return uniform(with_tokens), [
            "mixture unimax: the shares are as even as --max-epochs allows (arXiv:2304.09151)"
        ]
    known = find_mixture(mixture)
    return known.shares, known.notes()
