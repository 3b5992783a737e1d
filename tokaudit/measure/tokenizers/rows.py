"""Vocabularies as rows: all bundled ones, or any one by name."""

from tokaudit.core.rows import Row
from tokaudit.measure.tokenizers.agreement_check import known_counter
from tokaudit.measure.tokenizers.canonical import vocabulary_size
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.measure.tokenizers.sources.bundled import BUNDLED


def bundled_rows() -> list[Row]:
    """One row per bundled vocabulary. The counter is None until the vocabulary has been loaded once."""
    return [
        {
            "tokenizer": name,
            "tokens": bundled.tokens,
            "licence": bundled.licence,
            "source": bundled.origin,
            "vocabulary_sha256": bundled.sha256,
            "counter": known_counter(bundled.sha256),
        }
        for name, bundled in BUNDLED.items()
    ]


def tokenizer_row(name: str) -> Row:
    """The row of one vocabulary, which is loaded. ``fallback_reason`` is None if the fast counter counts.

    Raises:
        UsageError: there is no vocabulary of that name.
        InputError: the data of that name can't be read as a vocabulary.
    """
    vocabulary = resolve(name)
    counter = load_counter(vocabulary)
    return {
        "tokenizer": vocabulary.name,
        "tokens": vocabulary_size(vocabulary.load()),
        "licence": BUNDLED[name].licence if name in BUNDLED else None,
        "source": vocabulary.source,
        "vocabulary_sha256": vocabulary.sha256,
        "counter": counter.identity.counter,
        "fallback_reason": counter.fallback_reason,
    }
