"""Counts of the parts of a file that are left out: members of an archive, or records of a crawl."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tokaudit.core.batches import Omitted

_MOST_KINDS: Final = 1_000
"""Most kinds that are told apart among the parts left out by one rule or another."""


@dataclass(slots=True)
class _Count:
    """Parts of one kind: their number, their bytes and the name of the first."""

    example: str
    number: int = 0
    bytes: int = 0


class LeftOutParts:
    """Counts the parts of one file that are left out, by rule and suffix."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], _Count] = {}

    def add(self, rule: str, suffix: str, size: int, example: Callable[[], str], number: int = 1) -> None:
        """Count parts.

        Args:
            rule: name of the rule that leaves them out.
            suffix: what tells kinds of parts apart, as in `Omitted`.
            size: their bytes.
            example: gives the name of the first of them; it is only asked for the first of a kind.
            number: how many they are.
        """
        count = self._counts.get((rule, suffix))
        if count is None:
            kind = (rule, suffix if len(self._counts) < _MOST_KINDS else "")
            count = self._counts.setdefault(kind, _Count(example()))
        count.number += number
        count.bytes += size

    @property
    def is_full(self) -> bool:
        """Whether further kinds would no longer be told apart."""
        return len(self._counts) >= _MOST_KINDS

    def omitted(self) -> list[Omitted]:
        """What was left out, in the order in which its kinds first came."""
        return [
            Omitted(rule, suffix, count.number, count.bytes, count.example)
            for (rule, suffix), count in self._counts.items()
        ]
