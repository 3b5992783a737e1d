"""Interfaces: sources that find vocabularies by name, and counters from Arrow text to token counts.

name -resolve-> Vocabulary (a canonical tokenizer.json) -load_counter-> Counter -count-> tokens per document
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    import pyarrow as pa

    from tokaudit.core.types import Int64


Number = TypeVar("Number", int, "Int64")

DEFAULT: Final = "cl100k_base"
LONGEST: Final = 4_000_000
"""Most bytes of a piece that is counted. For longer words, counters take minutes and gigabytes."""
UNCOUNTED: Final = -1
"""The count of a document with a longer piece that can't be cut."""


def foreign_id(number: Number) -> Number:
    """The count of a document with an id that the vocabulary does not have, from the id; or the id, from the count.

    It is less than ``UNCOUNTED``.
    """
    return -2 - number


@dataclass(frozen=True, slots=True)
class RankFile:
    """The .tiktoken file that a vocabulary was built from.

    Attributes:
        scheme: how texts are split: a name in `schemes` that gigatoken also knows.
        load: reads or builds the file's bytes.
    """

    scheme: str
    load: Callable[[], bytes] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The data that decides how a text is split into tokens.

    Attributes:
        name: its usual name.
        sha256: hash of the canonical ``tokenizer.json``: equal exactly if the same data decides the counts.
        source: where it comes from: a package, a file, or a repository and revision.
        load: reads or builds the canonical ``tokenizer.json`` (see `canonical`); this may take seconds.
        ranks: the same vocabulary as ranks, which load in a third of the time; None if there are none.
    """

    name: str
    sha256: str
    source: str
    load: Callable[[], bytes] = field(repr=False, compare=False)
    ranks: RankFile | None = field(default=None, repr=False, compare=False)


class Source(Protocol):
    """One way to name a vocabulary."""

    @property
    def precedence(self) -> int:
        """Sources are asked in ascending order, and the first that finds the name wins. No two may be equal."""
        ...

    @property
    def activity(self) -> str:
        """What finding a vocabulary is called while it takes long, such as ``downloading``."""
        ...

    @property
    def forms(self) -> str:
        """What names of this source look like, for messages."""
        ...

    def find(self, name: str) -> Vocabulary | None:
        """The vocabulary of that name; None if the name does not have this source's form.

        Raises:
            UsageError: the name has this form, but there is no such vocabulary.
            InputError: the data of that name can't be read as a vocabulary.
        """
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """What the catalog records with every count.

    Attributes:
        name: the vocabulary's name.
        sha256: hash of the vocabulary.
        counter: package and version that counts, such as ``gigatoken 0.10.0``; all counters give the same numbers.
    """

    name: str
    sha256: str
    counter: str


class Counter(Protocol):
    """Counts tokens. It may be called from many threads at once, and starts no threads of its own."""

    @property
    def identity(self) -> Identity:
        """Name and hash of the vocabulary, and the package that counts."""
        ...

    @property
    def fallback_reason(self) -> str | None:
        """Why the slow reference counts; None if the fast counter does."""
        ...

    def count(self, text: "pa.LargeStringArray") -> "Int64":
        """Tokens of each document, in order. Special tokens are never added.

        ``UNCOUNTED`` for a document that has more than ``LONGEST`` bytes without a place to cut.

        Args:
            text: the documents; no nulls.

        Raises:
            InputError: the vocabulary fails on a text.
        """
        ...
