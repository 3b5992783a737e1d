"""The stage that measures a shard: from files to numbers, in a process that needs no catalog."""

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tokaudit import __version__
from tokaudit.core.engine import Stage
from tokaudit.core.errors import InputError, TokauditError, UsageError
from tokaudit.core.progress import ignore
from tokaudit.measure.measure import meet_nobody
from tokaudit.measure.tokenizers.protocol import Counter, Identity
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.pipeline.batching import work_batches
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.extracting import with_texts
from tokaudit.pipeline.how_measured import HowMeasured
from tokaudit.pipeline.measuring import measure_work
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.shards.cut import ShardTask
from tokaudit.pipeline.shards.works_file import ShardWork, read_works, write_works
from tokaudit.readers.formats import READERS

_FORM: Final = 1  # one more whenever results are written otherwise


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """A tokenizer as other machines find it.

    Attributes:
        identity: its vocabulary, and what counts.
        names: names by which its vocabulary can be found, the best first.
    """

    identity: Identity
    names: tuple[str, ...]


class MeasureStage(Stage[ShardTask, Iterable[ShardWork]]):
    """Measures a shard.

    Args:
        how: how files are read and measured.
        tokenizers: all tokenizers of the ingest.
        decides: all settings and versions that the numbers depend on.
    """

    name = "measure"

    def __init__(self, how: HowMeasured, tokenizers: Sequence[Tokenizer], decides: str) -> None:
        self._how = how
        self._tokenizers = {each.identity.sha256: each for each in tokenizers}
        self._decides = decides
        self._version = __version__

    @classmethod
    def of(cls, request: IngestRequest, how: HowMeasured) -> "MeasureStage":
        """The stage for the files of a request."""
        named = request.asked or [() for _ in request.counters]
        tokenizers = [
            Tokenizer(counter.identity, tuple(names)) for counter, names in zip(request.counters, named, strict=True)
        ]
        decides = {**request.what_decides(), "tokenizers": None, "limits": None, "source": None}
        given = [_FORM, __version__, decides, sorted(how.labels.items())]
        return cls(how, tokenizers, json.dumps(given, sort_keys=True, default=str))

    def key(self, task: ShardTask) -> str:
        """See `Stage`. A file of which the file system does not say when it was changed is never the same."""
        files = [_identity(each) for each in task.files]
        counters = [asdict(self._tokenizers[sha256].identity) for sha256 in task.tokenizers]
        return hashlib.sha256(json.dumps([self._decides, counters, files]).encode()).hexdigest()[:32]

    def run(self, task: ShardTask) -> Iterator[ShardWork]:
        """Yield the work of a shard, batch by batch.

        Raises:
            UsageError: another version of tokaudit or of a counter is installed here.
            InputError: a tokenizer can't be found here.
        """
        if __version__ != self._version:
            raise _otherwise(f"tokaudit {__version__}", f"tokaudit {self._version}")
        counters = {sha256: _counter(self._tokenizers[sha256]) for sha256 in task.tokenizers}
        return self.works([replace(each, counters=counters) for each in task.files])

    def works(self, files: Sequence[FileTask]) -> Iterator[ShardWork]:
        """Yield the work of files that have their counters."""
        how = self._how
        has_pages = any(READERS.get(each.reader).has_pages for each in files)
        detect = how.loaded_detector()
        places = {each.file.path: place for place, each in enumerate(files)}
        for batch in work_batches(files, how.read_options(1, has_pages=has_pages), how.ingester, _unseen):
            work = measure_work(with_texts(batch), how.steps, meet_nobody, detect, how.repeats)
            yield ShardWork(places[work.tasks[0].file.path], len(work.tasks), work)

    def write(self, result: Iterable[ShardWork], file: Path) -> None:
        """See `Stage`."""
        write_works(result, file)

    def read(self, file: Path) -> Iterator[ShardWork]:
        """See `Stage`."""
        return read_works(file)


def _identity(task: FileTask) -> list[Any]:
    """What the numbers of a file depend on."""
    file = task.file
    changed = file.modified or uuid4().hex
    part = task.part and asdict(task.part)
    kind = [task.backfills is not None, task.rereads_labels]
    read = [task.reader, task.text_fields, task.limits.given(), part, *kind]
    return [file.path, file.below, file.size, changed, *read]


def _unseen(path: str, detail: str) -> AbstractContextManager[None]:  # noqa: ARG001 - as `ProgressListener.working`
    return nullcontext()


@cache
def _counter(tokenizer: Tokenizer) -> Counter:
    """The counter of a tokenizer, loaded once per process.

    Raises:
        UsageError: another version counts here.
        InputError: its vocabulary can't be found here.
    """
    for name in tokenizer.names:
        try:
            vocabulary = resolve(name)
        except TokauditError:  # another name may do
            continue
        if vocabulary.sha256 == tokenizer.identity.sha256:
            counter = load_counter(vocabulary, ignore)
            if counter.identity.counter != tokenizer.identity.counter:
                raise _otherwise(counter.identity.counter, tokenizer.identity.counter)
            return counter
    name = tokenizer.identity.name
    why = "can't be found there; name a file in a folder that all nodes share"
    raise InputError(f"tokenizer {name!r} on {platform.node()}: {why}")


def _otherwise(here: str, there: str) -> UsageError:
    why = f"has {here}, and the machine that asks has {there}; install the same on both"
    return UsageError(f"{platform.node()}: {why}")
