"""Reading again the files that could not be read, or not wholly, in the way in which their source is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from shlex import quote

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile, counted_files
from tokaudit.catalog.source_settings import CountedWith, stored_settings, tokenizers_of
from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.errors import InputError, TokauditError, UsageError
from tokaudit.core.progress import Notify, ProgressListener
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.options import load_counters
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.result import IngestResult
from tokaudit.pipeline.selected import Selected


@dataclass(frozen=True, slots=True)
class RetryResult:
    """What became of the files with bad records.

    Attributes:
        results: one per source with such files that could be looked up: the numbers of these files.
        gone: paths of such files that are gone; their rows stay.
        refused: why others could not be looked up, one sentence each; their rows stay.
    """

    results: tuple[IngestResult, ...]
    gone: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether no bad record is left in the files."""
        return all(result.bad_records == 0 for result in self.results) and not self.gone and not self.refused


def retry(catalog: Path, source: str | None, workers: int, memory: int, listener: ProgressListener) -> RetryResult:
    """Read again the files with bad records of a source, or of all; what can be read now replaces their rows.

    Bad records that are left are rows again.

    Args:
        catalog: the DuckDB file.
        source: name of the source; None for all.
        workers: number of threads that measure.
        memory: about how many bytes the batches in memory may take.
        listener: hears how far it has come.

    Raises:
        UsageError: there is no such source, or a tokenizer that it was counted with can't be found.
        InputError: a file is refused; the sources before it are done.
        CatalogError: the catalog can't be read or written.
    """
    with open_readonly(catalog) as connection:
        failed = counted_files(connection, source, failed=True)
        by_source = [(name, list(files)) for name, files in groupby(failed, attrgetter("source"))]
        plans = [
            (stored_settings(connection, name), tokenizers_of(connection, name), files) for name, files in by_source
        ]
    gone: list[str] = []
    refused: list[str] = []
    requests = []
    for settings, tokenizers, files in plans:
        selected = _selected(files, gone, refused)
        if selected:
            vocabularies = [_found(each, settings, listener.note) for each in tokenizers]
            requests.append(_request(settings, vocabularies, selected, workers, memory, listener.note))
    results = tuple(ingest(catalog, request, listener) for request in requests)
    return RetryResult(results, tuple(gone), tuple(refused))


def _selected(files: Sequence[CountedFile], gone: list[str], refused: list[str]) -> list[Selected]:
    """The files as they are now, each with the reader that it was read with; others are added to the lists."""
    selected = []
    for file in files:
        try:
            now = file.find()
        except InputError as error:
            refused.append(str(error))
            continue
        if now is None:
            gone.append(file.path)
        else:
            selected.append(Selected(now, file.reader))
    return selected


def _found(tokenizer: CountedWith, settings: SourceSettings, notify: Notify) -> Vocabulary:
    """The vocabulary that a source was counted with.

    Raises:
        UsageError: it is not where it was.
    """
    for name in tokenizer.asked:
        try:
            vocabulary = resolve(name, notify)
        except TokauditError:  # gone, or no network: another name may do
            continue
        if vocabulary.sha256 == tokenizer.sha256:
            return vocabulary
    source, domain = quote(settings.source), quote(settings.domain)
    raise UsageError(
        f"tokenizer {tokenizer.name!r} of source {settings.source!r} can't be found again; restore its file, or run"
        f" `tokaudit ingest PATH --domain {domain} --source {source} --tokenizer FILE --on-bad-record skip`"
    )


def _request(
    settings: SourceSettings,
    vocabularies: Sequence[Vocabulary],
    selected: Sequence[Selected],
    workers: int,
    memory: int,
    notify: Notify,
) -> IngestRequest:
    return IngestRequest(
        selected=selected,
        left_out=[],
        counters=load_counters(vocabularies, notify),
        settings=settings,
        skip_bad=True,
        workers=workers,
        memory=memory,
        again=True,
        recorded={"paths": [chosen.file.path for chosen in selected], "engine": "local", "retry": True},
    )
