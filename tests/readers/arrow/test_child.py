"""The process that reads Arrow files, here a thread: what it answers to whole files, refusals and stops."""

import gzip
import io
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.readers.arrow import child as arrow_child
from tokaudit.readers.arrow import worker as arrow_worker
from tokaudit.readers.arrow.messages import packed, unpacked
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import arrow
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.processes import worker as processes
from tokaudit.readers.processes.channel import Channel, ClosedError

TEXTS = [f"document {n}" for n in range(30)]
ALARMS: list[int] = []


def written(table: pa.Table, kind: str, **options: Any) -> bytes:
    sink = io.BytesIO()
    made = {"file": pa.ipc.new_file, "stream": pa.ipc.new_stream}[kind]
    with made(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=10)
    return sink.getvalue()


class Lives:
    """The part of a process that a thread has, too."""

    def poll(self) -> int | None:
        """Nothing: it has no exit code."""
        return None

    def wait(self, timeout: float | None = None) -> int:  # noqa: ARG002 - as `Popen.wait`
        """An exit code."""
        return 0


class ThreadWorker(processes.Worker):
    """A worker whose process is a thread of this one."""

    def __init__(self, module: str, drop: Callable[[processes.Worker], bool]) -> None:
        assert module == "tokaudit.readers.arrow.child"
        self._drop = drop
        theirs, ours = os.pipe()
        self.back, there = os.pipe()
        self.channel = Channel(os.fdopen(self.back, "rb", buffering=0), os.fdopen(ours, "wb", buffering=0))
        other = Channel(os.fdopen(theirs, "rb", buffering=0), os.fdopen(there, "wb", buffering=0))
        self.late = self.idle = False
        self._left = None
        self._counting, self._ended = threading.Lock(), threading.Event()
        self.process: Any = Lives()
        self.thread = threading.Thread(target=self.serve, args=[other], daemon=True)
        self.thread.start()
        self._ready = False

    def serve(self, other: Channel) -> None:
        """Answer until the pipes are closed."""
        try:
            arrow_child.serve(other)
        finally:
            other.close()


@pytest.fixture(autouse=True)
def _threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have threads read, without alarms and without limits of memory for this process."""
    arrow_worker.IDLE.end()
    monkeypatch.setattr(processes, "Worker", ThreadWorker)
    monkeypatch.setattr(arrow_child, "limit_memory", lambda _: None)
    monkeypatch.setattr(signal, "alarm", ALARMS.append)
    yield
    arrow_worker.IDLE.end()
    assert ALARMS[-1:] in ([], [0])


def found_in(file: InputFile, wanted: list[int] | None = None, **options: Any) -> tuple[list[str], str | None]:
    """The texts of a file, and the code of its fault."""
    given = ReadOptions(**options)
    if wanted is None:
        found = list(arrow.READER.read(file, given))
    else:
        found = list(arrow.READER.pick(file, given, np.array(wanted), None))
    texts = [text for each in found if isinstance(each, TextBatch) for text in each.text.to_pylist()]
    return texts, next((each.code for each in found if isinstance(each, BadRecord)), None)


def places(data: bytes, folder: Path) -> list[InputFile]:
    """The same file on disk, in memory, and compressed."""
    (folder / "a.arrow").write_bytes(data)
    (folder / "a.arrow.gz").write_bytes(gzip.compress(data))
    return [
        InputFile(str(folder / "a.arrow"), "a", len(data), ""),
        InputFile("/none/a.arrow", "a", len(data), "", data=data),
        InputFile(str(folder / "a.arrow.gz"), "a", 10, ""),
    ]


@pytest.mark.parametrize("kind", ["file", "stream"])
@pytest.mark.parametrize("legacy", [False, True])
def test_files_are_read_wherever_they_are(*, tmp_path: Path, kind: str, legacy: bool) -> None:
    data = written(pa.table({"n": range(30), "text": TEXTS}), kind, use_legacy_format=legacy)

    for file in places(data, tmp_path):
        assert found_in(file) == (TEXTS, None)
        assert found_in(file, labels={"n": "n"}, batch_bytes=20) == (TEXTS, None)
        assert found_in(file, [3]) == ([TEXTS[3]], None)
        assert found_in(file, [29]) == ([TEXTS[29]], None)
        assert found_in(file, text_fields=("none",)) == ([], "no_text")
        assert arrow.READER.has_field(file, ["text"])


def test_a_file_without_rows_has_no_documents(tmp_path: Path) -> None:
    empty = pa.table({"text": pa.array([], pa.string())})

    for kind in ("file", "stream"):
        assert [found_in(file) for file in places(written(empty, kind), tmp_path)] == [([], None)] * 3


def test_what_is_not_arrow_or_is_cut_is_refused(tmp_path: Path) -> None:
    file = written(pa.table({"text": TEXTS}), "file")
    stream = written(pa.table({"text": TEXTS}), "stream")
    given = {
        b"": "cut",
        b"ARRO": "cut",
        file[:-1]: "cut",
        file[:9]: "cut",
        b"words": "wrong_format",
        b"PAR1....": "wrong_format",
        b"FEA1....": "wrong_format",
        stream[:-8]: "cut",
        stream[:-100]: "corrupt",
        stream + b"?": "corrupt",
        stream[:-8] + bytes(8): "cut",
        file[:8] + bytes(len(file) - 14) + b"ARROW1": "corrupt",
    }

    for data, code in given.items():
        codes = [found_in(each)[1] for each in places(data, tmp_path)]
        assert codes[0] == codes[1] == code, data[:20]
        assert codes[2] is not None


def test_a_reading_that_is_given_up_leaves_a_worker_for_the_next(tmp_path: Path) -> None:
    for file in places(written(pa.table({"text": TEXTS}), "file"), tmp_path):
        reading = arrow.READER.read(file, ReadOptions(batch_documents=1))
        assert isinstance(next(reading), TextBatch)
        reading.close()  # type: ignore[attr-defined] # a generator
        worker = arrow_worker.IDLE.take()
        assert isinstance(worker, ThreadWorker)
        arrow_worker.IDLE.give(worker)
        assert found_in(file) == (TEXTS, None)


def test_a_file_that_vanishes_or_fails_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(pa.table({"text": TEXTS}), "file")
    local, held, _ = places(data, tmp_path)

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, f"no {size} bytes there")

    with monkeypatch.context() as patch:
        patch.setattr(InputFile, "open", lambda _: Failing(data))
        assert found_in(held) == ([], "unreadable")
        Path(local.path).unlink()
        assert found_in(local) == ([], "unreadable")
    assert found_in(held) == (TEXTS, None)


def test_what_is_found_comes_out_of_a_message_as_it_went_in() -> None:
    bad = BadRecord(3, None, "null_text", "is null")
    labels = {"a": pa.array(["x", None]), "text": pa.array([None, "y"])}
    batch = TextBatch(pa.array(["é", ""], pa.large_string()), np.array([4, 9]), pa.nulls(2, pa.int64()), labels, 7, "f")

    header, payload = packed(batch)
    again = unpacked(header, np.frombuffer(payload, np.uint8))

    assert unpacked(packed(bad)[0], np.empty(0, np.uint8)) == bad
    assert isinstance(again, TextBatch)
    assert (again.text, again.ordinal.tolist(), again.offset) == (batch.text, [4, 9], batch.offset)
    assert (dict(again.labels), again.position, again.text_field) == (labels, 7, "f")


def test_a_message_that_is_cut_or_of_other_columns_is_refused() -> None:
    batch = TextBatch(pa.array(["é", ""], pa.large_string()), np.array([4, 9]), pa.nulls(2, pa.int64()))
    header, payload = packed(batch)
    others = [packed(replace(batch, text=text))[1] for text in (pa.array(["a", "b"]), pa.array([None, "b"]))]
    wrong = [(header, other) for other in others]
    wrong += [({"kind": "batch"}, payload), ({"kind": "bad", "record": {"x": 1}}, payload), ({}, payload)]
    wrong += [(header, payload[:size]) for size in range(0, payload.nbytes - 60, 40)]

    for each, data in wrong:
        with pytest.raises(ClosedError):
            unpacked(each, np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8))
