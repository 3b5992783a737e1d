"""From the words of the command line to what an ingest needs: files selected, tokenizers loaded, names checked."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokaudit.catalog.queries import SUPPLY_COLUMNS
from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.errors import UsageError
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.progress import Notify
from tokaudit.core.rows import Row
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.select import Selected, select
from tokaudit.readers.files import is_remote


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """The options of ``tokaudit ingest`` as given; None where a default is to be found."""

    paths: tuple[str, ...]
    domain: str
    source: str | None = None
    reader: str = "auto"
    text_field: str = "text"
    tokenizers: tuple[str, ...] = ()
    clean: str = "default"
    labels: Mapping[str, str] | None = None
    skip_bad: bool = False
    engine: str = "local"
    workers: int | None = None
    memory: int = 2**30


def ingest_request(
    options: IngestOptions, notify: Notify, keep: Callable[[Sequence[Selected]], Sequence[Selected]] | None = None
) -> IngestRequest:
    """A request with files found and tokenizers loaded and checked.

    Args:
        options: the options.
        notify: is told what takes long.
        keep: which of the files found are meant at all; the others are not even left out. None: all are.

    Raises:
        UsageError: a name that is empty or unknown.
        InputError: nothing is at a path.
    """
    settings = source_settings(options)  # a wrong name is told before anything takes long
    ingester = ingester_of(options.domain)
    notify("looking for files")
    selected, left_out = select(options.paths, ingester, options.reader)
    if keep is not None:
        selected, left_out = list(keep(selected)), []
    if not selected:
        rules = ", ".join(sorted({item.rule for item in left_out})) or "no files"
        raise UsageError(f"{' '.join(options.paths)}: nothing there to count ({rules}; --reader NAME reads all)")
    notify("loading tokenizers")
    counters = [load_counter(resolve(name)) for name in dict.fromkeys(options.tokenizers or (DEFAULT,))]
    for counter in counters:
        if counter.fallback_reason:
            notify(f"{counter.identity.name} is counted by the slow reference: {counter.fallback_reason}")
    return IngestRequest(
        selected=selected,
        left_out=left_out,
        counters=counters,
        settings=settings,
        skip_bad=options.skip_bad,
        workers=options.workers or worker_threads(),
        memory=options.memory,
        recorded={"paths": options.paths, "engine": options.engine},
    )


def source_settings(options: IngestOptions) -> SourceSettings:
    """How the source is counted, as the catalog records it.

    Raises:
        UsageError: a name that is empty or not printable, or a label that is called like a column of the supply.
    """
    if taken := {"domain", "source", *SUPPLY_COLUMNS} & set(options.labels or ()):
        raise UsageError(f"--label {min(taken)}: a column of `tokaudit supply` is called so; use another name")
    steps = ingester_of(_name(options.domain, "--domain")).steps(options.clean)
    return SourceSettings(
        source=_name(options.source if options.source is not None else _last_part(options.paths[0]), "--source"),
        domain=options.domain,
        reader=options.reader,
        text_field=options.text_field,
        clean=options.clean,
        steps=tuple(step.name for step in steps),
        labels=options.labels or {},
    )


def preview(options: IngestOptions) -> list[Row]:
    """What would be counted, with which reader, and what would be left out, by which rule."""
    settings = source_settings(options)
    selected, left_out = select(options.paths, ingester_of(settings.domain), options.reader)
    rows: list[Row] = [
        {"path": item.file.path, "reader": item.reader, "bytes": item.file.size, "left_out": None} for item in selected
    ]
    return rows + [{"path": item.path, "reader": None, "bytes": None, "left_out": item.rule} for item in left_out]


def _name(name: str, option: str) -> str:
    if not name.strip() or any(ord(character) < 32 for character in name):
        raise UsageError(f"{option} {name!r}: give a name of printable characters")
    return name


def _last_part(path: str) -> str:
    if is_remote(path):
        return path.rstrip("/").rpartition("/")[2]
    return Path(os.path.abspath(path)).name  # noqa: PTH100 - resolve() would follow links
