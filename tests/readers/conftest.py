"""Fixtures: files in memory, and everything that a reader yields for one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import fsspec
import numpy as np
import pytest

from tokaudit.core.batches import BadRecord, IdBatch, Omitted, TextBatch
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.pages.extracted import extracted


@dataclass
class Seen:
    """Everything that a reader yielded."""

    texts: list[str] = field(default_factory=list)
    ids: list[list[int]] = field(default_factory=list)
    ordinals: list[int] = field(default_factory=list)
    offsets: list[int | None] = field(default_factory=list)
    labels: dict[str, list[str | None]] = field(default_factory=dict)
    positions: list[int] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)
    text_fields: set[str | None] = field(default_factory=set)

    @property
    def codes(self) -> list[tuple[int | None, str]]:
        """The ordinal and code of each bad record."""
        return [(bad.ordinal, bad.code) for bad in self.bad]

    @property
    def refused(self) -> str | None:
        """The code of the fault of the file itself; None if there is none."""
        return self.bad[-1].code if self.bad and self.bad[-1].ordinal is None else None

    def take(self, batch: TextBatch) -> None:
        """Add a batch."""
        batch.text.validate(full=True)
        self.texts += batch.text.to_pylist()
        self.batches.append(batch.text.to_pylist())
        self.ordinals += batch.ordinal.tolist()
        self.offsets += batch.offset.to_pylist()
        self.positions.append(batch.position)
        self.text_fields.add(batch.text_field)
        for name, values in batch.labels.items():
            self.labels.setdefault(name, []).extend(values.to_pylist())
        lengths = {len(batch.text), len(batch.ordinal), len(batch.offset), *map(len, batch.labels.values())}
        assert len(lengths) == 1
        assert batch.text.null_count == 0

    def take_ids(self, batch: IdBatch) -> None:
        """Add a batch of token ids."""
        bounds = [0, *batch.ends.tolist()]
        assert bounds == sorted(bounds)
        assert bounds[-1] == len(batch.ids)
        assert batch.ids.dtype in (np.uint16, np.uint32)
        self.ids += [batch.ids[first:end].tolist() for first, end in pairwise(bounds)]
        self.ordinals += batch.ordinal.tolist()
        self.offsets += batch.offset.to_pylist()
        self.positions.append(batch.position)
        assert len(batch.ends) == len(batch.ordinal) == len(batch.offset)


@pytest.fixture(scope="session")
def stored() -> Callable[[str, bytes], InputFile]:
    """A function that stores bytes in memory as a file with a name."""
    numbers = count()
    memory = fsspec.filesystem("memory")

    def store(name: str, data: bytes) -> InputFile:
        path = f"/{next(numbers)}/{name}"
        memory.pipe_file(path, data)
        return InputFile(f"memory://{path}", name, len(data), "")

    return store


@pytest.fixture(scope="session")
def seen() -> Callable[..., Seen]:
    """A function that reads a file to its end and asserts the rules that hold for every reader."""

    def read(file: InputFile, reader: str, **options: Any) -> Seen:
        found = Seen()
        for item in extracted(READERS.get(reader).read(file, ReadOptions(**options))):
            assert found.refused is None, "a reader yielded something after the fault of a file"
            if isinstance(item, BadRecord):
                found.bad.append(item)
            elif isinstance(item, Omitted):
                found.omitted.append(item)
            elif isinstance(item, IdBatch):
                found.take_ids(item)
            else:
                found.take(item)
        bad = [bad.ordinal for bad in found.bad if bad.ordinal is not None]
        assert found.ordinals == sorted(found.ordinals)
        assert bad == sorted(bad)
        there = sorted(found.ordinals + bad)
        assert len(set(there)) == len(there)
        if not found.omitted:  # records that are left out have ordinals, too
            assert there == list(range(len(there)))
        assert all("\n" not in bad.why for bad in found.bad)
        return found

    return read
