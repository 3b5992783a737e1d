"""The readers of stores of token ids, known by name so that no reader has to be loaded to ask."""

from typing import Final

STORE_READERS: Final = frozenset({"megatron", "olmo", "token-ids"})
"""Their names. Their files contain token ids in place of text, which one tokenizer made."""
