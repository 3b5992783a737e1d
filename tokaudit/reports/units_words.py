"""Runs and shares in words."""

from typing import Final

from tokaudit.core.units import format_count

_LEAST: Final = 1e-4
_WHOLE: Final = 10, 99.5  # percentages between these are written without a fraction


def tokens_per_parameter(params: float, tokens: float) -> str:
    """``20 tokens per parameter``."""
    each = tokens / params
    return f"{each:,.0f} tokens per parameter" if each >= 100 else f"{each:.3g} tokens per parameter"


def run_size(params: float, tokens: float) -> str:
    """``70.0B parameters and 1.40T tokens``."""
    return f"{format_count(params)} parameters and {format_count(tokens)} tokens"


def tokens_of(tokenizer: str) -> str:
    """A sentence that says which tokenizer counted the tokens of a table."""
    return f"Tokens are those of {tokenizer}."


def percent(share: float | None) -> str:
    """``92 %``, ``2.57 %``; ``<0.01 %`` for almost nothing, ``-`` for None."""
    low, high = _WHOLE
    if share is not None and low <= abs(100 * share) < high:
        return f"{100 * share:.0f} %"
    return mixture_share(share)


def mixture_share(share: float | None) -> str:
    """``16.5 %``, with three digits, as shares of a mixture are compared with each other; else as `percent`."""
    if share is None:
        return "-"
    return "<0.01 %" if 0 < abs(share) < _LEAST else f"{100 * share:.3g} %"
