"""What an ingest has to read: the files that are new or changed, and those that lack a tokenizer."""

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
        content: hash of what is stored in it; None for a new file, which is hashed beside the reading.
        counters: those to count with, by the tokenizer's name in the catalog.
        replaces: number of its old rows in the catalog, to be dropped.
        backfills: number of its rows in the catalog, to which token counts are added.
        rereads_labels: whether the labels of these rows are read again, too.
        known_bad: whether it is a row already that the file can't be read to its end.
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
    """What is to be read: files that are new, changed, could not be read at all, or lack a tokenizer or a label.

    Args:
        selected: the files.
        known: those that are in the catalog, by path.
        counters: one a tokenizer, by its name in the catalog.
        labels: all that are kept of the source, as NAME=FIELD.
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
        if content != old.content or not content:  # without a content it could not be read at all
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
    """xxh3-128 of the stored bytes; for a remote file its entity tag or revision, where it has one.

    Empty for a file that can't be read, or has changed since it was found: such a file is read again next time.
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
