"""From options as given to the request of an ingest: files selected, tokenizers loaded, names checked."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.errors import UsageError
from tokaudit.core.ordered_map import ordered_map, worker_threads
from tokaudit.core.progress import Notify
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.core.rows import Row
from tokaudit.core.rows_in_catalog import ROWS_IN_CATALOG
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.language_detection import load_detector
from tokaudit.measure.tokenizers.ids import token_ids
from tokaudit.measure.tokenizers.protocol import DEFAULT, Counter, Vocabulary
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.pipeline.engines import LOCAL, EngineChoice
from tokaudit.pipeline.label_options import label_fields
from tokaudit.pipeline.limit_options import parse_limits
from tokaudit.pipeline.nothing_to_count import nothing_to_count
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.select import AUTO, Selection, select
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import LeftOut, is_remote
from tokaudit.readers.formats import READERS
from tokaudit.readers.paths.remote import name_in
from tokaudit.readers.paths.rules import Patterns
from tokaudit.readers.paths.stdin import STDIN, spooled_stdin

RESUMED_WITH: Final = "resumed_with"
"""Key of the options of an ingest among its recorded settings."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """The options of ``tokaudit ingest`` as given; None where a default applies."""

    paths: tuple[str, ...]
    domain: str
    source: str | None = None
    reader: str = "auto"
    text_fields: tuple[str, ...] = ()
    tokenizers: tuple[str, ...] = ()
    clean: str = "default"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    labels: Mapping[str, str] | None = None
    language: bool = False
    skip_bad: bool = False
    engine: str = LOCAL.name
    ray_address: str | None = None
    work: str | None = None
    workers: int | None = None
    memory: int = 2**30
    limits: tuple[str, ...] = ()
    repeat_length: int = REPEAT_LENGTH
    rows_in_catalog: int = ROWS_IN_CATALOG
    groups: bool = True


def ingest_request(options: IngestOptions, notify: Notify, chosen: Sequence[Selected] | None = None) -> IngestRequest:
    """A request with files found and tokenizers loaded and checked.

    Args:
        options: the options.
        notify: hears what may take long.
        chosen: the files; None: those at the paths of the options.

    Raises:
        UsageError: a name that is empty or unknown, there is nothing to count, or it is not named which tokenizer made
            a store of token ids.
        InputError: nothing is at a path.
        MissingPackageError: languages are to be detected, and the detector can't be loaded.
    """
    settings = source_settings(options)  # a wrong name is refused before anything takes long
    limits = parse_limits(options.limits)
    selected, left_out = _find(options, settings, notify) if chosen is None else (list(chosen), [])
    if not selected:
        raise UsageError(nothing_to_count(options.paths, left_out, settings.text_fields))
    names = tuple(dict.fromkeys(options.tokenizers or (DEFAULT,)))
    store = next((item.file.path for item in selected if item.reader in STORE_READERS), None)
    if store is not None and (not options.tokenizers or len(names) > 1):
        raise UsageError(f"{store}: contains token ids; pass --tokenizer NAME once, with the tokenizer that made them")
    if options.language and store is not None:
        raise UsageError(f"{store}: contains token ids, which have no text; leave --language out")
    if options.language:
        load_detector()
    vocabularies = [resolve(name, notify) for name in names]
    counters = load_counters(vocabularies, notify)
    return IngestRequest(
        selected=selected,
        left_out=left_out,
        counters=counters,
        settings=settings,
        skip_bad=options.skip_bad,
        workers=options.workers or worker_threads(),
        memory=options.memory,
        rows_in_catalog=options.rows_in_catalog,
        groups=options.groups,
        limits=limits,
        recorded={
            "paths": options.paths,
            "include": options.include,
            "exclude": options.exclude,
            "tokenizers_asked": list(map(_from_anywhere, names)),
            **_to_resume(options, settings.source, names, chosen),
        },
        token_ids=None if store is None else token_ids(vocabularies[0]),
        engine=EngineChoice(options.engine, options.ray_address, options.work and _absolute(options.work)),
        asked=[(_from_anywhere(name),) for name in names],
    )


def _to_resume(
    options: IngestOptions, source: str, names: Sequence[str], chosen: Sequence[Selected] | None
) -> dict[str, Any]:
    """What is recorded so that `resume` can run the ingest again from any folder; nothing if its text has no files."""
    if chosen is not None or STDIN in options.paths:
        return {}
    paths, work = tuple(map(_absolute, options.paths)), options.work and _absolute(options.work)
    asked = replace(options, paths=paths, source=source, work=work, tokenizers=tuple(map(_from_anywhere, names)))
    return {RESUMED_WITH: asdict(asked)}


def _absolute(path: str) -> str:
    """A path as it can be found again from another working directory; a URL is returned as it is."""
    return path if is_remote(path) else os.path.abspath(os.path.expanduser(path))  # noqa: PTH100, PTH111 - resolve() would follow links


def resumed_options(recorded: Mapping[str, Any]) -> IngestOptions | None:
    """The options of an ingest that recorded these settings; None if it can't be run again from them.

    Its text came from memory or stdin, or an older version ran it.
    """
    if (given := recorded.get(RESUMED_WITH)) is None:
        return None
    known = {each.name for each in fields(IngestOptions)}
    return IngestOptions(**{name: _option(value) for name, value in given.items() if name in known})


def _option(value: Any) -> Any:
    """An option from its value in JSON, which has lists in place of tuples."""
    return tuple(value) if isinstance(value, list) else value


def load_counters(vocabularies: Sequence[Vocabulary], notify: Notify) -> list[Counter]:
    """One counter per vocabulary, loaded and checked.

    Raises:
        InputError: a vocabulary can't be loaded.
    """
    # Not in this thread: Ctrl-C in the middle of a compiled package would make it fail in its own way.
    with ordered_map(lambda vocabulary: load_counter(vocabulary, notify), vocabularies, 1, 0) as loaded:
        return list(loaded)


def _from_anywhere(tokenizer: str) -> str:
    """The name of a tokenizer as it can be found again from another working directory."""
    path = os.path.abspath(os.path.expanduser(tokenizer))  # noqa: PTH100, PTH111 - resolve() would follow links
    return path if os.path.exists(path) else tokenizer  # noqa: PTH110


def source_settings(options: IngestOptions) -> SourceSettings:
    """How the source is counted, as the catalog records it.

    Raises:
        UsageError: a name that is empty or not printable, or a label that can't be kept.
        MissingPackageError: languages are to be detected, and the detector is not installed.
    """
    ingester = ingester_of(_name(options.domain, "--domain"))
    labels = label_fields(options.labels or {}, ingester, detects_language=options.language)
    _check_stdin(options)
    steps = ingester.steps(options.clean)
    return SourceSettings(
        source=_name(options.source if options.source is not None else _last_part(options.paths[0]), "--source"),
        domain=options.domain,
        reader=options.reader,
        text_fields=TextFields.parse(options.text_fields),
        clean=options.clean,
        steps=tuple(step.name for step in steps),
        labels=labels,
        repeat_length=options.repeat_length,
    )


def preview(options: IngestOptions, notify: Notify) -> tuple[list[Row], list[Selected]]:
    """The files that would be counted, after a row per file: with which reader, or which rule leaves it out."""
    selected, left_out = _find(options, source_settings(options), notify)
    rows: list[Row] = [
        {"path": item.file.path, "reader": item.reader, "bytes": item.file.size, "left_out": None} for item in selected
    ]
    rows += [{"path": item.path, "reader": None, "bytes": item.size, "left_out": item.rule} for item in left_out]
    return rows, selected


def _find(options: IngestOptions, settings: SourceSettings, notify: Notify) -> tuple[list[Selected], list[LeftOut]]:
    """The files at the paths, and those left out; stdin is read to its end."""
    if STDIN in options.paths:
        notify("reading stdin")
        return [Selected(spooled_stdin(settings.source), options.reader)], []
    notify("looking for files")
    patterns = Patterns(options.include, options.exclude)
    wanted = Selection(options.paths, options.reader, patterns, settings.text_fields)
    return select(wanted, ingester_of(settings.domain))


def _check_stdin(options: IngestOptions) -> None:
    """Raise UsageError if stdin is among the paths, and what a name would say is not said."""
    if STDIN not in options.paths:
        return
    if len(options.paths) > 1:
        raise UsageError(f"{STDIN}: stdin is counted alone; name no other PATH with it")
    if options.source is None:
        raise UsageError(f"{STDIN}: stdin has no name; name its source with --source")
    if options.reader == AUTO:
        formats = ", ".join(name for name in READERS.names() if READERS.get(name).scheme is None)
        raise UsageError(f"{STDIN}: stdin has no name that says its format; name it with --reader ({formats})")
    if READERS.get(options.reader).scheme is not None:
        raise UsageError(f"{STDIN}: --reader {options.reader} can't read stdin; name the data by its path")


def _name(name: str, option: str) -> str:
    if not name.strip() or any(ord(character) < 32 for character in name):
        raise UsageError(f"{option} {name!r}: is not a name; use printable characters")
    return name


def _last_part(path: str) -> str:
    if is_remote(path):
        return name_in(path)  # without the query of a signed address
    return Path(os.path.abspath(path)).name  # noqa: PTH100 - resolve() would follow links
