"""Files about data next to container data: cards, licences, metadata, attributes. They are not documents."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Final

from tokaudit.pipeline.selected import Selected
from tokaudit.readers.detect import reader_by_name
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import LeftOut
from tokaudit.readers.formats import READERS
from tokaudit.readers.unpack.magic import compression_suffix

ABOUT_DATA: Final = "about_data"
_CARD: Final = re.compile(
    r"(?:readme|licen[cs]es?|copying|copyright|notice|citation|changelog|changes|contributing|code_of_conduct|authors|"
    r"contributors|credits|attributions?|datasheet|data_?card|dataset_?card|model_?card|security|terms|version|"
    r"manifest|checksums?|md5sums?|sha(?:1|256|512)sums?)(?:[-_.].*)?",
    re.IGNORECASE,
)
_METADATA: Final = frozenset({".yaml", ".yml", ".toml", ".cff", ".bib", ".md5", ".sha256", ".sha512", ".crc", ".sha1"})
_ATTRIBUTES: Final = "attributes"


def about_data(
    selected: Sequence[Selected], left: Iterable[LeftOut], fields: TextFields
) -> tuple[list[Selected], list[LeftOut]]:
    """The files without those about data, and what is left out, these among them.

    A file is about data if it lies in a folder that has container data (files of records), or above such a folder, and

    * it is a card or a licence, by its name, or metadata in YAML, TOML, BibTeX or check sums, by its suffix;
    * it is the index of a store of token ids;
    * it may be a single record of JSON, by its name, and its first record has no text field;
    * it has records below a folder ``attributes`` without a text field.

    Such JSON anywhere else is ``unclaimed``: it may be a document of a kind that is not known.

    Args:
        selected: the files that would be counted.
        left: what is left out by other rules.
        fields: where the text is.
    """
    folders = set(_folders_with_containers(selected))
    partners = set(_partners(selected))
    kept, out = [], []
    for item in selected:
        rule = None if item.file.named else _rule(item, folders, fields)
        if item.file.path in partners:
            rule = ABOUT_DATA
        if rule is None:
            kept.append(item)
        else:
            out.append(LeftOut(item.file.path, rule, item.file.size))
    for other in left:
        about = other.rule == "unclaimed" and _parent(other.path) in folders and _is_card(other.path)
        about = about or other.path in partners
        out.append(LeftOut(other.path, ABOUT_DATA, other.size) if about else other)
    return kept, out


def without_partners(selected: Sequence[Selected]) -> tuple[list[Selected], list[LeftOut]]:
    """The files without those that belong to another of them, such as the index of a store, and these left out."""
    partners = set(_partners(selected))
    kept = [item for item in selected if item.file.path not in partners]
    out = [item.file for item in selected if item.file.path in partners]
    return kept, [LeftOut(file.path, ABOUT_DATA, file.size) for file in out]


def _folders_with_containers(selected: Iterable[Selected]) -> Iterator[str]:
    """The folders with container data, and all folders above these up to the one that was named."""
    for item in selected:
        reader = READERS.get(item.reader)
        below = item.file.below
        if not reader.is_table or item.file.named or _may_be_one_record(item):
            continue
        folder = item.file.path.removesuffix(below).rstrip("/")
        yield folder
        for part in below.split("/")[:-1]:
            folder = f"{folder}/{part}"
            yield folder


def _partners(selected: Iterable[Selected]) -> Iterator[str]:
    """Paths of the files that belong to another file, such as the index of a store, if they are there."""
    for item in selected:
        for name in READERS.get(item.reader).partners(item.file.name):
            yield f"{_parent(item.file.path)}/{name}"


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _is_card(path: str) -> bool:
    name = path.rpartition("/")[2]
    return _CARD.fullmatch(name) is not None or PurePath(name.lower()).suffix in _METADATA


def _rule(item: Selected, folders: set[str], fields: TextFields) -> str | None:
    """The rule that leaves out a file; None if it counts."""
    file, reader = item.file, READERS.get(item.reader)
    near_containers = _parent(file.path) in folders
    if not reader.is_table:
        return ABOUT_DATA if near_containers and _is_card(file.path) else None
    attributes = _ATTRIBUTES in file.below.split("/")[:-1]
    if not (_may_be_one_record(item) or attributes) or reader.has_field(file, fields.of(file.below)):
        return None
    return ABOUT_DATA if near_containers else "unclaimed"


def _may_be_one_record(item: Selected) -> bool:
    """Whether a table may be a single record, such as metadata, so that it makes no folder one of container data.

    A file whose suffix a reader claims is data. Any other may be one record if its suffix ends in ``json``, or if its
    reader claims no suffix at all.
    """
    name = item.file.name.lower()
    stem = name.removesuffix(compression_suffix(name))
    return reader_by_name(name) is None and (stem.endswith("json") or not READERS.get(item.reader).suffixes)
