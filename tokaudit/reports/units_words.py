"""Runs and shares in words."""

from typing import Final

from tokaudit.core.units import format_count

_LEAST: Final = 1e-4


def tokens_per_parameter(params: float, tokens: float) -> str:
    """``20 tokens a param``."""
    each = tokens / params
    return f"{each:,.0f} tokens a param" if each >= 100 else f"{each:.3g} tokens a param"


def run_size(params: float, tokens: float) -> str:
    """``70.0B params and 1.40T tokens``."""
    return f"{format_count(params)} params and {format_count(tokens)} tokens"


def percent(share: float | None) -> str:
    """``12.5%``; ``<0.01%`` for what is hardly anything, ``-`` for None."""
    if share is None:
        return "-"
    return "<0.01%" if 0 < abs(share) < _LEAST else f"{100 * share:.3g}%"
