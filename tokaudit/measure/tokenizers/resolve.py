"""From ``--tokenizer NAME`` to a vocabulary, and from a vocabulary to a counter."""

from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import Counter, Vocabulary
from tokaudit.measure.tokenizers.sources import SOURCES


def resolve(name: str) -> Vocabulary:
    """The vocabulary that ``--tokenizer NAME`` names, from the first source that finds it.

    Raises:
        UsageError: there is no vocabulary of that name; the message lists what is possible.
        InputError: the data of that name can't be read as a vocabulary.
    """
    sources = sorted((SOURCES.get(kind) for kind in SOURCES.names()), key=lambda source: source.precedence)
    for source in sources:
        if vocabulary := source.find(name):
            return vocabulary
    raise UsageError(f"unknown tokenizer {name!r} (known: {'; '.join(source.forms for source in sources)})")


def load_counter(vocabulary: Vocabulary) -> Counter:
    """The fastest counter that gives the reference's numbers for this vocabulary.

    Raises:
        InputError: the vocabulary can't be loaded.
    """
    from tokaudit.measure.tokenizers.loading import load  # noqa: PLC0415 - imports the packages that count

    return load(vocabulary)
