"""Runs and shares in words."""

from tokaudit.core.units import format_count


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
