"""The shape of an ingester, and the general one for domains that have none of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.ingesters.cleaning import Step
from tokaudit.readers.detect import reader_of_found
from tokaudit.readers.files import InputFile


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an ingester says of a file: the name of its reader, or else the rule that leaves it out.

    Attributes:
        file: the file with its bytes, where it was read for that; None where it was not.
    """

    reader: str | None = None
    left_out: str | None = None
    file: InputFile | None = None


def no_labels(file: InputFile) -> Mapping[str, str]:  # noqa: ARG001 - the shape of a labels function
    """No labels."""
    return {}


@dataclass(frozen=True, slots=True)
class Ingester:
    """How a kind of corpus is counted.

    Attributes:
        choose: the reader of a file found below a folder, or why it is left out. A file that the user names
            itself is never left out: where `choose` would, its content decides on the reader.
        cleaning: steps applied to every text, in order; ``--clean none`` turns them off.
        labels: label -> value, for all documents of a file.
    """

    choose: Callable[[InputFile], Chosen]
    cleaning: tuple[Step, ...] = ()
    labels: Callable[[InputFile], Mapping[str, str]] = no_labels

    def steps(self, clean: str) -> Sequence[Step]:
        """The cleaning steps for ``--clean default``; none for ``none``."""
        return self.cleaning if clean == "default" else ()


def known_formats(file: InputFile) -> Chosen:
    """The reader that claims the file; what no reader claims is left out as ``unknown_format``."""
    reader = reader_of_found(file)
    return Chosen(reader=reader) if reader else Chosen(left_out="unknown_format")


GENERAL: Final = Ingester(choose=known_formats)
