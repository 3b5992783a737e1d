"""The files that an ingest has to read: new and changed ones, and those that lack a tokenizer or a label."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import xxhash

from tokaudit.catalog.ingesting import IngestSession
from tokaudit.catalog.sources import KnownFile
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.pipeline.select import Selected
from tokaudit.readers.files import InputFile, is_remote
from tokaudit.readers.options import TEXT_FIELDS


@dataclass(frozen=True, slots=True)
class FileTask:
    """One file to read.

    Attributes:
        file: the file.
        reader: name of its reader.
        content: hash of the stored bytes; None for a new file, which is hashed while it is read.
        counters: what to count with, by the tokenizer's name in the catalog.
        text_fields: the fields to look for, or the one that its rows in the catalog are from.
        replaces: the file's number in the catalog if its old rows are to be dropped.
        backfills: the file's number in the catalog if token counts are to be added to its rows.
        rereads_labels: whether the labels of these rows are read again, too.
        known_bad: whether the catalog has a row already that says that the file can't be read to its end.
    """

    file: InputFile
    reader: str
    content: str | None
    counters: Mapping[str, Counter]
    text_fields: tuple[str, ...] = TEXT_FIELDS
    replaces: int | None = None
    backfills: int | None = None
    rereads_labels: bool = False
    known_bad: bool = False


def file_tasks(selected: Iterable[Selected], session: IngestSession, counters: Mapping[str, Counter]) -> list[FileTask]:
    """The files to read: new, changed or unreadable before, or without a tokenizer or label that is asked for.

    Args:
        selected: the files.
        session: what the catalog has, and how the source is counted.
        counters: one per tokenizer, by its name in the catalog.
    """
    work = []
    for chosen in selected:
        file, old = chosen.file, session.known.get(chosen.file.path)
        names = session.text_fields.of(file.below)
        if old is None:
            work.append(FileTask(file, chosen.reader, None, counters, names))
            continue
        same = (old.size, old.modified) == (file.size, file.modified) and file.modified != ""
        content = old.content if same else content_hash(file)
        lacking = {name: counter for name, counter in counters.items() if name not in old.counted_with}
        unlabelled = not old.labelled_with.issuperset(session.labels_read)
        # No hash: it could not be read at all.
        if content != old.content or not content or _counted_otherwise(chosen, old, session):
            work.append(FileTask(file, chosen.reader, content, counters, names, replaces=old.number))
        elif lacking or unlabelled:
            work.append(
                FileTask(
                    file,
                    chosen.reader,
                    content,
                    lacking,
                    names if old.text_field is None else (old.text_field,),
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
