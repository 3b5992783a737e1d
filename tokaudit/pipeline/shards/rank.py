"""A share of an ingest's shards, measured by a job of its own."""

from dataclasses import asdict, dataclass
from pathlib import Path

from tokaudit.core.rows import Row
from tokaudit.pipeline.engines.chosen import folder_of
from tokaudit.pipeline.engines.threads import FolderEngine
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.shards.measured import planned
from tokaudit.pipeline.shards.stage import MeasureStage


@dataclass(frozen=True, slots=True)
class RankResult:
    """What a job did.

    Attributes:
        stage: name of the stage.
        rank, ranks: the share of the job, from 0, and the number of shares.
        shards: number of shards of the whole ingest.
        measured: number of shards that the job measured.
        there: number of its shards whose results were there.
    """

    stage: str
    rank: int
    ranks: int
    shards: int
    measured: int
    there: int

    def document(self) -> Row:
        """The JSON document of ``tokaudit stage measure``."""
        return asdict(self)

    def rows(self) -> list[Row]:
        """One row per field."""
        return [{"field": name, "value": value} for name, value in self.document().items()]


def measure_rank(request: IngestRequest, rank: int, ranks: int, catalog: Path) -> RankResult:
    """Measure every shard whose number leaves this rank when it is divided by the number of ranks.

    Args:
        request: the request of the whole ingest.
        rank: from 0.
        ranks: number of ranks.
        catalog: the catalog next to which results wait if the request names no folder.

    Raises:
        InputError: the folder can't be written.
    """
    how = request.how_measured(request.settings.labels)
    shards = [shard.task() for shard in planned(request, how) if not shard.is_here]
    engine = FolderEngine(folder_of(request.engine, catalog), request.workers)
    stage = MeasureStage.of(request, how)
    measured, there = engine.perform_all(stage, shards[rank::ranks])
    return RankResult(stage.name, rank, ranks, len(shards), measured, there)
