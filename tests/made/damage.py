"""A damaged or odd file, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A file and what becomes of it.

    Attributes:
        name: name of the file.
        data: its bytes.
        documents: how many documents it has.
        bad: code, ordinal, offset, and words of the reason, of each bad record.
        left_out: rule -> how many records or files it leaves out.
        words: words that one of its documents contains.
    """

    name: str
    data: bytes
    documents: int = 0
    bad: Sequence[tuple[str, int | None, int | None, str]] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    words: str = ""
