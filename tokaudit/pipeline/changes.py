"""The files that an ingest has to read: new and changed ones, and those that lack a tokenizer or a label."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from shlex import quote

import xxhash

from tokaudit.catalog.ingesting import IngestSession
from tokaudit.catalog.known_files import KnownFile
from tokaudit.core.errors import UsageError
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.files import InputFile, is_remote
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import TEXT_FIELDS
from tokaudit.readers.parts import FilePart
from tokaudit.readers.unpack.limits import DEFAULTS, Limits


@dataclass(frozen=True, slots=True)
class FileTask:
    """One file to read.

    Attributes:
        file: the file.
        reader: name of its reader.
        content: hash of the stored bytes; None if it is not known: the file is hashed while it is read.
        counters: what to count with, by the tokenizer's name in the catalog.
        text_fields: the fields to look for, or the one that its rows in the catalog are from.
        limits: limits on what the file may unpack to.
        replaces: the file's number in the catalog if its old rows are to be dropped.
        backfills: the file's number in the catalog if token counts are to be added to its rows.
        rereads_labels: whether the labels of these rows are read again, too.
        known_bad: whether the catalog has a row already that says that the file can't be read to its end.
        part: the part of the file that is read; None: all of it.
    """

    file: InputFile
    reader: str
    content: str | None
    counters: Mapping[str, Counter]
    text_fields: tuple[str, ...] = TEXT_FIELDS
    limits: Limits = DEFAULTS
    replaces: int | None = None
    backfills: int | None = None
    rereads_labels: bool = False
    known_bad: bool = False
    part: FilePart | None = None


def file_tasks(
    selected: Iterable[Selected],
    session: IngestSession,
    counters: Mapping[str, Counter],
    limits: Limits = DEFAULTS,
    *,
    again: bool = False,
) -> list[FileTask]:
    """The files to read: new, changed or unreadable before, or without a tokenizer or label that is asked for.

    A file of which a limit kept a part from being counted is read again if a limit is raised.

    Args:
        selected: the files.
        session: what the catalog has, and how the source is counted.
        counters: one per tokenizer, by its name in the catalog.
        limits: limits of this ingest. A file whose rows stay is read with those of its own ingest if they are larger.
        again: whether all are read, and replace their rows even if they have not changed.

    Raises:
        UsageError: a store of token ids is to be counted with another tokenizer.
    """
    work = []
    for chosen in selected:
        file, old = chosen.file, session.known.get(chosen.file.path)
        names = session.text_fields.of(file.below)
        if old is None or again:
            replaces = None if old is None else old.number
            work.append(FileTask(file, chosen.reader, None, counters, names, limits, replaces))
            continue
        same = (old.size, old.modified) == (file.size, file.modified) and file.modified != ""
        content = old.content if same else content_hash(file)
        lacking = {name: counter for name, counter in counters.items() if name not in old.counted_with}
        unlabelled = not old.labelled_with.issuperset(session.labels_read)
        larger = limits.or_larger(session.limits[old.ingest])
        otherwise = _counted_otherwise(chosen, old, session)
        if chosen.reader in STORE_READERS and content == old.content:
            otherwise |= _store_again(old, lacking, unlabelled=unlabelled)
        # No hash: it could not be read at all.
        if content != old.content or not content or otherwise:
            work.append(FileTask(file, chosen.reader, content, counters, names, limits, old.number))
        elif old.too_large and larger != session.limits[old.ingest]:
            work.append(FileTask(file, chosen.reader, content, counters, names, larger, old.number))
        elif lacking or unlabelled:
            work.append(
                FileTask(
                    file,
                    chosen.reader,
                    content,
                    lacking,
                    session.text_fields.of_counted(
                        file.below, old.text_field, is_archive=READERS.get(chosen.reader).is_archive
                    ),
                    larger,
                    backfills=old.number,
                    rereads_labels=unlabelled,
                    known_bad=old.state == "partial",
                )
            )
    return work


def _counted_otherwise(chosen: Selected, old: KnownFile, session: IngestSession) -> bool:
    """Whether a file of which nothing was counted is to be counted in another way now: it belongs to no source."""
    if old.documents:
        return False
    below = chosen.file.below
    return (
        old.source != session.settings.source
        or old.reader != chosen.reader
        or session.text_fields.of(below) != session.earlier_fields.of(below)
    )


def _store_again(old: KnownFile, lacking: Iterable[str], *, unlabelled: bool) -> bool:
    """Whether a store of token ids that has not changed is to be read again: its index may be there now.

    Raises:
        UsageError: it was counted with another tokenizer than one that is `lacking`; its ids are of one tokenizer.
    """
    wanted = list(lacking)
    if wanted and old.documents:
        known = ", ".join(sorted(old.counted_with))
        raise UsageError(
            f"source {old.source!r}: its token ids were counted with tokenizer {known}, so they can't be counted with"
            f" {wanted[0]}; pass --tokenizer {known}, or run `tokaudit forget {quote(old.source)}` first"
        )
    return old.state == "partial" or bool(wanted) or unlabelled


def content_hash(file: InputFile) -> str:
    """xxh3-128 of the stored bytes; for a remote file its entity tag or revision, if it has one.

    Empty for a file that can't be read or has changed since it was found. The next ingest reads such a file again.
    """
    if is_remote(file.path) and file.modified:
        return file.modified
    if file.spool is not None:
        return file.spool.content
    if file.data is not None:
        return xxhash.xxh3_128_hexdigest(file.data)
    digest = xxhash.xxh3_128()
    try:
        for block in file.blocks():
            digest.update(block)
        if file.changed():
            return ""
    except OSError:
        return ""  # the reader says why it can't be read
    return digest.hexdigest()
