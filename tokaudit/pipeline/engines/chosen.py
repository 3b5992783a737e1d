"""The engines that an ingest asks for, and the folder in which their results wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tokaudit.catalog.layout import parts_folder
from tokaudit.core.engine import Engine
from tokaudit.pipeline.engines import LOCAL, EngineChoice
from tokaudit.pipeline.engines.ray import RayEngine
from tokaudit.pipeline.engines.threads import FolderEngine
from tokaudit.pipeline.engines.work_folder import WorkFolder, work_folder


class Engines(NamedTuple):
    """What runs the stages of an ingest; None: threads of this process, which leave no files.

    Attributes:
        measure: reads and measures files.
        compare: looks for near-duplicates, in the files of signatures next to the catalog.
        reread: reads texts of borderline similarity again.
    """

    measure: Engine | None = None
    compare: Engine | None = None
    reread: Engine | None = None


def folder_of(choice: EngineChoice, catalog: Path) -> WorkFolder:
    """The folder in which results wait: the one that is named, or one next to the catalog."""
    return work_folder(choice.work or str(parts_folder(catalog) / "work"))


@contextmanager
def engines_of(choice: EngineChoice, catalog: Path, workers: int, memory: int) -> Iterator[Engines]:
    """A context with the engines; until it ends, Ray stays connected once a stage has run there.

    With a work folder of its own, the folder of the catalog may be on this machine alone: then texts are compared here.

    Args:
        choice: what the user asks for.
        catalog: the DuckDB file.
        workers: number of threads here, and of cores of a cluster that is started here.
        memory: bytes that a task on a cluster reserves.
    """
    folder = folder_of(choice, catalog)
    if choice.name == LOCAL.name:
        yield Engines(measure=FolderEngine(folder, workers) if choice.by_shard else None)
        return
    with RayEngine(folder, choice.address, workers, memory) as engine:
        yield Engines(measure=engine, compare=engine if choice.work is None else None, reread=engine)
