"""The files that an ingest has to read: new and changed ones, and those that lack a tokenizer or a label."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import xxhash

from tokaudit.catalog.sources import KnownFile
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.pipeline.select import Selected
from tokaudit.readers.files import InputFile, is_remote


@dataclass(frozen=True, slots=True)
class FileTask:
    """One file to read.

    Attributes:
        file: the file.
        reader: name of its reader.
        content: hash of the stored bytes; None for a new file, which is hashed while it is read.
        counters: what to count with, by the tokenizer's name in the catalog.
        replaces: the file's number in the catalog if its old rows are to be dropped.
        backfills: the file's number in the catalog if token counts are to be added to its rows.
        rereads_labels: whether the labels of these rows are read again, too.
        known_bad: whether the catalog has a row already that says that the file can't be read to its end.
    """

    file: InputFile
    reader: str
    content: str | None
    counters: Mapping[str, Counter]
    replaces: int | None = None
    backfills: int | None = None
    rereads_labels: bool = False
    known_bad: bool = False


def file_tasks(
    selected: Iterable[Selected],
    known: Mapping[str, KnownFile],
    counters: Mapping[str, Counter],
    labels: Collection[str],
) -> list[FileTask]:
    """The files to read: new, changed or unreadable before, or without a tokenizer or label that is asked for.

    Args:
        selected: the files.
        known: the files in the catalog, by path.
        counters: one per tokenizer, by its name in the catalog.
        labels: all labels that the source keeps, as NAME=FIELD.
    """
    work = []
    for chosen in selected:
        file, old = chosen.file, known.get(chosen.file.path)
        if old is None:
            work.append(FileTask(file, chosen.reader, None, counters))
            continue
        same = (old.size, old.modified) == (file.size, file.modified) and file.modified != ""
        content = old.content if same else content_hash(file)
        lacking = {name: counter for name, counter in counters.items() if name not in old.counted_with}
        unlabelled = not old.labelled_with.issuperset(labels)
        if content != old.content or not content:  # no hash: it could not be read at all
            work.append(FileTask(file, chosen.reader, content, counters, replaces=old.number))
        elif lacking or unlabelled:
            work.append(
                FileTask(
                    file,
                    chosen.reader,
                    content,
                    lacking,
                    backfills=old.number,
                    rereads_labels=unlabelled,
                    known_bad=old.state == "partial",
                )
            )
    return work


def content_hash(file: InputFile) -> str:
    """xxh3-128 of the stored bytes; for a remote file its entity tag or revision, if it has one.

    Empty for a file that can't be read or has changed since it was found. The next ingest reads such a file again.
    """
    if is_remote(file.path) and file.modified:
        return file.modified
    if file.data is not None:
        return xxhash.xxh3_128_hexdigest(file.data)
    digest = xxhash.xxh3_128()
    try:
        for block in file.blocks():
            digest.update(block)
        if not is_remote(file.path) and file.changed():
            return ""
    except OSError:
        return ""  # the reader says why it can't be read
    return digest.hexdigest()
