"""A file to count, and how."""

from dataclasses import dataclass

from tokaudit.readers.files import InputFile


@dataclass(frozen=True, slots=True)
class Selected:
    """A file to count and the name of its reader."""

    file: InputFile
    reader: str
