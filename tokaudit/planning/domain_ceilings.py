"""The largest compute-optimal run that each domain of a supply can feed by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.catalog.reference.token_rates import TokenRates, token_rates
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power
from tokaudit.laws.find import find_law
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.planning.turning_points import ceiling
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
    """The largest run that each domain of a supply can feed.

    Attributes:
        rows: one per domain, under COLUMNS.
        law: name of the law.
        supply: where the supply's numbers come from.
        tokenizer: the law's tokenizer, in whose tokens all numbers are.
        sentences: a summary of the rows.
        warnings: what to know before using the rows.
        details: the source of each of the supply's numbers.
        complete: whether what is measured of the supply is final and of all the input.
    """

    rows: Sequence[Row]
    law: str
    supply: str
    tokenizer: str
    sentences: Sequence[str]
    warnings: Sequence[str]
    details: Sequence[str]
    complete: bool


def find_ceilings(law_name: str, supply: str, tokenizer: str | None, catalog: Path) -> DomainCeilings:
    """The ceilings of a supply, written as for ``--supply``, under a published law or one saved in the catalog.

    Raises:
        UsageError: there is no such law or supply.
        InputError: a supply's file can't be read.
        CatalogError: the law or the supply is in the catalog, and it can't be read.
    """
    found = find_law(law_name, catalog)
    law = found.law
    available = find_supply(supply, catalog, tokenizer, law.metadata.tokenizer)
    rows = ceilings(law, available, token_rates())
    return DomainCeilings(
        rows=rows,
        law=found.name,
        supply=available.origin,
        tokenizer=law.metadata.tokenizer,
        sentences=list(compare_code_and_web(rows)),
        warnings=[*found.notes, *law.metadata.warnings, *available.warnings],
        details=available.details,
        complete=available.complete,
    )


def ceilings(law: ScalingLaw, supply: Supply, rates: TokenRates) -> list[Row]:
    """One row per domain, under COLUMNS: how large a run on this domain alone can be.

    ``one_epoch`` is the law's best run on as many tokens as there are. ``four_epochs`` is the best run on four times as
    many, with repeats by the law (None for a law without a loss). A domain without tokens feeds no run: None.

    Args:
        law: the law.
        supply: in the tokens of any tokenizer.
        rates: token rates of tokenizers, to convert the supply to the law's tokens.
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
    """One sentence that compares the ceilings of code and of web pages; none if one of them has no ceiling.

    Args:
        rows: the rows of `ceilings`.
    """
    found = {row["domain"]: row for row in rows if row["flops_one_epoch"]}
    if not found.keys() >= set(_COMPARED):
        return
    code, web = (found[domain] for domain in _COMPARED)
    few, many = sorted((code, web), key=lambda row: float(row["flops_one_epoch"]))
    tokens = many["tokens_unique"] / few["tokens_unique"]
    flops = many["flops_one_epoch"] / few["flops_one_epoch"]
    yield (
        f"in one epoch, {format_count(few['tokens_unique'])} tokens of {few['domain']} feed a compute-optimal run of "
        f"{format_power(few['flops_one_epoch'])} FLOPs ({format_count(few['params_one_epoch'])} parameters); "
        f"{format_count(many['tokens_unique'])} tokens of {many['domain']} feed one of "
        f"{format_power(many['flops_one_epoch'])} FLOPs ({format_count(many['params_one_epoch'])} parameters); "
        f"{many['domain']} has {tokens:.3g} times the tokens and feeds {flops:.3g} times the compute"
    )
