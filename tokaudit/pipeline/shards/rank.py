"""A share of an ingest's shards, measured by a job of its own."""

from pathlib import Path

from tokaudit.pipeline.engines.chosen import folder_of
from tokaudit.pipeline.engines.rank import RankEngine, RankResult
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.shards.measured import planned
from tokaudit.pipeline.shards.stage import MeasureStage


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
    stage = MeasureStage.of(request, how)
    engine = RankEngine(folder_of(request.engine, catalog), stage.name, rank, ranks, request.workers)
    engine.perform(stage, (shard.task() for shard in planned(request, how) if not shard.is_here))
    return engine.done
