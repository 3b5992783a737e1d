"""Arrow: every kind of text column is read whole, and a damaged file harms nothing but itself."""

import gzip
import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core import child_process
from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.readers.arrow import worker as arrow_worker
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import arrow
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.processes import worker as processes
from tokaudit.readers.reread import read_ordinals
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

KINDS = [pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.string_view(), pa.binary_view()]
WAYS = [(kind, packed) for kind in ("file", "stream") for packed in (None, "lz4", "zstd")]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def written(table: pa.Table, kind: str = "file", packed: str | None = None, rows: int = 15) -> bytes:
    sink = io.BytesIO()
    made = {"file": pa.ipc.new_file, "stream": pa.ipc.new_stream}[kind]
    with made(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=packed)) as writer:
        writer.write_table(table, max_chunksize=rows)
    return sink.getvalue()


SAMPLE = pa.table(
    {
        "n": list(range(40)),
        "text": [f"document {i} " * (i % 4) for i in range(40)],
        "d": pa.array(["a", "b"] * 20).dictionary_encode(),
    }
)
WHOLE = SAMPLE.column("text").to_pylist()


def local(path: Path, data: bytes) -> InputFile:
    path.write_bytes(data)
    return InputFile(str(path), path.name, len(data), "")


@settings(max_examples=40)
@given(
    texts=st.lists(TEXTS | st.none(), max_size=40),
    kind=st.sampled_from(KINDS),
    way=st.sampled_from(WAYS),
    dictionary=st.booleans(),
    rows=st.integers(1, 50),
    batch=st.integers(1, 200),
)
def test_every_kind_of_text_column_is_read_with_nulls_as_bad_records(
    *,
    stored: Stored,
    seen: Seen,
    texts: list[str | None],
    kind: pa.DataType,
    way: tuple[str, str | None],
    dictionary: bool,
    rows: int,
    batch: int,
) -> None:
    column = pa.array(texts, pa.string())
    column = column.dictionary_encode() if dictionary else column.cast(kind)
    data = written(pa.table({"n": range(len(texts)), "text": column}), *way, rows=rows)

    found = seen(stored("a.arrow", data), "arrow", batch_bytes=batch, labels={"n": "n"})

    good = [i for i, text in enumerate(texts) if text is not None]
    assert (found.ordinals, found.texts) == (good, [texts[i] for i in good])
    assert found.labels.get("n", []) == [str(i) for i in good]
    assert {code for _, code in found.codes} <= {"null_text"}
    assert found.offsets == [None] * len(good)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_local_files_are_read_whole(*, tmp_path: Path, seen: Seen, way: Any, suffix: str) -> None:
    data = written(SAMPLE, *way)
    file = local(tmp_path / f"a.arrow{suffix}", gzip.compress(data) if suffix else data)

    found = seen(file, "arrow", labels={"d": "d"})

    assert (found.texts, found.bad, found.text_fields) == (WHOLE, [], {"text"})
    assert found.labels["d"] == ["a", "b"] * 20
    assert found.positions == sorted(found.positions)
    assert file.size - 600 <= found.positions[-1] <= file.size


def test_a_file_whose_bytes_are_held_is_read_from_them(seen: Seen) -> None:
    data = written(SAMPLE)

    assert seen(InputFile("/gone/a.arrow", "a.arrow", len(data), "", data=data), "arrow").texts == WHOLE


def test_a_file_is_unpacked_whatever_its_name_says(tmp_path: Path, stored: Stored, seen: Seen) -> None:
    data = gzip.compress(written(SAMPLE))

    assert seen(local(tmp_path / "a.arrow", data), "arrow").texts == WHOLE
    assert seen(stored("a.arrow", data), "arrow").texts == WHOLE


def test_a_compressed_file_keeps_to_the_limits(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.arrow.gz", gzip.compress(written(SAMPLE))), "arrow", limits=Limits(total=1_000))

    assert found.codes == [(None, "too_large")]


def test_texts_in_lists_and_structs_are_joined_as_in_json(stored: Stored, seen: Seen) -> None:
    chat = [[{"role": "user", "content": "a"}, {"role": "x", "content": None}, {"role": "y", "content": "b"}], None, []]
    table = pa.table({"messages": chat, "lines": [["x", "y"], [None], None], "s": [{"t": "q"}, None, {"t": None}]})

    for kind in ("file", "stream"):
        file = stored("a.arrow", written(table, kind))
        assert seen(file, "arrow", text_fields=("messages[].content",)).texts == ["a\nb", ""]
        assert seen(file, "arrow", text_fields=("lines[]",)).texts == ["x\ny"]
        assert seen(file, "arrow", text_fields=("s.t",)).texts == ["q"]


def test_a_column_of_nulls_is_all_bad_records(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.arrow", written(pa.table({"text": pa.nulls(2)}))), "arrow")

    assert found.codes == [(0, "null_text"), (1, "null_text")]


def test_a_file_without_the_column_is_refused_with_existing_columns(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.arrow", written(SAMPLE)), "arrow", text_fields=("body",))

    assert (found.texts, found.refused) == ([], "no_text")
    assert "has no column 'body', only 'n', 'text', 'd'" in found.bad[0].why


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_the_schema_says_whether_a_file_has_a_column(stored: Stored, kind: str) -> None:
    file = stored("a.arrow", written(SAMPLE, kind))

    assert arrow.READER.has_field(file, ["body", "text"])
    assert not arrow.READER.has_field(file, ["body"])
    assert arrow.READER.has_field(stored("a.arrow", b"?"), ["body"])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("packed", [False, True])
def test_picked_rows_are_those_that_were_read(*, stored: Stored, way: Any, packed: bool) -> None:
    data = written(SAMPLE, *way)
    file = stored("a.arrow.gz", gzip.compress(data)) if packed else stored("a.arrow", data)
    wanted = np.array([0, 16, 39])

    found = list(read_ordinals(arrow.READER, file, ReadOptions(), wanted))

    assert [text for batch in found for text in batch.text.to_pylist()] == [WHOLE[n] for n in wanted]
    assert np.concatenate([batch.ordinal for batch in found]).tolist() == wanted.tolist()
    assert arrow.READER.starts(file).tolist() == ([0, 15, 30] if way[0] == "file" and not packed else [0])


def test_record_batches_without_wanted_rows_are_not_read(stored: Stored) -> None:
    data = bytearray(written(SAMPLE))
    place = data.index(b"document 1 ")
    data[place - 400 : place] = bytes(400)  # metadata of the first record batch

    picked = list(arrow.READER.pick(stored("a.arrow", bytes(data)), ReadOptions(), np.array([20]), None))

    assert [item.ordinal.tolist() for item in picked if isinstance(item, TextBatch)] in ([[20]], [])


@pytest.mark.parametrize(
    ("data", "code", "why"),
    [
        (b"", "cut", "is empty, which an Arrow file never is"),
        (b"ARROW1", "cut", "is cut off: the Arrow file stops after 6 bytes"),
        (b"ARROW1\0\0" + bytes(90), "cut", "is cut off: the Arrow file stops after 98 bytes"),
        (b"ARROW1\0\0" + bytes(90) + b"ARROW1", "corrupt", "the file has no footer"),
        (b'{"text":"a"}\n', "wrong_format", "is not an Arrow file: it does not begin like one"),
        (b"PAR1" + bytes(99), "wrong_format", "is not an Arrow file: it is Parquet"),
        (b"FEA1" + bytes(99), "wrong_format", "is Feather of version 1"),
        (written(SAMPLE, "stream")[:-8], "cut", "the Arrow stream has no end"),
        (written(SAMPLE, "stream") + b"more", "corrupt", "bytes follow the end of the Arrow stream"),
    ],
)
@pytest.mark.parametrize("mapped", [False, True])
def test_a_file_that_can_not_be_read_is_refused_with_the_reason(
    *, stored: Stored, seen: Seen, tmp_path: Path, data: bytes, code: str, why: str, mapped: bool
) -> None:
    found = seen(local(tmp_path / "a.arrow", data) if mapped else stored("a.arrow", data), "arrow")

    assert found.refused == code
    assert why in found.bad[-1].why


def test_an_arrow_file_that_is_cut_inside_a_compression_is_noticed(stored: Stored, seen: Seen) -> None:
    data = written(SAMPLE)

    for packed in (gzip.compress(data)[:-40], gzip.compress(data[:-40]), gzip.compress(data[:-6])):
        assert seen(stored("a.arrow.gz", packed), "arrow").refused == "cut"


def test_first_bytes_are_of_arrow_if_they_are_a_mark_or_a_schema() -> None:
    begins = arrow.READER.begins

    assert begins(written(SAMPLE)[:64], whole=False)
    assert begins(written(SAMPLE, "stream")[:300], whole=False)
    assert begins(written(SAMPLE, "stream")[4:300], whole=False)  # as Arrow wrote it before 0.15
    assert not begins(b"ARROW1 is a mark", whole=True)
    assert not begins(b"\xff\xff\xff\xff" + bytes(60), whole=True)
    assert not any(begins(bytes([n]) * 64, whole=True) or begins(bytes([n]), whole=True) for n in range(256))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_no_damage_crashes_hangs_or_loses_what_comes_before(
    *, stored: Stored, seen: Seen, tmp_path: Path, way: Any
) -> None:
    data = written(SAMPLE, *way)
    chance = random.Random(str(way))
    for number in range(70):
        spoilt = bytearray(data)
        if number < 20:
            del spoilt[chance.randrange(len(spoilt)) :]
        else:
            spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        file = local(tmp_path / f"{number}.arrow", bytes(spoilt)) if number % 2 else stored("a.arrow", bytes(spoilt))
        found = seen(file, "arrow", labels={"d": "d"})
        assert number >= 20 or found.refused in {"cut", "corrupt", "wrong_format"}
        assert len(found.texts) <= len(WHOLE)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["file", "stream"])
def test_lengths_beyond_all_memory_are_refused(stored: Stored, seen: Seen, kind: str, tmp_path: Path) -> None:
    data = written(SAMPLE, kind, "zstd")
    refused = 0
    for place in range(0, len(data) - 8, 8):
        spoilt = bytearray(data)
        spoilt[place : place + 8] = (1 << 60).to_bytes(8, "little")
        file = local(tmp_path / "a.arrow", bytes(spoilt)) if place % 16 else stored("a.arrow", bytes(spoilt))
        refused += seen(file, "arrow").refused is not None

    assert refused > len(data) / 80


def test_one_process_reads_many_files_one_after_the_other(stored: Stored, seen: Seen) -> None:
    file = stored("a.arrow", written(SAMPLE))
    seen(file, "arrow")
    worker = arrow_worker.IDLE.take()
    arrow_worker.IDLE.give(worker)

    for _ in range(3):
        assert seen(file, "arrow").texts == WHOLE
        assert isinstance(next(arrow.READER.read(file, ReadOptions(batch_documents=1))), TextBatch)  # and no more

    assert arrow_worker.IDLE.take() is worker
    arrow_worker.IDLE.give(worker)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("blow", "code", "why"),
    [
        (signal.SIGSEGV, "corrupt", "Arrow crashed when reading it (exit code -11)"),
        (signal.SIGKILL, "unreadable", "the system killed the process that read it"),
        (signal.SIGALRM, "corrupt", "Arrow did not finish reading it"),
        (signal.SIGSTOP, "corrupt", "Arrow did not finish reading it"),
    ],
)
def test_the_end_of_the_reading_process_is_the_end_of_its_file_alone(
    *, stored: Stored, seen: Seen, monkeypatch: pytest.MonkeyPatch, blow: signal.Signals, code: str, why: str
) -> None:
    monkeypatch.setattr(arrow_worker, "SECONDS", 4)
    monkeypatch.setattr(arrow_worker, "_GRACE", 0)
    file = stored("a.arrow", written(SAMPLE))
    arrow_worker.IDLE.end()
    worker = arrow_worker.IDLE.take()
    arrow_worker.IDLE.give(worker)

    reading = arrow.READER.read(file, ReadOptions(batch_documents=4))
    first = next(reading)
    os.kill(worker.process.pid, blow)
    rest = list(reading)

    assert isinstance(first, TextBatch)
    assert isinstance(rest[-1], BadRecord)
    assert (rest[-1].ordinal, rest[-1].code) == (None, code)
    assert why in rest[-1].why
    assert worker.process.poll() is not None
    assert seen(file, "arrow").texts == WHOLE


@pytest.mark.slow
def test_a_process_that_died_while_idle_is_replaced(stored: Stored, seen: Seen) -> None:
    file = stored("a.arrow", written(SAMPLE))
    worker = arrow_worker.IDLE.take()
    arrow_worker.IDLE.give(worker)
    worker.process.kill()
    worker.process.wait()

    assert seen(file, "arrow").texts == WHOLE


@pytest.mark.slow
def test_an_idle_process_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "IDLE_SECONDS", 0)
    worker = arrow_worker.IDLE.take()
    arrow_worker.IDLE.give(worker)

    worker.process.wait(5)


@pytest.mark.slow
def test_without_a_process_a_file_is_unreadable(stored: Stored, seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    arrow_worker.IDLE.end()
    monkeypatch.setattr(child_process, "START", "raise SystemExit(1)")

    found = seen(stored("a.arrow", written(SAMPLE)), "arrow")

    assert found.refused == "unreadable"
    assert "a process that reads for tokaudit can't be started" in found.bad[0].why


def test_a_file_that_fails_while_it_is_read_is_unreadable(
    stored: Stored, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, f"no {size} bytes there")

    monkeypatch.setattr(InputFile, "open", lambda _: Failing(b"1234"))

    assert seen(stored("a.arrow", b""), "arrow").refused == "unreadable"


@pytest.mark.slow
def test_files_are_read_in_several_threads_at_once(stored: Stored) -> None:
    file = stored("a.arrow", written(SAMPLE))
    found: list[list[str]] = []

    def read() -> None:
        for _ in range(5):
            batches = [each for each in arrow.READER.read(file, ReadOptions()) if isinstance(each, TextBatch)]
            found.append([text for batch in batches for text in batch.text.to_pylist()])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [WHOLE] * 20


PARENT = """
import sys, time
from tokaudit.readers.arrow import worker as arrow_worker
from tokaudit.readers.formats import arrow
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
worker = arrow_worker.IDLE.take()
arrow_worker.IDLE.give(worker)
reading = arrow.READER.read(InputFile(sys.argv[1], "a", 1, ""), ReadOptions(batch_documents=1))
next(reading)
print(worker.process.pid, flush=True)
time.sleep(60)
"""


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_reading_process_ends_with_its_parent(tmp_path: Path, blow: signal.Signals) -> None:
    file = local(tmp_path / "a.arrow", written(SAMPLE))
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, file.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.send_signal(blow)
        parent.wait()

    until = time.monotonic() + 10
    while is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(child)


def test_a_bomb_of_one_text_again_and_again_is_refused(stored: Stored, seen: Seen) -> None:
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int8()), ["a text " * 1_000])
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, pa.schema([("text", texts.type)])) as writer:
        writer.write_table(pa.table({"text": texts}))
    file = stored("a.arrow", sink.getvalue())

    assert seen(file, "arrow", limits=Limits(ratio_from=10_000_000)).refused == "too_large"
    assert len(seen(file, "arrow").texts) == 20_000
