"""Re-reading some records gives exactly those, whatever the format."""

import gzip
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reread import read_ordinals
from tokaudit.readers.unpack import decompressors

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

TEXTS = [None if i % 7 == 3 else f"text {i} " * (i % 5) for i in range(40)]
LINES = b"".join(orjson.dumps({"text": text}) + b"\n" for text in TEXTS)


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": TEXTS}), sink, row_group_size=9)
    return sink.getvalue()


FILES = {
    "plain": ("a.jsonl", LINES, "jsonl"),
    "packed": ("a.jsonl.gz", gzip.compress(LINES), "jsonl"),
    "parquet": ("a.parquet", parquet(), "parquet"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=40, deadline=None)
@given(wanted=st.sets(st.integers(0, 50)), batch=st.sampled_from([10, 10_000]))
def test_exactly_the_wanted_records_are_read_again(
    stored: Stored, seen: Seen, kind: str, wanted: set[int], batch: int
) -> None:
    name, data, reader = FILES[kind]
    file = stored(name, data)
    first = seen(file, reader)
    places = dict(zip(first.ordinals, first.offsets, strict=True))
    ordinals = np.array(sorted(wanted), np.int64)
    offsets = np.array([places.get(i) or 0 for i in sorted(wanted)], np.int64)

    for known in (None, offsets if all(i in places for i in wanted) else None):
        found = list(read_ordinals(READERS.get(reader), file, ReadOptions(batch_bytes=batch), ordinals, known))

        texts = {i: t for b in found for i, t in zip(b.ordinal.tolist(), b.text.to_pylist(), strict=True)}
        assert texts == {i: TEXTS[i] for i in sorted(wanted & places.keys())}
        assert [o for b in found for o in b.offset.to_pylist()] == [places[i] for i in texts]


def test_reading_stops_after_the_last_wanted_record(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompressors, "_GZIP_PIECE", 40)
    file = stored("a.jsonl.gz", gzip.compress(LINES)[:-20])

    found = read_ordinals(READERS.get("jsonl"), file, ReadOptions(batch_bytes=1), np.array([1]))

    assert [batch.text.to_pylist() for batch in found] == [[TEXTS[1]]]


def test_a_missing_file_gives_no_records() -> None:
    gone = InputFile("/no/such/file.jsonl", "x", 0, "")

    assert not list(read_ordinals(READERS.get("jsonl"), gone, ReadOptions(), np.array([0]), np.array([0])))
