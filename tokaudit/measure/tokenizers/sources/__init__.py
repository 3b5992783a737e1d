"""Sources of vocabularies, one module each."""

from typing import Final

from tokaudit.core.plugins import Registry
from tokaudit.measure.tokenizers.protocol import Source

SOURCES: Final = Registry[Source]("tokaudit.measure.tokenizers.sources", "SOURCE", "tokenizer source")
