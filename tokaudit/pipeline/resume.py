"""Finishing what was cut off: groups of duplicates, removed sources, upgrades, and ingests with their own options."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.unfinished import Unfinished, unfinished, unfinished_upgrade
from tokaudit.core.errors import CatalogError, TokauditError
from tokaudit.core.progress import ProgressListener
from tokaudit.core.rows import Row
from tokaudit.pipeline.groups import finish_groups
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.options import ingest_request, resumed_options
from tokaudit.pipeline.result import IngestResult

COLUMNS: Final = ("work", "source", "started", "finished", "why")


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of a piece of work.

    Attributes:
        work: the work as it was.
        result: the result of an ingest; None for other work, and if it was refused.
        why: why it is still not finished; None if it is.
        exit_code: exit code of that; 0 if it is finished.
    """

    work: Unfinished
    result: IngestResult | None = None
    why: str | None = None
    exit_code: int = 0

    def row(self) -> Row:
        """The work with the columns `COLUMNS`."""
        work = self.work
        done = {"finished": self.why is None, "why": self.why}
        return {"work": work.work, "source": work.source, "started": work.started, **done}


@dataclass(frozen=True, slots=True)
class ResumeResult:
    """What became of all the work that was not finished."""

    resumed: Sequence[Resumed]

    @property
    def complete(self) -> bool:
        """Whether all is finished, and all input of the ingests could be counted."""
        return all(each.why is None and (each.result is None or each.result.complete) for each in self.resumed)

    @property
    def exit_code(self) -> int:
        """The code of the first refusal; 1 if something could not be counted; else 0."""
        return next((each.exit_code for each in self.resumed if each.exit_code), int(not self.complete))

    def rows(self) -> list[Row]:
        """A row per piece of work."""
        return [each.row() for each in self.resumed]

    def notes(self) -> list[str]:
        """Sentences that the user must read."""
        if not self.resumed:
            return ["nothing to do: no work on this catalog was cut off"]
        refused = [each.why for each in self.resumed if each.why is not None]
        of_ingests = [
            f"source {each.result.source}: {note}"
            for each in self.resumed
            if each.result
            for note in each.result.notes()
        ]
        return [*of_ingests, *refused]

    def document(self) -> Row:
        """The JSON document of ``tokaudit resume``."""
        ingests = [each.result.document() for each in self.resumed if each.result]
        return {"rows": self.rows(), "ingests": ingests, "complete": self.complete, "warnings": self.notes()}


def resume(
    catalog: Path, workers: int, memory: int, listener: ProgressListener, work_folder: str | None = None
) -> ResumeResult:
    """Finish all work on a catalog that was cut off. An ingest is run again with its own options.

    Files that it had finished and that have not changed are not read again. An ingest that is refused does not stop the
    others.

    Args:
        catalog: the DuckDB file.
        workers: number of threads that measure.
        memory: about how many bytes the batches in memory may take.
        listener: hears how far it has come.
        work_folder: folder or URL in which results of stages of grouping may wait; None: next to the catalog.

    Raises:
        CatalogError: the catalog can't be read or written, or its signatures are missing.
    """
    with open_readonly(catalog) as connection:
        work = [*unfinished(connection), *unfinished_upgrade(catalog)]
    if not work:
        return ResumeResult(())
    finish_groups(catalog, listener.note, work_folder)
    done = [
        _ingested(catalog, each, workers, memory, listener) if each.work == "ingest" else Resumed(each) for each in work
    ]
    return ResumeResult(done)


def _ingested(catalog: Path, work: Unfinished, workers: int, memory: int, listener: ProgressListener) -> Resumed:
    """What became of an ingest that is run again."""
    options = resumed_options(work.settings or {})
    if options is None:
        came = "its text came from stdin or from memory, or an older tokaudit ran it"
        return Resumed(
            work, None, f"source {work.source!r}: the ingest can't be run again here, because {came}; run it again", 1
        )
    listener.note(f"source {work.source}")
    try:
        request = ingest_request(replace(options, workers=workers, memory=memory, groups=True), listener.note)
        return Resumed(work, ingest(catalog, request, listener))
    except CatalogError:
        raise  # no other source could be counted
    except TokauditError as error:
        return Resumed(work, None, f"source {work.source!r}: {error}", error.exit_code)
