"""The work that it is to count a file, guessed from its name and size: the time left is estimated from it.

The unit is one byte of plain text; two cores count some 160 MB per second.
"""

from typing import Final

from tokaudit.pipeline.changes import FileTask
from tokaudit.readers.formats import READERS
from tokaudit.readers.magic import compression_suffix

_COMPRESSED: Final = 4.0
"""Per stored byte of a compressed file: three bytes of text or so, and the unpacking."""
_FILE: Final = 5_000.0
"""Per file: opening and hashing it, and writing its row."""


def work_per_byte(task: FileTask) -> float:
    """Work per stored byte of a file."""
    unpacking = _COMPRESSED if compression_suffix(task.file.name) else 1.0
    return unpacking * READERS.get(task.reader).work_per_byte


def work_of(task: FileTask) -> float:
    """Work of a whole file; more than 0 for an empty one."""
    return _FILE + work_per_byte(task) * task.file.size
