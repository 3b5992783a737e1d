"""Stages, and the engines that run them: threads of this process, or tasks on a cluster.

A stage is a pure function of a task. An engine runs it for many tasks, and gives the results in the order of the
tasks, so that no number depends on the engine, its workers or the order in which they finish.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from tokaudit.core.ordered_map import ordered_map

T = TypeVar("T")
R = TypeVar("R")


class Stage(ABC, Generic[T, R]):
    """A pure function of a task, whose result can lie in a file. Stages and tasks can be sent to other machines.

    Attributes:
        name: its name, as in `tokaudit stage NAME`.
    """

    name: str

    @abstractmethod
    def key(self, task: T) -> str:
        """A hash, in hexadecimal, of all that the result depends on: input, parameters and versions."""

    @abstractmethod
    def run(self, task: T) -> R:
        """The result of a task."""

    @abstractmethod
    def write(self, result: R, file: Path) -> None:
        """Write the result to a new file."""

    @abstractmethod
    def read(self, file: Path) -> R:
        """The result in a file that `write` wrote."""


class Engine(Protocol):
    """Runs a stage for many tasks."""

    def map(self, stage: Stage[T, R], tasks: Iterable[T]) -> AbstractContextManager[Iterator[R]]:
        """A context with the results, in the order of the tasks; when it ends, no task is left running.

        Tasks are drawn only as fast as results are taken, so that memory does not grow with their number.
        """
        ...


class ShareDone(Exception):  # noqa: N818 - it is no error
    """Says that an engine has done its share of a stage, and that there are no results to go on with."""


class LocalEngine:
    """Runs stages in threads of this process. Nothing is written to files.

    Args:
        workers: number of threads.
        ahead: results that may wait for the caller; None: as many as there are workers.
    """

    def __init__(self, workers: int, ahead: int | None = None) -> None:
        self._workers = workers
        self._ahead = workers if ahead is None else ahead

    def map(self, stage: Stage[T, R], tasks: Iterable[T]) -> AbstractContextManager[Iterator[R]]:
        """See `Engine`."""
        return ordered_map(stage.run, tasks, self._workers, self._ahead)
