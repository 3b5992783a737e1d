"""Estimates of the work of counting files and grouping their documents, from which the time left is computed.

The unit is one byte of plain text; two cores count about 160 MB per second. The constants are from runs of
500 MB.
"""

from typing import Final

from tokaudit.pipeline.changes import FileTask
from tokaudit.readers.formats import READERS

_COMPRESSED: Final = 3.3
"""Per stored byte of a compressed file: some three bytes of text, and the unpacking."""
_FILE: Final = 3_000.0
"""Per file: opening and hashing it, and writing its row."""
_DOCUMENT: Final = 100.0
"""Grouping of a document."""
_MUCH: Final = 2.0
"""Work per stored byte that only files have from which single records can't be read fast."""
_UNPACKED_AGAIN: Final = 0.15
"""Share of the work of counting: what a few pairs of borderline similarity take in files that are read as a whole."""


def work_per_byte(task: FileTask) -> float:
    """Work per stored byte of a file."""
    reader = READERS.get(task.reader)
    return (_COMPRESSED if reader.is_packed(task.file.name) else 1.0) * reader.work_per_byte


def work_of(task: FileTask) -> float:
    """Work of a whole file; more than 0 for an empty one."""
    return _FILE + work_per_byte(task) * task.file.size


def grouping_work(task: FileTask, work: float, documents: int, likes: int) -> float:
    """Work of grouping the documents that were counted last.

    Args:
        task: their file, or the first of their files.
        work: that of counting them.
        documents: how many they are.
        likes: bytes of the shingle sets that were kept of them: they are compared with others.
    """
    again = _UNPACKED_AGAIN * work if work_per_byte(task) > _MUCH else 0.0
    return again + _DOCUMENT * documents + likes
