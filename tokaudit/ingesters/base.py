"""The interface of an ingester, and the general ingester for domains that have none of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tokaudit.core.extraction import Extraction
from tokaudit.ingesters.cleaning import Step
from tokaudit.readers.detect import look_into
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import Chosen


def no_labels(file: InputFile) -> Mapping[str, str]:  # noqa: ARG001 - the signature of a labels function
    """No labels."""
    return {}


@dataclass(frozen=True, slots=True)
class LabelField:
    """A label that documents in files with fields get without being asked.

    Attributes:
        fields: names of the fields that may have it, in order: the first that a record has and is not null counts.
        value: a function from what the field contains, as text, to the label's value.
    """

    fields: tuple[str, ...]
    value: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Ingester:
    """How the files of one domain are counted.

    Attributes:
        choose: a function from a file found below a folder to its reader or the rule that leaves it out. A file that
            the user names is never left out: if `choose` would do so, its content decides on the reader.
        cleaning: steps applied to every text, in order; ``--clean none`` turns them off.
        labels: a function from a file to the labels of all its documents, label -> value.
        is_code: whether the files are source trees, in which hidden names, cards and licences count as ever.
        compares_lines: whether repetition inside a document is looked for by line; else by paragraph.
        label_fields: labels of documents in files with fields, by name, unless the user asks for one of that name.
        main_content: whether pages count without what surrounds their main content, such as menus.
        old_encodings: whether plain texts in old encodings, such as Latin-1 or Shift-JIS, are decoded if it is sure
            which one it is; for every value of ``--clean``.
        label_library: a function to the library that decides on `labels`, and its version, which each ingest records;
            None if no library does.
    """

    choose: Callable[[InputFile], Chosen]
    cleaning: tuple[Step, ...] = ()
    labels: Callable[[InputFile], Mapping[str, str]] = no_labels
    is_code: bool = False
    compares_lines: bool = False
    label_fields: Mapping[str, LabelField] = field(default_factory=dict)
    main_content: bool = True
    old_encodings: bool = False
    label_library: Callable[[], str] | None = None

    def steps(self, clean: str) -> Sequence[Step]:
        """The cleaning steps for ``--clean default``; empty for ``--clean none``."""
        return self.cleaning if clean == "default" else ()

    def extraction(self, clean: str) -> Extraction:
        """How texts are extracted from pages and books for ``--clean default``, or all of it for ``--clean none``."""
        if clean == "default":
            return Extraction(main_content=self.main_content)
        return Extraction(main_content=False, front_matter=True)


GENERAL: Final = Ingester(choose=look_into)
