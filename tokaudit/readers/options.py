"""How a reader reads: where the text is, how much of it comes at once, and which limits hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from tokaudit.core.extraction import Extraction
from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.limits import Limits

if TYPE_CHECKING:
    from tokaudit.core.token_ids import TokenIds

TEXT_FIELDS: Final = ("text", "content", "raw_content", "body", "markdown", "code")
"""The fields that are tried, in this order, if the user names none: the first that a file has contains its text."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choice for a file or a member of an archive: the name of its reader, or the rule that leaves it out.

    Attributes:
        reader: name of the reader; None if the file is left out.
        left_out: name of the rule; None if the file is read.
        file: the file with its bytes if the choice had to read it; else None.
    """

    reader: str | None = None
    left_out: str | None = None
    file: InputFile | None = None


class Members(Protocol):
    """How the members of an archive are counted; an `Ingester` says it."""

    @property
    def choose(self) -> Callable[[InputFile], Chosen]:
        """A function from a member, with its bytes, to its reader or the rule that leaves it out."""
        ...

    @property
    def is_code(self) -> bool:
        """Whether they are a source tree, in which hidden names count as ever."""
        ...

    @property
    def old_encodings(self) -> bool:
        """Whether plain texts in old encodings are decoded, rather than bad records."""
        ...

    @property
    def labels(self) -> Callable[[InputFile], Mapping[str, str]]:
        """A function from a member to the labels of its documents."""
        ...


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a reader finds the text.

    Attributes:
        text_fields: fields or columns to look for, for formats that have fields; the first that a file has is used.
        labels: label name -> field to keep.
        batch_bytes: approximate bytes of text per batch; a longer document is a batch of its own.
        batch_documents: most documents per batch, however short they are.
        limits: limits on what a file may unpack to.
        extraction: how texts are extracted from pages and books.
        members: how plain texts and the members of an archive are counted; None: each as its name and bytes say.
        token_ids: the vocabulary of stores of token ids; None if no such store is read.
    """

    text_fields: tuple[str, ...] = TEXT_FIELDS
    labels: Mapping[str, str] = field(default_factory=dict)
    batch_bytes: int = 8_000_000
    batch_documents: int = 65_536
    limits: Limits = field(default_factory=Limits)
    extraction: Extraction = field(default_factory=Extraction)
    members: Members | None = None
    token_ids: "TokenIds | None" = None
