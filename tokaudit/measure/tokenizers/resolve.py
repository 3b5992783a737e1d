"""What ``--tokenizer NAME`` means, and the counter for it."""

from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import Counter, Vocabulary
from tokaudit.measure.tokenizers.sources import SOURCES


def resolve(name: str) -> Vocabulary:
    """What ``--tokenizer NAME`` means to the first source that knows the name, such as that of bundled vocabularies.

    Raises:
        UsageError: there is nothing of that name; the message lists what can be given.
        InputError: what is there can't be read as a vocabulary.
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
    from tokaudit.measure.tokenizers.loading import load  # noqa: PLC0415 - it brings what counts

    return load(vocabulary)
