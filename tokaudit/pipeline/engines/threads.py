"""Stages in threads of this process, with results in a folder, so that those of other processes are taken too."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tokaudit.core.engine import Stage
from tokaudit.core.ordered_map import ordered_map
from tokaudit.pipeline.engines.tasks import Results, perform, result_name
from tokaudit.pipeline.engines.work_folder import WorkFolder

T = TypeVar("T")
R = TypeVar("R")


class FolderEngine:
    """Runs stages in threads. A result that is in the folder already is taken from there.

    Args:
        folder: the folder.
        workers: number of threads.
    """

    def __init__(self, folder: WorkFolder, workers: int) -> None:
        self._folder = folder
        self._workers = workers

    @contextmanager
    def map(self, stage: Stage[T, R], tasks: Iterable[T]) -> Generator[Iterator[R]]:
        """See `Engine`. If the context ends without an error, the results are removed from the folder.

        Raises:
            InputError: the folder can't be used, or a task refuses its input.
        """
        results: Results[R] = Results(stage, self._folder)
        with self._performed(stage, tasks, results.there) as names:
            yield _taken(results, names)
            results.remove_taken()

    def perform_all(self, stage: Stage[T, R], tasks: Iterable[T]) -> tuple[int, int]:
        """Write the results that are not in the folder; returns how many were written, and how many were there.

        Raises:
            InputError: as `map`.
        """
        there = self._folder.names()
        with self._performed(stage, tasks, there) as names:
            found = [name in there for name in names]
        return found.count(False), found.count(True)

    @contextmanager
    def _performed(self, stage: Stage[T, R], tasks: Iterable[T], there: set[str]) -> Iterator[Iterator[str]]:
        """A context with the names of the results, each once it is in the folder."""

        def made(task: T) -> str:
            name = result_name(stage, task)
            if name not in there:
                perform(stage, task, self._folder, name)
            return name

        with ordered_map(made, tasks, self._workers, self._workers) as names:
            yield names


def _taken(results: Results[R], names: Iterable[str]) -> Iterator[R]:
    for name in names:
        with results.take(name) as result:
            yield result
