"""A share of the tasks of one stage, as one of many jobs does it."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import TypeVar

from tokaudit.core.engine import ShareDone, Stage
from tokaudit.core.errors import InputError
from tokaudit.core.rows import Row
from tokaudit.pipeline.engines.tasks import Results, result_name
from tokaudit.pipeline.engines.threads import FolderEngine
from tokaudit.pipeline.engines.work_folder import WorkFolder

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RankResult:
    """What a job did.

    Attributes:
        stage: name of the stage.
        rank, ranks: the share of the job, from 0, and the number of shares.
        tasks: number of tasks of all jobs.
        performed: number of tasks that the job performed.
        there: number of its tasks whose results were there.
    """

    stage: str
    rank: int
    ranks: int
    tasks: int
    performed: int
    there: int

    def document(self) -> Row:
        """The JSON document of ``tokaudit stage``."""
        return asdict(self)

    def rows(self) -> list[Row]:
        """One row per field."""
        return [{"field": name, "value": value} for name, value in self.document().items()]


class RankEngine:
    """Performs every task of a stage whose number leaves the rank when it is divided by the number of ranks.

    Results of other stages are taken from the folder. All results stay there.

    Args:
        folder: the folder.
        stage: name of the stage.
        rank: from 0.
        ranks: number of ranks.
        workers: number of threads.
    """

    def __init__(self, folder: WorkFolder, stage: str, rank: int, ranks: int, workers: int) -> None:
        self._folder = folder
        self._workers = workers
        self.done = RankResult(stage, rank, ranks, 0, 0, 0)
        """What is done so far."""

    @contextmanager
    def map(self, stage: Stage[T, R], tasks: Iterable[T]) -> Generator[Iterator[R]]:
        """See `Engine`.

        Raises:
            InputError: a result of another stage is not in the folder, or the folder can't be used.
            ShareDone: the stage is the one of this engine, whose share is now done.
        """
        if stage.name == self.done.stage:
            self.perform(stage, tasks)
            raise ShareDone
        yield self._taken(Results(stage, self._folder), stage, tasks)

    def perform(self, stage: Stage[T, R], tasks: Iterable[T]) -> None:
        """Perform the share of some tasks, which are all drawn; raises InputError as `map`."""
        before, seen = self.done, [0]
        mine = islice(_counted(tasks, seen), before.rank, None, before.ranks)
        performed, there = FolderEngine(self._folder, self._workers).perform_all(stage, mine)
        self.done = replace(
            before,
            tasks=before.tasks + seen[0],
            performed=before.performed + performed,
            there=before.there + there,
        )

    def _taken(self, results: Results[R], stage: Stage[T, R], tasks: Iterable[T]) -> Iterator[R]:
        for task in tasks:
            name = result_name(stage, task)
            if name not in results.there:
                raise InputError(
                    f"{self._folder.place}: results of the stage `{stage.name}` are missing; first run"
                    f" `tokaudit stage {stage.name}` with each rank, and with the same --work"
                )
            with results.take(name) as result:
                yield result


def _counted(tasks: Iterable[T], seen: list[int]) -> Iterator[T]:
    """The tasks, whose number is added to `seen[0]`."""
    for task in tasks:
        seen[0] += 1
        yield task
