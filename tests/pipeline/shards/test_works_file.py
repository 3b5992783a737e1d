"""Measured work in a file: what is read is what was written, and a file that is cut is noticed."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import BackfillBatch, BadRecord, MeasuredBatch, Omitted, TextOrigin
from tokaudit.core.errors import InputError
from tokaudit.pipeline.measuring import MeasuredWork
from tokaudit.pipeline.shards.works_file import ShardWork, read_works, write_works
from tokaudit.readers.parts import PartEnd

NUMBERS = st.integers(0, 2**62)


def measured(seed: int, rows: int) -> MeasuredBatch:
    """Measurements of some documents."""
    chance = np.random.default_rng(seed)
    return MeasuredBatch(
        ordinal=np.arange(rows, dtype=np.int64),
        offset=pa.array([None if row % 3 else row for row in range(rows)], pa.int64()),
        labels={"licence": pa.array([None if row % 2 else "ß" * row for row in range(rows)], pa.string())},
        bytes=chance.integers(0, 2**40, rows),
        words=chance.integers(0, 2**30, rows),
        keys=chance.integers(0, 2**64, (rows, 2), np.uint64),
        tokens={"a" * 64: chance.integers(-2, 2**40, rows), "b" * 64: chance.integers(0, 9, rows)},
        bytes_repeated_inside=pa.array([None if row % 5 == 0 else row for row in range(rows)], pa.int64()),
        signatures=chance.integers(0, 2**16, (rows, 128), np.uint16),
        bands=chance.integers(0, 2**32, (rows, 16), np.uint32),
    )


def work(measured: MeasuredBatch | None = None, backfill: BackfillBatch | None = None, **more: object) -> ShardWork:
    """Work on two files."""
    about = {
        "tasks": (),
        "contents": ["ab", ""],
        "checked": [True, False],
        "documents": np.array([3, 4]),
        "origins": [TextOrigin("text"), TextOrigin(None, "extractor 1")],
        "bad": [
            (1, BadRecord(4, 7, "malformed", "line 5: \ud800 is odd", 5)),
            (1, BadRecord(None, None, "cut", "cut")),
        ],
        "omitted": [(0, Omitted("binary", ".png", 2, 30, "a\udcff.png"))],
        "begins": True,
        "ends": False,
        "position": 77,
        "part_end": PartEnd(7, 9),
    }
    return ShardWork(3, 2, MeasuredWork(measured=measured, backfill=backfill, **{**about, **more}))  # type: ignore[arg-type]


def same(one: object, other: object) -> bool:
    """Whether two values are equal, arrays entry by entry."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and bool((one == other).all())
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if hasattr(one, "__slots__") and not isinstance(one, pa.Array):
        return type(one) is type(other) and all(same(getattr(one, n), getattr(other, n)) for n in one.__slots__)
    return bool(one == other)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NUMBERS, st.integers(0, 20)), max_size=4))
def test_what_is_read_is_what_was_written(tmp_path: Path, sizes: list[tuple[int, int]]) -> None:
    written = [work(measured(seed, rows)) for seed, rows in sizes]
    write_works(written, tmp_path / "works")

    found = list(read_works(tmp_path / "works"))

    assert len(found) == len(written)
    assert all(same(one, other) for one, other in zip(found, written, strict=True))


def test_counts_for_files_in_the_catalog_are_read_as_written(tmp_path: Path) -> None:
    all_of_it = measured(1, 5)
    added = BackfillBatch(all_of_it.ordinal, all_of_it.labels, all_of_it.bytes, all_of_it.keys, all_of_it.tokens)
    written = work(None, added, part_end=None)
    write_works([written, work()], tmp_path / "works")

    found, without = read_works(tmp_path / "works")

    assert same(found, written)
    assert without.work.batch is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_that_is_cut_is_refused(tmp_path: Path, share: float) -> None:
    file = tmp_path / "works"
    write_works([work(measured(1, 9)), work(measured(2, 9))], file)
    data = file.read_bytes()
    file.write_bytes(data[: int(share * len(data))])

    with pytest.raises(InputError, match=r"is damaged: .*; remove it"):
        list(read_works(file))
