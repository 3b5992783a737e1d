"""How far each domain of a supply reaches by itself: the largest compute-optimal run that it can feed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.catalog.reference.token_rates import TokenRates, token_rates
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power
from tokaudit.laws.find import find_law
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.repeated_data import DomainPool
from tokaudit.planning.case import ceiling
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.resolve import find_supply
from tokaudit.supply.types import Supply

_REACH: Final = ("flops_one_epoch", "params_one_epoch", "flops_four_epochs", "params_four_epochs")
_TOKENS: Final = ("tokens_unique", "tokens_unique_low", "tokens_unique_high")
COLUMNS: Final = ("domain", "corpus", "counted", *_TOKENS, *_REACH)
FLOPS: Final = tuple(name for name in _REACH if name.startswith("flops"))
TOKENS_AND_PARAMS: Final = (*_TOKENS, *(name for name in _REACH if name.startswith("params")))
_COMPARED: Final = ("code", "web")


@dataclass(frozen=True, slots=True)
class DomainCeilings:
    """How far each domain of a supply reaches.

    Attributes:
        rows: one a domain, under COLUMNS.
        law: name of the law.
        supply: where its numbers come from.
        tokenizer: the law's, whose tokens are meant.
        sentences: what the rows say at a glance.
        warnings: what to know of them.
        details: how each of the supply's numbers is known.
    """

    rows: Sequence[Row]
    law: str
    supply: str
    tokenizer: str
    sentences: Sequence[str]
    warnings: Sequence[str]
    details: Sequence[str]


def find_ceilings(law_name: str, supply: str, tokenizer: str | None, catalog: Path) -> DomainCeilings:
    """The ceilings of a supply in words of ``--supply``, under a law that ships or is saved in the catalog.

    Raises:
        UsageError: no such law or supply.
        InputError: a supply's file can't be read.
        CatalogError: a law or a supply of the catalog's, and it can't be read.
    """
    law, _ = find_law(law_name, catalog)
    available = find_supply(supply, catalog, tokenizer, law.metadata.tokenizer)
    rows = ceilings(law, available, token_rates())
    return DomainCeilings(
        rows=rows,
        law=law_name,
        supply=available.origin,
        tokenizer=law.metadata.tokenizer,
        sentences=list(compare_code_and_web(rows)),
        warnings=[*law.metadata.warnings, *available.warnings],
        details=available.details,
    )


def ceilings(law: ScalingLaw, supply: Supply, rates: TokenRates) -> list[Row]:
    """A row a domain, under COLUMNS: what a run on this domain alone can be.

    ``one_epoch`` is the law's best run of as many tokens as there are; ``four_epochs`` the one of four times as many,
    repeats worth as much as the law says (None for a law without a loss). A domain without tokens feeds no run.

    Args:
        law: the law.
        supply: in any tokenizer's tokens.
        rates: what is known of tokenizers, to convert the supply to the law's tokens.
    """
    rows = []
    for entry in convert(supply, law.metadata.tokenizer, rates).domains:
        found = ceiling(law, [DomainPool(1.0, entry.tokens_unique)]) if entry.tokens_unique else None
        row = {
            "domain": entry.domain,
            "corpus": entry.origin or supply.origin,
            "counted": entry.counted or None,
            "tokens_unique": entry.tokens_unique,
            "tokens_unique_low": entry.tokens_unique_low,
            "tokens_unique_high": entry.tokens_unique_high,
        }
        rows.append(row | {name: getattr(found, name, None) for name in _REACH})
    return rows


def compare_code_and_web(rows: Sequence[Row]) -> Iterator[str]:
    """How much less far code reaches than web pages, in one sentence; none where one of them has no ceiling.

    Args:
        rows: of `ceilings`.
    """
    found = {row["domain"]: row for row in rows if row["flops_one_epoch"]}
    if not found.keys() >= set(_COMPARED):
        return
    code, web = (found[domain] for domain in _COMPARED)
    few, many = sorted((code, web), key=lambda row: float(row["flops_one_epoch"]))
    tokens = many["tokens_unique"] / few["tokens_unique"]
    flops = many["flops_one_epoch"] / few["flops_one_epoch"]
    yield (
        f"{few['domain']}: {format_count(few['tokens_unique'])} tokens feed a compute-optimal run of "
        f"{format_power(few['flops_one_epoch'])} FLOPs ({format_count(few['params_one_epoch'])} params) once; "
        f"{many['domain']}: {format_count(many['tokens_unique'])}, {format_power(many['flops_one_epoch'])} FLOPs "
        f"({format_count(many['params_one_epoch'])} params): {few['domain']} has {tokens:.3g} times fewer tokens and "
        f"feeds a run of {flops:.3g} times less compute"
    )
