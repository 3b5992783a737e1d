"""Labels that an ingester takes from the fields of records without being asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa

from tokaudit.core.batches import Found, PageBatch, TextBatch
from tokaudit.ingesters.base import LabelField

_SEPARATOR: Final = "\0"  # in no label that a user asks for


class DefaultLabels:
    """The default labels of an ingest.

    Attributes:
        fields: what readers are asked for: the user's labels, and each field that may have a default label under a name
            of its own.

    Args:
        wanted: the ingester's labels, by name.
        asked: the user's labels, name -> field. A label of the same name is the user's.
    """

    def __init__(self, wanted: Mapping[str, LabelField], asked: Mapping[str, str]) -> None:
        self._wanted = {name: label for name, label in wanted.items() if name not in asked}
        self._names = {
            name: [f"{name}{_SEPARATOR}{field}" for field in label.fields] for name, label in self._wanted.items()
        }
        self.fields: Mapping[str, str] = {
            **asked,
            **{
                each: field
                for name, label in self._wanted.items()
                for each, field in zip(self._names[name], label.fields, strict=True)
            },
        }

    def settled(self, found: Found) -> Found:
        """What a reader found, with each default label from the first of its fields that is not null.

        A label that the reader has given, as to the members of an archive, comes before the fields.
        """
        if not self._wanted or not isinstance(found, TextBatch | PageBatch):
            return found
        labels = dict(found.labels)
        for name, label in self._wanted.items():
            columns = [labels.pop(each) for each in (name, *self._names[name]) if each in labels]
            if columns:
                labels[name] = _first_values(columns, label.value)
        return replace(found, labels=labels)


def _first_values(columns: Sequence[pa.StringArray], value: Callable[[str], str]) -> pa.StringArray:
    """The first value of each row that is not null, changed by `value`; null if there is none."""
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import, and most ingests read no columns

    encoded = pc.coalesce(*columns).dictionary_encode()
    values = pa.array([value(each) for each in encoded.dictionary.to_pylist()], pa.string())
    return values.take(encoded.indices)
