"""The engines that measure files: threads of this process, or tasks of Ray."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

ENGINES: Final = ("local", "ray")
"""Names of the engines, as users type them."""


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The engine that a user asks for.

    Attributes:
        name: one of `ENGINES`.
        address: address of a running cluster of Ray; None: the one that ``$RAY_ADDRESS`` names, else one that runs as
            long as it is needed.
        work: folder or URL that all nodes share, where results wait; None: next to the catalog.
    """

    name: str = ENGINES[0]
    address: str | None = None
    work: str | None = None

    @property
    def by_shard(self) -> bool:
        """Whether files are measured by shard, with results in a folder."""
        return self.name != ENGINES[0] or self.work is not None

    def recorded(self) -> dict[str, str]:
        """What the catalog records of it."""
        given = {"engine": self.name, "ray_address": self.address, "work": self.work}
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def of(cls, recorded: Mapping[str, Any]) -> Self:
        """The choice that the catalog recorded."""
        return cls(recorded.get("engine", ENGINES[0]), recorded.get("ray_address"), recorded.get("work"))


LOCAL: Final = EngineChoice()
"""Threads of this process."""
