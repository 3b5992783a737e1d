"""Tasks of a stage whose results lie in a folder: run on this machine or on others, and taken by the one that asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from tokaudit.core.engine import Stage
from tokaudit.pipeline.engines.work_folder import WorkFolder

T = TypeVar("T")
R = TypeVar("R")


def result_name(stage: Stage[T, R], task: T) -> str:
    """The name of the file with the result of a task."""
    return f"{stage.name}-{stage.key(task)}.result"


def perform(stage: Stage[T, R], task: T, folder: WorkFolder, name: str) -> None:
    """Run a task, and write its result to the file of this name.

    Raises:
        InputError: the file can't be written, or the task refuses its input.
    """
    folder.put(name, lambda file: stage.write(stage.run(task), file))


class Results(Generic[R]):
    """The results of a stage in a folder, as the one that asks for them takes them.

    Attributes:
        there: names of the results that were there at the start.
    """

    def __init__(self, stage: Stage[T, R], folder: WorkFolder) -> None:
        self.there = folder.names()
        self._read = stage.read
        self._folder = folder
        self._taken: list[str] = []

    @contextmanager
    def take(self, name: str) -> Iterator[R]:
        """A context with a result, whose file is there until the context ends.

        Raises:
            InputError: the file is not there, or it is damaged.
        """
        self._taken.append(name)
        with self._folder.fetched(name) as file:
            yield self._read(file)

    def remove_taken(self) -> None:
        """Remove the files of the results that were taken."""
        self._folder.remove(self._taken)
