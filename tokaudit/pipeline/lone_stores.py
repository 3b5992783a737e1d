"""Stores of token ids whose index is missing, among other stores."""

from collections.abc import Iterable, Sequence

from tokaudit.pipeline.selected import Selected
from tokaudit.readers.detect import detect
from tokaudit.readers.files import InputFile, LeftOut
from tokaudit.readers.formats import READERS


def lone_stores(selected: Iterable[Selected], files: Iterable[InputFile], left: Iterable[LeftOut]) -> list[Selected]:
    """Files that were left out as ``binary`` and would be stores if their index was not missing.

    Alone, such a file may be anything. Next to stores it is a part of the data, and its reader must refuse it.

    Args:
        selected: the files to count.
        files: all files that were found.
        left: what is left out.
    """
    places = {place for place in map(_place_of_store, selected) if place is not None}
    binary = {item.path for item in left if item.rule == "binary"} if places else set()
    unread = [Selected(file, detect(file)) for file in files if file.path in binary]
    return [item for item in unread if _place_of_store(item) in places]


def _place_of_store(item: Selected) -> tuple[str, str] | None:
    """The folder of a file that has an index beside it, and its reader; None for other files."""
    if not READERS.get(item.reader).partners(item.file.name):
        return None
    return item.file.path.rpartition("/")[0], item.reader


def all_in_order(selected: Sequence[Selected], lone: Sequence[Selected]) -> list[Selected]:
    """The files to count with those found later, in the order of all files."""
    return sorted([*selected, *lone], key=lambda item: (item.file.below, item.file.path)) if lone else list(selected)
