"""The rows of the registry that a user names: ``CORPUS`` or ``CORPUS/COMPONENT``."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from tokaudit.errors import UsageError
from tokaudit.published import PublishedCorpus
from tokaudit.reference import folded

_CLOSE: Final = 5


def find_rows(name: str, known: Sequence[PublishedCorpus]) -> list[PublishedCorpus]:
    """The one row of a component; for a corpus its standard rows, or its only row. In the order of ``known``.

    A name is taken as it is written, else with letter case and all but letters and digits aside.

    Args:
        name: ``CORPUS`` or ``CORPUS/COMPONENT``.
        known: the registry.

    Raises:
        UsageError: no such corpus or component, or none of the corpus's rows stands for it; the message lists what
            may be meant.
    """
    for written in (str, folded):
        component = [row for row in known if written(row.name) == written(name)]
        corpus = [row for row in known if written(row.corpus) == written(name)]
        if component or corpus:
            return component or _standard(corpus)
    corpus = [row for row in known if folded(row.corpus) == folded(name.partition("/")[0])]
    if corpus:
        raise UsageError(f"unknown component {name!r} (known: {_names(corpus)})")
    by_folded = {folded(row.corpus): row.corpus for row in known}
    close = get_close_matches(folded(name.partition("/")[0]), by_folded, n=_CLOSE)
    listed = [by_folded[match] for match in close] or sorted(by_folded.values(), key=str.casefold)
    raise UsageError(f"unknown corpus {name!r} ({'close' if close else 'known'}: {', '.join(listed)})")


def _standard(corpus: Sequence[PublishedCorpus]) -> list[PublishedCorpus]:
    found = [row for row in corpus if row.standard]
    if found or len(corpus) == 1:
        return found or list(corpus)
    raise UsageError(
        f"{corpus[0].corpus!r} alone stands for none of its rows: name one of them (known: {_names(corpus)})"
    )


def _names(rows: Sequence[PublishedCorpus]) -> str:
    return ", ".join(repr(row.name) for row in rows)
