"""The field that may contain the text of a file without any of the usual ones, as ``--text-field`` takes it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from tokaudit.readers.fields.record_paths import LIST

_NO_TEXT: Final = frozenset(
    "id _id uuid guid key hash sha1 sha256 md5 digest doc_id document_id url uri link domain host path file_path "
    "filename file_name file source dataset subset split date time timestamp created added version lang language "
    "license licence author user title".split()
)
"""Names of fields that say something about a text."""
_LONGEST: Final = 200
"""Most characters of a name that anyone would type."""
_SPEAKER: Final = frozenset({"role", "from", "speaker", "author", "sender"})
_SAID: Final = ("content", "value", "text", "message", "utterance")


def meant_field(record: Mapping[str, Any]) -> str | None:
    """The path to the longest text in a JSON record: a string, a list of strings, or a chat. None if there is none."""
    lengths = {path: length for path, length in _texts(record) if may_be_asked_for(path)}
    return max(lengths, key=lengths.__getitem__, default=None)


def _texts(record: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name, value in record.items():
        if name.lower() in _NO_TEXT:
            continue
        if isinstance(value, str):
            yield name, len(value)
        elif isinstance(value, list) and (path := path_of_list(name, value)) is not None:
            yield path, sum(map(len, map(str, value)))


def path_of_list(name: str, items: Sequence[Any]) -> str | None:
    """The path to the texts of a list of strings or of a chat, by its first item; None if it is neither."""
    first = next(iter(items), None)
    if isinstance(first, str):
        return name + LIST
    if isinstance(first, dict):
        said = _said({key for key, value in first.items() if isinstance(value, str)}, first)
        return None if said is None else f"{name}{LIST}.{said}"
    return None


def meant_column(schema: pa.Schema) -> str | None:
    """The path to the first column that may be text: strings, or else lists of strings or chats. None if none is."""
    fields = [field for field in schema if field.name.lower() not in _NO_TEXT and may_be_asked_for(field.name)]
    texts = (field.name for field in fields if is_text(field.type))
    lists = (path for field in fields if (path := path_of_lists(field.name, field.type)) is not None)
    return next(texts, None) or next(lists, None)


def path_of_lists(name: str, kind: pa.DataType) -> str | None:
    """The path to the texts in a column of lists of strings or of chats; None if it is neither."""
    if not is_list(kind):
        return None
    item = kind.value_type
    if is_text(item):
        return name + LIST
    if pa.types.is_struct(item):
        names = [item.field(place).name for place in range(item.num_fields)]
        said = _said({each for each in names if is_text(item.field(each).type)}, names)
        return None if said is None else f"{name}{LIST}.{said}"
    return None


def is_text(kind: pa.DataType) -> bool:
    """Whether values of a type are read as texts: strings, bytes, dictionaries of them, and nulls."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_null(kind)
    )


def is_list(kind: pa.DataType) -> bool:
    """Whether a type is one of lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def may_be_asked_for(name: str) -> bool:
    """Whether ``--text-field`` can name the field: ``=`` and ``,`` have a meaning there, and blanks are dropped."""
    return 0 < len(name) <= _LONGEST and name == name.strip() and not {"=", ","} & set(name)


def _said(texts: set[str], keys: Sequence[str] | Mapping[str, Any]) -> str | None:
    """The key with what is said, if the keys are those of a turn in a chat."""
    return next((key for key in _SAID if key in texts), None) if _SPEAKER.intersection(keys) else None
