"""Runs and shares in words."""

from tokaudit.core.units import format_count


def tokens_per_parameter(params: float, tokens: float) -> str:
    """``20 tokens per parameter``."""
    return f"{ratio(tokens / params)} tokens per parameter"


def ratio(value: float) -> str:
    """``20``, ``1.71`` or ``1,875``."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def run_size(params: float, tokens: float) -> str:
    """``70.0B parameters and 1.40T tokens``."""
    return f"{format_count(params)} parameters and {format_count(tokens)} tokens"


def tokens_of(tokenizer: str) -> str:
    """A sentence that says which tokenizer counted the tokens of a table."""
    return f"Tokens are those of {tokenizer}."
