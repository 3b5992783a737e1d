"""The known laws as rows: what they count, the ranges they were fitted on, and their constants."""

from pathlib import Path
from typing import Final

from tokaudit.core.rows import Row
from tokaudit.laws.find import find_law, law_names
from tokaudit.laws.protocol import ScalingLaw

_WHAT: Final = ("law", "source", "params_counted", "corpus", "tokenizer", "valid_flops_low", "valid_flops_high")
_MORE: Final = (
    *("valid_params_low", "valid_params_high", "valid_tokens_low", "valid_tokens_high"),
    *("valid_tokens_per_param_low", "valid_tokens_per_param_high"),
    *("interval_level", "interval", "standing", "about", "aliases", "warnings"),
)


def law_rows(catalog: Path) -> tuple[list[Row], tuple[str, ...], tuple[str, ...]]:
    """One row per law, published or saved in the catalog; then all columns; then the columns that people see."""
    laws = {name: find_law(name, catalog).law for name in law_names(catalog)}
    constants = tuple(dict.fromkeys(constant for law in laws.values() for constant in law.constants))
    empty = dict.fromkeys(constants)
    rows = [_row(name, law) | empty | dict(law.constants) for name, law in laws.items()]
    return rows, (*_WHAT, *constants, *_MORE), ("law", "aliases", *_WHAT[1:], *constants)


def _row(name: str, law: ScalingLaw) -> Row:
    metadata = law.metadata
    interval = metadata.interval
    row: Row = {
        "law": name,
        "source": metadata.source,
        "params_counted": metadata.params_counted,
        "corpus": metadata.corpus,
        "tokenizer": metadata.tokenizer,
    }
    for quantity in ("flops", "params", "tokens", "tokens_per_param"):
        known = getattr(metadata.valid, quantity)
        row[f"valid_{quantity}_low"], row[f"valid_{quantity}_high"] = known or (None, None)
    return row | {
        "interval_level": interval.level if interval else None,
        "interval": {constant: list(bounds) for constant, bounds in interval.bounds.items()} if interval else None,
        "standing": metadata.standing,
        "about": metadata.about or None,
        "aliases": list(metadata.aliases),
        "warnings": list(metadata.warnings),
    }
