"""How a reader reads: where the text is, how much of it comes at once, and which limits hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from tokaudit.readers.files import InputFile

if TYPE_CHECKING:
    from tokaudit.core.token_ids import TokenIds
    from tokaudit.readers.unpack.meter import Meter

TEXT_FIELDS: Final = ("text", "content", "raw_content", "body", "markdown", "code")
"""The fields that are tried, in this order, if the user names none: the first that a file has contains its text."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on what a file may unpack to, so that a small file can't fill the memory or never end.

    The defaults refuse no text that was found. Code, web pages and books are packed to a third to a twelfth, logs to
    a tenth, JSON made from a template to between 1/130 and 1/460. A log of one message with a time per line reaches
    1/90 to 1/1090, one line again and again 1/340 to 1/12,000; that many bytes of them are rare. Zeros, of which
    bombs are made, are packed to between 1/1,030 (gzip) and 1/625,000 (bzip2).

    Attributes:
        record: most bytes of one record, document or member of an archive.
        ratio: most unpacked bytes per stored byte. It holds for files that unpack to more than `ratio_from` bytes.
        total: most unpacked bytes of one file.
        members: most members of one archive.
        meter: counts what the members of one archive unpack to together; None: each file is counted alone.
    """

    record: int = 1 << 30
    ratio: int = 500
    ratio_from: int = 1 << 31
    total: int = 1 << 44
    members: int = 10_000_000
    meter: "Meter | None" = field(default=None, compare=False, repr=False)

    def or_larger(self, other: "Limits") -> "Limits":
        """Each limit, or that of the other if it is larger."""
        larger = {name: max(getattr(self, name), getattr(other, name)) for name in DEFAULT_LIMITS}
        return replace(self, **larger) if larger != self.given() else self

    def given(self) -> dict[str, int]:
        """The limits that users can change, by name."""
        return {name: getattr(self, name) for name in DEFAULT_LIMITS}


DEFAULTS: Final = Limits()

DEFAULT_LIMITS: Final = {"record": "1GiB", "ratio": "500", "total": "16TiB", "members": "10000000"}
"""The defaults of `Limits` that users can change, as they write them."""


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
        members: how the members of an archive are counted; None: each as its name and first bytes say.
        token_ids: the vocabulary of stores of token ids; None if no such store is read.
    """

    text_fields: tuple[str, ...] = TEXT_FIELDS
    labels: Mapping[str, str] = field(default_factory=dict)
    batch_bytes: int = 8_000_000
    batch_documents: int = 65_536
    limits: Limits = field(default_factory=Limits)
    members: Members | None = None
    token_ids: "TokenIds | None" = None
