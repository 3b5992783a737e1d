"""Parts of one large file that are read apart from each other, by other processes or on other machines."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from tokaudit.readers.files import InputFile

_BLOCK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class FilePart:
    """A part of a file. The parts of a file contain each of its records once, in order.

    Attributes:
        begin, end: bounds in units of the reader, such as bytes or row groups.
        stored: stored bytes of the file up to the end of the part.
        first, last: whether it is the first or the last part of the file.
        text_field: the field with the text that earlier records decide on; None if the part decides itself.
        guessed: whether only seemingly a record begins where the part does. Then the results of the file's parts count
            if all of their ends are sure; if not, the file is to be read as a whole.
    """

    begin: int
    end: int
    stored: int
    first: bool
    last: bool
    text_field: str | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The end of a part: it comes last, unless the rest of the part can't be read.

    Attributes:
        records: what is to be added to the ordinals of the parts that follow.
        lines: what is to be added to their numbers of lines.
        bytes: what is to be added to their offsets.
        unpacked: what the part unpacks to, as limits count it.
        unnamed: rule and kind of what the part leaves out whose example has no name but its place, which the part does
            not know. They are sure if an earlier part has them, and so an example.
        sure: whether the part has whole records and nothing else, of which nothing depends on other parts.
    """

    records: int = 0
    lines: int = 0
    bytes: int = 0
    unpacked: int = 0
    unnamed: tuple[tuple[str, str], ...] = ()
    sure: bool = True


class Stretch(io.RawIOBase):
    """The bytes of an open file from one place up to another; closing it closes the file.

    Raises:
        OSError: the file can't seek.
    """

    def __init__(self, raw: IO[bytes], begin: int, end: int) -> None:
        raw.seek(begin)
        self._raw = raw
        self._left = end - begin

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override] # typeshed: any writable buffer
        """Fill the target from its start and return the number of bytes."""
        with memoryview(target) as view, view[: self._left] as room:
            read = int(self._raw.readinto(room) or 0)  # type: ignore[attr-defined] # every binary file has it
        self._left -= read
        return read

    def close(self) -> None:
        """Close the file."""
        self._raw.close()
        super().close()


def line_starts(file: InputFile, size: int) -> Iterator[int]:
    """Yield places in a file at which lines begin, each at least `size` bytes behind the one before, and 0 first.

    Raises:
        OSError: the file can't be read, or not from any place.
    """
    begin = 0
    with file.open() as raw:
        while True:
            yield begin
            place = begin + size - 1  # a line that begins at `begin + size` ends just before
            raw.seek(place)
            cut = -1
            while cut < 0:
                block = raw.read(_BLOCK)
                if not block:
                    return
                cut = block.find(b"\n")
                place += len(block) if cut < 0 else cut + 1
            if place >= file.size:
                return
            begin = place
