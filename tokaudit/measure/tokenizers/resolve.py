"""What ``--tokenizer NAME`` means, and the counter for it."""

from tokaudit.core.errors import UsageError
from tokaudit.core.progress import Notify, ignore
from tokaudit.measure.tokenizers.protocol import Counter, Vocabulary
from tokaudit.measure.tokenizers.sources import SOURCES


def resolve(name: str, notify: Notify = ignore) -> Vocabulary:
    """The vocabulary that ``--tokenizer NAME`` means: that of the first source that knows the name.

    Args:
        name: a bundled name, a path or a repository id.
        notify: hears what may take long.

    Raises:
        UsageError: no source knows the name; the message lists the forms of names.
        InputError: what is there can't be read as a vocabulary.
    """
    sources = sorted((SOURCES.get(kind) for kind in SOURCES.names()), key=lambda source: source.precedence)
    for source in sources:
        notify(f"{source.activity} tokenizer {name}")
        if vocabulary := source.find(name):
            return vocabulary
    raise UsageError(f"unknown tokenizer {name!r} (known: {'; '.join(source.forms for source in sources)})")


def load_counter(vocabulary: Vocabulary, notify: Notify = ignore) -> Counter:
    """The fastest counter that gives the reference's numbers for this vocabulary.

    Args:
        vocabulary: what to count with.
        notify: hears what may take long.

    Raises:
        InputError: the vocabulary can't be loaded.
    """
    from tokaudit.measure.tokenizers.loading import load  # noqa: PLC0415 - it brings what counts

    return load(vocabulary, notify)
