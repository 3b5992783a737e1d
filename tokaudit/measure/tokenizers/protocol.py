"""Whose tokens: what a source of vocabularies finds, and counters from Arrow text to token counts.

name -resolve-> Vocabulary (a canonical tokenizer.json) -load_counter-> Counter -count-> tokens a document
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from tokaudit.core.types import Int64


DEFAULT: Final = "cl100k_base"
LONGEST: Final = 4_000_000
"""Bytes of the longest piece of a document that is counted: for longer words counters take minutes and gigabytes."""
UNCOUNTED: Final = -1
"""Stands for the count of a document that is longer and has no place to cut it."""


@dataclass(frozen=True, slots=True)
class RankFile:
    """A vocabulary as the .tiktoken file that it was built from.

    Attributes:
        scheme: how texts are split, a name of `schemes` that gigatoken has, too.
        load: reads or builds the file's bytes.
    """

    scheme: str
    load: Callable[[], bytes] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What decides how a text is cut into tokens.

    Attributes:
        name: what people call it.
        sha256: hash of ``json``: equal exactly when the counts are decided by the same data.
        source: where it comes from: a package, a file, a repository and revision.
        load: reads or builds the canonical ``tokenizer.json`` (see `canonical`); it may take seconds.
        ranks: the same as ranks, which load in a third of the time; None where there are none.
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
        """Sources are asked in rising order, no two have the same; the first that knows the name has it."""
        ...

    @property
    def activity(self) -> str:
        """What finding a vocabulary is called while it takes long, such as ``downloading``."""
        ...

    @property
    def forms(self) -> str:
        """What a name of this source looks like, for messages."""
        ...

    def find(self, name: str) -> Vocabulary | None:
        """The vocabulary of that name; None if the name is not of this source's form.

        Raises:
            UsageError: the name is of this form, but nothing is there.
            InputError: what is there can't be read as a vocabulary.
        """
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands in the catalog beside every count.

    Attributes:
        name: the vocabulary's name.
        sha256: hash of the vocabulary.
        counter: package and version that counts, such as ``gigatoken 0.10.0``; all give the same numbers.
    """

    name: str
    sha256: str
    counter: str


class Counter(Protocol):
    """Counts tokens; may be called from many threads at once and works on the calling one."""

    @property
    def identity(self) -> Identity:
        """Name and hash of the vocabulary, and what counts."""
        ...

    @property
    def fallback_reason(self) -> str | None:
        """Why the slow reference counts; None if the fast counter does."""
        ...

    def count(self, text: "pa.LargeStringArray") -> "Int64":
        """Tokens of each document, in order; special tokens are never added.

        ``UNCOUNTED`` where a stretch of a document is longer than ``LONGEST`` and has no place to cut it.

        Args:
            text: the documents; no nulls.

        Raises:
            InputError: the vocabulary fails on a text.
        """
        ...
