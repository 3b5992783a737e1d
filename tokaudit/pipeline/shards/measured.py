"""Files measured by shard: by tasks whose results this process takes from a folder, in the order of the files."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from tokaudit.core.engine import Engine
from tokaudit.core.progress import ProgressListener
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.engines import LOCAL
from tokaudit.pipeline.engines.tasks import result_name
from tokaudit.pipeline.engines.work_folder import WorkFolder
from tokaudit.pipeline.how_measured import HowMeasured
from tokaudit.pipeline.measuring import MeasuredWork
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.shards.cut import Shard, cut
from tokaudit.pipeline.shards.joined import joined
from tokaudit.pipeline.shards.stage import MeasureStage


def planned(request: IngestRequest, how: HowMeasured) -> list[Shard]:
    """The shards of all files of a request, as if the catalog had none of them."""
    counters = {counter.identity.name: counter for counter in request.counters}
    fields = request.settings.text_fields
    tasks = [
        FileTask(each.file, each.reader, None, counters, fields.of(each.file.below), request.limits)
        for each in request.selected
    ]
    return list(cut(request.selected, tasks, how.read_options(1, has_pages=False)))


@contextmanager
def measured_by_shard(
    tasks: Sequence[FileTask],
    request: IngestRequest,
    how: HowMeasured,
    engine: Engine,
    folder: WorkFolder,
    listener: ProgressListener,
) -> Iterator[Iterable[MeasuredWork]]:
    """A context with the measured files, in order. When it ends without an error, no result is left in the folder.

    Args:
        tasks: the files that are to be read.
        request: the request.
        how: how they are measured.
        engine: measures them.
        folder: where its results wait.
        listener: hears when Ray is started.

    Raises:
        InputError: see `RayEngine.map`, and for a folder that can't be used.
        MissingPackageError: Ray is not installed.
    """
    shards = list(cut(request.selected, tasks, how.read_options(1, has_pages=False)))
    stage = MeasureStage.of(request, how)
    if all(shard.is_here for shard in shards):
        yield joined(shards, iter(()), lambda shard: stage.works(shard.files))
        return
    if request.engine.name != LOCAL.name:
        listener.note("connecting to Ray")
    elsewhere = (shard.task() for shard in shards if not shard.is_here)
    with engine.map(stage, elsewhere) as results:
        listener.note("measuring")
        yield joined(shards, results, lambda shard: stage.works(shard.files))
    _remove_earlier(request, how, stage, folder)


def _remove_earlier(request: IngestRequest, how: HowMeasured, stage: MeasureStage, folder: WorkFolder) -> None:
    """Remove results that an ingest left which died when it had them in the catalog."""
    left = {name for name in folder.names() if name.startswith(f"{stage.name}-")}
    if left:
        names = (result_name(stage, shard.task()) for shard in planned(request, how) if not shard.is_here)
        folder.remove(left.intersection(names))
